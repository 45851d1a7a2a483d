package dev.usher.policy;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds rules that can never make a difference, as far as that can be seen from their text. */
final class Shadows {
  /** Every rule is compared with every other. */
  private static final int MOST = 1_000;

  private Shadows() {}

  static void report(List<Rule> rules, String service, Place place, Problems problems) {
    if (rules.size() > MOST) {
      problems.warning(
          place,
          "%s has %d rules; rules that never matter are looked for among at most %d",
          service,
          rules.size(),
          MOST);
      return;
    }
    boolean joinable = false;
    for (Rule rule : rules) {
      String why = whyPointless(rule, rules);
      if (why != null) {
        problems.warning(rule.place(), "rule `%s` never matters: %s", rule.name(), why);
      }
      joinable |= rule.effect() == Effect.PERMIT && !isForbiddenWhole(rule, rules);
    }
    if (!joinable) {
      String why =
          rules.stream().anyMatch(rule -> rule.effect() == Effect.PERMIT)
              ? "every `permit` is under a `forbid`"
              : "it has no `permit`";
      problems.warning(place, "nobody can join %s: %s", service, why);
    }
  }

  private static @Nullable String whyPointless(Rule rule, List<Rule> rules) {
    if (neverMatches(rule)) {
      return "its domains, addresses and exclusions leave nobody";
    }
    for (Rule other : rules) {
      if (other.place().equals(rule.place())) {
        continue;
      }
      boolean stronger = other.effect() == Effect.FORBID;
      if (stronger && rule.effect() == Effect.PERMIT && covers(other, rule)) {
        return "`forbid: " + other.name() + "` forbids all that it permits";
      }
      boolean alike = other.effect() == rule.effect();
      boolean both = alike && covers(other, rule) && speaksFor(other, rule);
      boolean first =
          !both || !covers(rule, other) || !speaksFor(rule, other) || isBefore(other, rule);
      if (both && first && other.grants().containsAll(rule.grants())) {
        return "`" + other.effect().text() + ": " + other.name() + "` matches whenever it does";
      }
    }
    return null;
  }

  private static boolean isForbiddenWhole(Rule permit, List<Rule> rules) {
    return neverMatches(permit)
        || rules.stream().anyMatch(rule -> rule.effect() == Effect.FORBID && covers(rule, permit));
  }

  private static boolean isBefore(Rule one, Rule other) {
    return one.place().line() < other.place().line()
        || (one.place().line() == other.place().line()
            && one.place().column() < other.place().column());
  }

  private static boolean neverMatches(Rule rule) {
    for (Matcher matcher : rule.matchers()) {
      if (matcher instanceof Matcher.Domain(Among<DomainPattern> patterns)
          && !patterns.any().isEmpty()
          && patterns.any().stream()
              .allMatch(any -> patterns.none().stream().anyMatch(none -> none.covers(any)))) {
        return true;
      }
      if (matcher instanceof Matcher.Email(Among<EmailPattern> patterns)
          && !patterns.any().isEmpty()
          && patterns.any().stream()
              .allMatch(any -> any.domain() != null && !rule.allowsSomeOf(any.domain()))) {
        return true;
      }
    }
    return false;
  }

  /** Whether whoever the narrow rule matches, the wide one matches too. */
  private static boolean covers(Rule wide, Rule narrow) {
    boolean expression = wide.when() == null || Objects.equals(wide.when(), narrow.when());
    return expression
        && wide.matchers().stream()
            .allMatch(w -> narrow.matchers().stream().anyMatch(n -> implies(n, w)));
  }

  /** Whether the one permit passes the gates that the other passes. */
  private static boolean speaksFor(Rule wide, Rule narrow) {
    boolean addresses =
        narrow.matchers().stream().noneMatch(Matcher.Email.class::isInstance)
            || wide.matchers().stream().anyMatch(Matcher.Email.class::isInstance);
    return addresses
        && (wide.guests() || !narrow.guests())
        && (wide.namesDomains() || !narrow.namesDomains());
  }

  private static boolean implies(Matcher narrow, Matcher wide) {
    if (narrow.equals(wide)) {
      return true;
    }
    return switch (wide) {
      case Matcher.Domain(Among<DomainPattern> patterns) ->
          narrow instanceof Matcher.Domain(Among<DomainPattern> few)
              && patterns.none().isEmpty()
              && !few.any().isEmpty()
              && few.any().stream()
                  .allMatch(one -> patterns.any().stream().anyMatch(any -> any.covers(one)));
      case Matcher.Group(Among<String> names) ->
          narrow instanceof Matcher.Group(Among<String> few) && isSubset(few, names);
      case Matcher.FromIssuer(Among<String> names) ->
          narrow instanceof Matcher.FromIssuer(Among<String> few) && isSubset(few, names);
      case Matcher.Application(Among<String> names) ->
          narrow instanceof Matcher.Application(Among<String> few) && isSubset(few, names);
      case Matcher.Country(Among<String> names) ->
          narrow instanceof Matcher.Country(Among<String> few) && isSubset(few, names);
      case Matcher.InNetwork(Among<Network> networks) ->
          narrow instanceof Matcher.InNetwork(Among<Network> few) && isSubset(few, networks);
      case Matcher.Email email -> false;
      case Matcher.Methods methods -> false;
      case Matcher.MultiFactor mfa -> false;
      case Matcher.Context context -> false;
      case Matcher.Attribute attribute -> false;
      case Matcher.From from -> false;
      case Matcher.Until until -> false;
      case Matcher.Hours hours -> false;
    };
  }

  private static <T> boolean isSubset(Among<T> few, Among<T> many) {
    return many.none().isEmpty() && !few.any().isEmpty() && many.any().containsAll(few.any());
  }
}
