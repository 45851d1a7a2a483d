package dev.usher.provisioning.person;

import org.jspecify.annotations.Nullable;

/**
 * What a service is told of a person, and a bot needs to greet them. All of it is personal data.
 *
 * @param email the normalized address
 * @param userName the name the person signs in with, as the IdP says
 * @param displayName the full name for display
 * @param givenName OpenID Connect {@code given_name}
 * @param familyName OpenID Connect {@code family_name}
 * @param locale a BCP 47 tag
 * @param timeZone an IANA name
 */
public record Profile(
    @Nullable String email,
    @Nullable String userName,
    @Nullable String displayName,
    @Nullable String givenName,
    @Nullable String familyName,
    @Nullable String locale,
    @Nullable String timeZone) {

  /** The same person under the address in its normalized form; null if there is none. */
  public Profile withEmail(@Nullable String normalized) {
    return new Profile(normalized, userName, displayName, givenName, familyName, locale, timeZone);
  }

  /** The same, with what it does not say as it was known before. */
  public Profile withUnknownFrom(Profile before) {
    return new Profile(
        email == null ? before.email : email,
        userName == null ? before.userName : userName,
        displayName == null ? before.displayName : displayName,
        givenName == null ? before.givenName : givenName,
        familyName == null ? before.familyName : familyName,
        locale == null ? before.locale : locale,
        timeZone == null ? before.timeZone : timeZone);
  }

  /** Says nothing of the person, so that a key or a stack trace can be logged safely. */
  @Override
  public String toString() {
    return "Profile[personal]";
  }
}
