package dev.usher.policy;

import org.jspecify.annotations.Nullable;

/**
 * A domain, or all domains below one.
 *
 * @param name normalized, without the `*.`
 * @param below whether it means the subdomains and not the domain itself
 */
record DomainPattern(String name, boolean below) {

  /** Reads `acme.example` or `*.acme.example`; null for anything else. */
  static @Nullable DomainPattern parse(String text) {
    boolean below = text.startsWith("*.");
    return DomainName.parse(below ? text.substring(2) : text)
            instanceof DomainName.Good(String name)
        ? new DomainPattern(name, below)
        : null;
  }

  boolean matches(String domain) {
    if (!below) {
      return domain.equals(name);
    }
    int dot = domain.length() - name.length() - 1;
    return dot > 0 && domain.charAt(dot) == '.' && domain.endsWith(name);
  }

  /** Whether every domain of the other is one of this. */
  boolean covers(DomainPattern other) {
    return other.below
        ? below && (other.name.equals(name) || matches(other.name))
        : matches(other.name);
  }

  boolean overlaps(DomainPattern other) {
    return covers(other) || other.covers(this);
  }

  @Override
  public String toString() {
    return below ? "*." + name : name;
  }
}
