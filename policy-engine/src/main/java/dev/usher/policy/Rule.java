package dev.usher.policy;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a service's join policy.
 *
 * @param name unique in its service
 * @param effect permit or forbid
 * @param guests whether a permit is for guests of the directory too
 * @param matchers all must hold
 * @param when the expression that must hold too, asked last; null if there is none
 * @param grants what a permit grants
 * @param place where its name stands in the file
 */
record Rule(
    String name,
    Effect effect,
    boolean guests,
    List<Matcher> matchers,
    @Nullable Expression when,
    List<Entitlement> grants,
    Place place) {
  Rule {
    matchers = List.copyOf(matchers);
    grants = List.copyOf(grants);
  }

  /** The domains it asks for, stated as such or by addresses that all have one. */
  Among<DomainPattern> domains() {
    Among<DomainPattern> stated = new Among<>(List.of(), List.of());
    for (Matcher matcher : matchers) {
      if (matcher instanceof Matcher.Domain(Among<DomainPattern> patterns)) {
        stated = patterns;
      }
    }
    for (Matcher matcher : matchers) {
      if (stated.any().isEmpty()
          && matcher instanceof Matcher.Email(Among<EmailPattern> patterns)) {
        List<DomainPattern> of =
            patterns.any().stream()
                .flatMap(pattern -> Stream.ofNullable(pattern.domain()))
                .distinct()
                .toList();
        boolean all = patterns.any().stream().allMatch(pattern -> pattern.domain() != null);
        stated = all ? new Among<>(of, stated.none()) : stated;
      }
    }
    return stated;
  }

  /** The networks it asks for. */
  Among<Network> networks() {
    for (Matcher matcher : matchers) {
      if (matcher instanceof Matcher.InNetwork(Among<Network> networks)) {
        return networks;
      }
    }
    return new Among<>(List.of(), List.of());
  }

  /**
   * Whether the rule, if it matches, has named the person's domain: by a domain, or by addresses
   * that all have one. Excluding domains names none.
   */
  boolean namesDomains() {
    for (Matcher matcher : matchers) {
      if (matcher instanceof Matcher.Domain(Among<DomainPattern> patterns)
          && !patterns.any().isEmpty()) {
        return true;
      }
      if (matcher instanceof Matcher.Email(Among<EmailPattern> patterns)
          && !patterns.any().isEmpty()
          && patterns.any().stream().allMatch(pattern -> pattern.domain() != null)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the rule's domains and addresses, looked at alone, let this domain through. */
  boolean allowsDomain(String domain) {
    for (Matcher matcher : matchers) {
      if (matcher instanceof Matcher.Domain(Among<DomainPattern> patterns)
          && !patterns.holds(pattern -> pattern.matches(domain))) {
        return false;
      }
      if (matcher instanceof Matcher.Email(Among<EmailPattern> patterns)
          && !patterns.any().isEmpty()
          && patterns.any().stream().noneMatch(pattern -> at(pattern.domain(), domain))) {
        return false;
      }
    }
    return true;
  }

  /** Whether the rule's domains, looked at alone, let some domain of the pattern through. */
  boolean allowsSomeOf(DomainPattern pattern) {
    for (Matcher matcher : matchers) {
      if (matcher instanceof Matcher.Domain(Among<DomainPattern> patterns)
          && ((!patterns.any().isEmpty()
                  && patterns.any().stream().noneMatch(any -> any.overlaps(pattern)))
              || patterns.none().stream().anyMatch(none -> none.covers(pattern)))) {
        return false;
      }
    }
    return true;
  }

  private static boolean at(@Nullable DomainPattern pattern, String domain) {
    return pattern == null || pattern.matches(domain);
  }

  /** Whether the rule names exactly this address, letter for letter. */
  boolean namesAddress(EmailAddress email) {
    for (Matcher matcher : matchers) {
      if (matcher instanceof Matcher.Email(Among<EmailPattern> patterns)
          && patterns.any().stream().anyMatch(pattern -> pattern.names(email))) {
        return true;
      }
    }
    return false;
  }
}
