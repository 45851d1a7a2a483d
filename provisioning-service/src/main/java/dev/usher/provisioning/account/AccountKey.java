package dev.usher.provisioning.account;

import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.tenant.ServiceKey;

/**
 * The account's identity, and the {@code externalId} it carries in the service: {@code
 * tenant/issuer/subject/service}.
 *
 * @param person whose account it is
 * @param service the service's name in the tenant's file
 */
public record AccountKey(PersonKey person, String service) {

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if the text is not {@code tenant/issuer/subject/service}
   */
  public static AccountKey parse(String text) {
    int slash = text.lastIndexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "`" + text + "` is no account; expected `tenant/issuer/subject/service`");
    }
    return new AccountKey(PersonKey.parse(text.substring(0, slash)), text.substring(slash + 1));
  }

  /** The service the account is in. */
  public ServiceKey serviceKey() {
    return new ServiceKey(person.tenant(), service);
  }

  /** A name for logs, without what may be personal. */
  public String inLogs() {
    return person.inLogs() + "/" + service;
  }

  @Override
  public String toString() {
    return person + "/" + service;
  }
}
