package dev.usher.policy;

import org.jspecify.annotations.Nullable;

/**
 * Addresses by a glob on the local part, at one domain or at any.
 *
 * @param localPart the glob
 * @param domain null for any domain
 */
record EmailPattern(Glob localPart, @Nullable DomainPattern domain) {
  boolean matches(EmailAddress email) {
    return (domain == null || domain.matches(email.domain()))
        && localPart.matches(email.localPart());
  }

  /** Whether it names exactly this address, letter for letter. */
  boolean names(EmailAddress email) {
    return domain != null
        && !domain.below()
        && localPart.literal()
        && localPart.text().equals(email.localPart())
        && domain.name().equals(email.domain());
  }

  @Override
  public String toString() {
    return domain == null ? localPart.text() : localPart.text() + "@" + domain;
  }
}
