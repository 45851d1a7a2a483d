package dev.usher.policy;

import dev.usher.policy.Explanation.Match;
import dev.usher.policy.Explanation.Mismatch;
import dev.usher.policy.Explanation.RuleTrace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says of every rule why it did what it did. */
final class Explaining {
  /** The most of a fact that a sentence quotes; as data it is whole. */
  private static final int LONGEST = 200;

  private Explaining() {}

  static Explanation explain(
      TenantPolicy tenant, ServicePolicy policy, Passage passage, Decision decision) {
    return switch (passage) {
      case Passage.Stopped stopped -> new Explanation(decision, List.of(), decision.sentence());
      case Sighting sighting -> {
        List<Rule> eligible = new ArrayList<>(policy.permits());
        boolean gated = Interpreter.gate(tenant, eligible, sighting) != null;
        List<RuleTrace> traces = new ArrayList<>();
        for (Rule rule : policy.rules()) {
          boolean speaks = rule.effect() == Effect.FORBID ? !gated : eligible.contains(rule);
          traces.add(trace(tenant, rule, speaks, sighting, policy.service()));
        }
        yield new Explanation(decision, traces, sentence(decision, traces));
      }
    };
  }

  private static RuleTrace trace(
      TenantPolicy tenant, Rule rule, boolean speaks, Sighting sighting, Service service) {
    String effect = rule.effect().text();
    if (!speaks) {
      Mismatch gate = gate(tenant, rule, sighting);
      String why =
          gate == null
              ? "`%s` was not asked: no permit may speak for this person.".formatted(rule.name())
              : "`%s` may not speak for this person: it wants %s to be %s, and that is `%s`."
                  .formatted(rule.name(), gate.fact(), gate.wanted(), gate.got());
      return new RuleTrace(rule.name(), effect, Match.NOT_ELIGIBLE, gate, why);
    }
    Truth truth = Interpreter.test(rule, sighting, service).truth();
    for (Matcher matcher : rule.matchers()) {
      if (truth != Truth.TRUE && matcher.test(sighting) == truth) {
        return failed(rule, matcher, sighting, truth);
      }
    }
    Expression when = rule.when();
    if (truth != Truth.TRUE && when != null) {
      return failed(rule, when, when.evaluate(sighting, service));
    }
    return new RuleTrace(
        rule.name(), effect, Match.MATCHED, null, "`%s` matches.".formatted(rule.name()));
  }

  /** The gate that keeps a permit from speaking; null for a forbid, which none does. */
  private static @Nullable Mismatch gate(TenantPolicy tenant, Rule rule, Sighting sighting) {
    EmailAddress email = sighting.email();
    if (rule.effect() == Effect.FORBID) {
      return null;
    }
    if (sighting.guest() && !rule.guests()) {
      return new Mismatch("guests", "person.guest", "`false`", "true");
    }
    if (!tenant.hasProven(email.domain())
        && !(rule.namesDomains() && rule.allowsDomain(email.domain()))) {
      String wanted = "proven, or named by the rule";
      return new Mismatch("domain", "person.domain", wanted, email.domain());
    }
    String wanted = "a person's, or named by the rule letter for letter";
    return new Mismatch("email", "person.email", wanted, email.toString());
  }

  private static RuleTrace failed(Rule rule, Expression when, Answer answer) {
    String said =
        switch (answer.truth()) {
          case TRUE, FALSE -> "it is false";
          case UNKNOWN -> "`" + answer.detail() + "` is unknown";
          case ERROR -> "it could not be evaluated (" + answer.detail() + ")";
        };
    Match match =
        switch (answer.truth()) {
          case TRUE, FALSE -> Match.NOT_MATCHED;
          case UNKNOWN -> Match.UNKNOWN;
          case ERROR -> Match.ERROR;
        };
    String fact = answer.truth() == Truth.UNKNOWN ? String.valueOf(answer.detail()) : "when";
    return new RuleTrace(
        rule.name(),
        rule.effect().text(),
        match,
        new Mismatch("when", fact, "`" + when.text() + "`", null),
        "`%s` asks for `%s`, and %s.".formatted(rule.name(), when.text().strip(), said));
  }

  private static RuleTrace failed(Rule rule, Matcher matcher, Sighting sighting, Truth truth) {
    String got = matcher.got(sighting);
    Mismatch mismatch = new Mismatch(matcher.key(), matcher.fact(), matcher.wanted(), got);
    String sentence =
        truth == Truth.UNKNOWN
            ? "`%s` wants %s to be %s, and that is unknown."
                .formatted(rule.name(), matcher.fact(), matcher.wanted())
            : "`%s` does not match: it wants %s to be %s, and that is %s."
                .formatted(rule.name(), matcher.fact(), matcher.wanted(), quoted(got));
    Match match = truth == Truth.UNKNOWN ? Match.UNKNOWN : Match.NOT_MATCHED;
    return new RuleTrace(rule.name(), rule.effect().text(), match, mismatch, sentence);
  }

  private static String quoted(@Nullable String got) {
    if (got == null || got.isEmpty()) {
      return "empty";
    }
    return "`" + (got.length() <= LONGEST ? got : got.substring(0, LONGEST) + "...") + "`";
  }

  private static String sentence(Decision decision, List<RuleTrace> traces) {
    if (decision.reason() != Reason.NO_PERMIT_MATCHED) {
      return decision.sentence();
    }
    StringBuilder text = new StringBuilder("No permit matches.");
    for (RuleTrace trace : traces) {
      if (trace.effect().equals(Effect.PERMIT.text())) {
        text.append(' ').append(trace.sentence());
      }
    }
    return text.toString();
  }
}
