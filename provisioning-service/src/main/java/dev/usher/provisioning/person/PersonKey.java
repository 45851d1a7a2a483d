package dev.usher.provisioning.person;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The person's identity: a subject at an issuer of a tenant. Its text form is {@code
 * tenant/issuer/subject} with the subject percent-encoded (RFC 3986), so that it splits without
 * doubt. The e-mail address is no part of it.
 *
 * @param tenant the tenant's id, a slug
 * @param issuer the issuer's short id in the tenant's file, a slug
 * @param subject the person at the issuer ({@code sub}), never empty
 */
public record PersonKey(String tenant, String issuer, String subject) {

  public PersonKey {
    if (tenant.isEmpty() || issuer.isEmpty() || subject.isEmpty()) {
      throw new IllegalArgumentException("a person has a tenant, an issuer and a subject");
    }
    if (tenant.indexOf('/') >= 0 || issuer.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "`" + tenant + "` and `" + issuer + "` must be slugs, since `/` stands between them");
    }
    if (!isText(subject)) {
      // Half a character has no bytes of its own, so that two subjects would share a key.
      throw new IllegalArgumentException("a subject must be text that UTF-8 can encode");
    }
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if the text is not {@code tenant/issuer/subject}
   */
  public static PersonKey parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException(
          "`" + text + "` is no person; expected `tenant/issuer/subject`");
    }
    return new PersonKey(parts[0], parts[1], URLDecoder.decode(parts[2], StandardCharsets.UTF_8));
  }

  /**
   * A name for logs: the same for the same person and nobody's otherwise, as the subject may be
   * personal. The first half is readable, the rest is of a SHA-256 of the key.
   */
  public String inLogs() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(toString().getBytes(StandardCharsets.UTF_8));
      return tenant + '/' + issuer + "/~" + HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static boolean isText(String subject) {
    for (int i = 0; i < subject.length(); i++) {
      char c = subject.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < subject.length()
                && Character.isLowSurrogate(subject.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /**
   * By hand, as the subject differs most often, and a record's own costs a sign-in a tenth more.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PersonKey that
        && subject.equals(that.subject)
        && issuer.equals(that.issuer)
        && tenant.equals(that.tenant);
  }

  @Override
  public int hashCode() {
    return (tenant.hashCode() * 31 + issuer.hashCode()) * 31 + subject.hashCode();
  }

  @Override
  public String toString() {
    return tenant + '/' + issuer + '/' + encoded(subject);
  }

  private static String encoded(String subject) {
    for (int i = 0; i < subject.length(); i++) {
      if (!unreserved(subject.charAt(i))) {
        // The form encoding differs from RFC 3986 in these two.
        return URLEncoder.encode(subject, StandardCharsets.UTF_8)
            .replace("+", "%20")
            .replace("*", "%2A");
      }
    }
    return subject;
  }

  private static boolean unreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_';
  }
}
