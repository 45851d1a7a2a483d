package dev.usher.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A service's rules in the order in which they are named in decisions, and its decisions, made
 * once.
 */
final class ServicePolicy {
  private final Service service;
  private final List<Rule> rules;
  private final List<Rule> forbids;
  private final List<Rule> permits;
  private final Map<Reason, Decision> refusals = new EnumMap<>(Reason.class);

  ServicePolicy(Service service, List<Rule> rules) {
    this.service = service;
    this.rules = List.copyOf(rules);
    this.forbids = named(rules, Effect.FORBID);
    this.permits = named(rules, Effect.PERMIT);
    for (Reason reason : Reason.values()) {
      refusals.put(reason, refused(reason, null, null, reason.sentence()));
    }
  }

  private static List<Rule> named(List<Rule> rules, Effect effect) {
    return rules.stream()
        .filter(rule -> rule.effect() == effect)
        .sorted(Comparator.comparing(Rule::name))
        .toList();
  }

  Service service() {
    return service;
  }

  /** In the file's order. */
  List<Rule> rules() {
    return rules;
  }

  /** By name: the order of rules in the file decides nothing, not even which one is named. */
  List<Rule> forbids() {
    return forbids;
  }

  /** By name. */
  List<Rule> permits() {
    return permits;
  }

  /** A refusal that no rule made. */
  Decision refusal(Reason reason) {
    Decision decision = refusals.get(reason);
    return decision == null ? refused(reason, null, null, reason.sentence()) : decision;
  }

  /**
   * A forbid that matches, or may match.
   *
   * @param missing the unknown fact that it rests on; null if it matches
   */
  Decision forbidden(Rule rule, @Nullable String missing) {
    String sentence =
        missing == null
            ? "`%s` forbids it.".formatted(rule.name())
            : "`%s` forbids it unless `%s` shows otherwise, and that is unknown."
                .formatted(rule.name(), missing);
    return refused(Reason.FORBIDDEN, rule.name(), missing, sentence);
  }

  /** No permit matches, and one of them rests on an unknown fact. */
  Decision notPermitted(Rule rule, @Nullable String missing) {
    String sentence =
        "No permit matches; `%s` asks for `%s`, which is unknown.".formatted(rule.name(), missing);
    return refused(Reason.NO_PERMIT_MATCHED, null, missing, sentence);
  }

  /** A rule that could not be evaluated. */
  Decision failed(Rule rule, @Nullable String what) {
    String sentence =
        "`%s` could not be evaluated (%s), which forbids it.".formatted(rule.name(), what);
    return refused(Reason.RULE_ERROR, rule.name(), null, sentence);
  }

  /**
   * Permitted by all of these.
   *
   * @param matched by name, at least one
   */
  Decision permitted(List<Rule> matched) {
    Set<Entitlement> granted = new LinkedHashSet<>();
    matched.forEach(rule -> granted.addAll(rule.grants()));
    Rule first = matched.getFirst();
    return new Decision(
        service,
        Outcome.PERMITTED,
        Reason.PERMITTED,
        first.name(),
        null,
        new ArrayList<>(granted),
        "`%s` permits it.".formatted(first.name()));
  }

  /** The first of two permits with what the second grants too. */
  Decision adding(Decision first, Decision second) {
    Set<Entitlement> granted = new LinkedHashSet<>(first.entitlements());
    granted.addAll(second.entitlements());
    return new Decision(
        service,
        Outcome.PERMITTED,
        Reason.PERMITTED,
        first.rule(),
        null,
        new ArrayList<>(granted),
        first.sentence());
  }

  private Decision refused(
      Reason reason, @Nullable String rule, @Nullable String missing, String sentence) {
    return new Decision(service, Outcome.REFUSED, reason, rule, missing, List.of(), sentence);
  }
}
