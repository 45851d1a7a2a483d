package dev.usher.provisioning.provision.connector;

import dev.usher.policy.Entitlement;
import dev.usher.provisioning.person.Profile;
import java.util.List;
import java.util.Map;

/**
 * The account as it shall be.
 *
 * @param externalId our key of it, by which it is ours wherever it is found
 * @param userName its name in the service
 * @param profile what the service is told of the person
 * @param attributes further ones of the person by name, as the identity provider stated them
 * @param entitlements what comes with it, such as groups in the service
 */
public record DesiredAccount(
    String externalId,
    String userName,
    Profile profile,
    Map<String, String> attributes,
    List<Entitlement> entitlements) {

  public DesiredAccount {
    attributes = Map.copyOf(attributes);
    entitlements = List.copyOf(entitlements);
  }

  /** Says nothing of the person. */
  @Override
  public String toString() {
    return "DesiredAccount[personal]";
  }
}
