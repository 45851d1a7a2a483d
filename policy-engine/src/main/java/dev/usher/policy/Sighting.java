package dev.usher.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A person who has passed the gates that all services share, as rules see them.
 *
 * @param facts what was said
 * @param issuer who said it
 * @param email the normalized address
 * @param ip where the person is, behind the proxies that the issuer trusts; null is unknown
 */
record Sighting(Facts facts, Issuer issuer, EmailAddress email, @Nullable IpAddress ip)
    implements Passage {

  /** Whether several factors were used: the issuer's own word first, then `mfa` in `amr`. */
  @Nullable Boolean mfa() {
    if (facts.multiFactor() != null) {
      return facts.multiFactor();
    }
    List<String> methods = facts.authenticationMethods();
    return methods == null ? null : (Boolean) methods.contains("mfa");
  }

  boolean guest() {
    return facts.userKind() == UserKind.GUEST;
  }
}
