package dev.usher.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One rule made ready: what the tables have not answered yet, and its decisions, made once. */
final class Ruling {
  private final Rule rule;
  private final ServicePolicy policy;
  private final int service;
  private final Matcher[] matchers;
  private final @Nullable GroupMask groups;
  private final Decision matched;
  private final Decision[] unknown;

  /**
   * Makes a rule ready.
   *
   * @param service the index of its service
   */
  Ruling(Rule rule, ServicePolicy policy, int service, GroupNumbers numbers) {
    this.rule = rule;
    this.policy = policy;
    this.service = service;
    this.matchers =
        rule.matchers().stream()
            .filter(matcher -> !(matcher instanceof Matcher.Domain))
            .toArray(Matcher[]::new);
    this.groups = mask(rule, numbers);
    boolean forbid = rule.effect() == Effect.FORBID;
    this.matched = forbid ? policy.forbidden(rule, null) : policy.permitted(List.of(rule));
    this.unknown = new Decision[matchers.length];
    for (int i = 0; i < matchers.length; i++) {
      String fact = matchers[i].fact();
      unknown[i] = forbid ? policy.forbidden(rule, fact) : policy.notPermitted(rule, fact);
    }
  }

  private static @Nullable GroupMask mask(Rule rule, GroupNumbers numbers) {
    for (Matcher matcher : rule.matchers()) {
      if (matcher instanceof Matcher.Group(Among<String> groups)) {
        return new GroupMask(groups, numbers);
      }
    }
    return null;
  }

  Rule rule() {
    return rule;
  }

  int service() {
    return service;
  }

  boolean forbids() {
    return rule.effect() == Effect.FORBID;
  }

  /**
   * The decision this rule makes or asks for; null if it does not match. Domain and network have
   * been looked up and let the person through, except that an unknown address is still unknown.
   *
   * @param first the person's groups as {@link GroupNumbers} has them; nothing if they are unknown
   * @param further the same
   */
  @Nullable Decision judge(Sighting sighting, long first, long[] further) {
    int lacking = -1;
    for (int i = 0; i < matchers.length; i++) {
      Truth truth = ask(matchers[i], sighting, first, further);
      if (truth == Truth.FALSE) {
        return null;
      }
      if (truth == Truth.UNKNOWN && lacking < 0) {
        lacking = i;
      }
    }
    Expression when = rule.when();
    if (when == null || (lacking >= 0 && !forbids())) {
      return lacking < 0 ? matched : unknown[lacking];
    }
    return judge(when.evaluate(sighting, policy.service()), lacking);
  }

  private @Nullable Decision judge(Answer answer, int lacking) {
    return switch (answer.truth()) {
      case TRUE -> lacking < 0 ? matched : unknown[lacking];
      case FALSE -> null;
      case ERROR -> policy.failed(rule, answer.detail());
      case UNKNOWN -> {
        if (lacking >= 0) {
          yield unknown[lacking];
        }
        yield forbids()
            ? policy.forbidden(rule, answer.detail())
            : policy.notPermitted(rule, answer.detail());
      }
    };
  }

  private Truth ask(Matcher matcher, Sighting sighting, long first, long[] further) {
    if (matcher instanceof Matcher.InNetwork) {
      return sighting.ip() == null ? Truth.UNKNOWN : Truth.TRUE;
    }
    if (matcher instanceof Matcher.Group && groups != null) {
      return sighting.facts().groups() == null
          ? Truth.UNKNOWN
          : Truth.of(groups.holds(first, further));
    }
    return matcher.test(sighting);
  }
}
