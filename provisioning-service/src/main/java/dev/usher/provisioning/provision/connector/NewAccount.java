package dev.usher.provisioning.provision.connector;

import dev.usher.provisioning.person.Profile;

/**
 * The account to be.
 *
 * @param externalId our key of it, by which it is ours wherever it is found
 * @param userName its name in the service
 * @param profile what the service is told of the person
 */
public record NewAccount(String externalId, String userName, Profile profile) {

  /** Says nothing of the person. */
  @Override
  public String toString() {
    return "NewAccount[personal]";
  }
}
