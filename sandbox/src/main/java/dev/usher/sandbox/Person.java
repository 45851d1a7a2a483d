package dev.usher.sandbox;

import java.util.List;
import java.util.Optional;

/**
 * Somebody, or something, that signs in at a {@link Company}'s identity provider.
 *
 * @param kind what there is to know about them; shows in the fields
 * @param issuer the identity provider that vouches for them
 * @param subject their id there
 * @param email their address, as the identity provider states it
 * @param emailVerified what the identity provider says of the address; empty if it does not say
 * @param groups empty if the identity provider does not say; an empty list if there are none
 * @param locale BCP 47
 * @param timeZone IANA
 * @param office the network they are in at work; empty for those who never come
 * @param home their address at home, outside of every office
 * @param applications the client ids of what they use
 */
public record Person(
    Kind kind,
    String issuer,
    String subject,
    String givenName,
    String familyName,
    String email,
    Optional<Boolean> emailVerified,
    Optional<List<String>> groups,
    String locale,
    String timeZone,
    Optional<Office> office,
    String home,
    List<String> applications) {

  /** What a person is to the company. */
  public enum Kind {
    EMPLOYEE,
    INTERN,
    /** Works at another company, is in the group {@code partners}, and is at times in an office. */
    PARTNER,
    /** A guest of the directory from a customer. */
    GUEST,
    /** Has an address at a public mail provider. */
    OUTSIDER,
    /** An employee of whom the identity provider says that the address is not verified. */
    UNVERIFIED,
    /** A program with an account of its own. */
    SERVICE_PRINCIPAL,
    /** Vouched for by an issuer that belongs to no tenant, with an address as of an employee. */
    STRANGER
  }

  /** The name to show. */
  public String displayName() {
    return givenName + " " + familyName;
  }
}
