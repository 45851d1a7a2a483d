package dev.usher.policy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The meaning of a policy, read rule by rule with no cleverness. */
final class Interpreter {
  private Interpreter() {}

  static Decision decide(TenantPolicy tenant, ServicePolicy policy, Sighting sighting) {
    List<Rule> eligible = new ArrayList<>(policy.permits());
    Reason gate = gate(tenant, eligible, sighting);
    if (gate != null) {
      return policy.refusal(gate);
    }
    Decision error = null;
    for (Rule rule : policy.forbids()) {
      Answer answer = test(rule, sighting, policy.service());
      switch (answer.truth()) {
        case TRUE, UNKNOWN -> {
          return policy.forbidden(rule, answer.detail());
        }
        case ERROR -> error = error == null ? policy.failed(rule, answer.detail()) : error;
        case FALSE -> {}
      }
    }
    List<Rule> matched = new ArrayList<>();
    Decision unknown = null;
    for (Rule rule : eligible) {
      Answer answer = test(rule, sighting, policy.service());
      switch (answer.truth()) {
        case TRUE -> matched.add(rule);
        case UNKNOWN ->
            unknown = unknown == null ? policy.notPermitted(rule, answer.detail()) : unknown;
        case ERROR -> error = error == null ? policy.failed(rule, answer.detail()) : error;
        case FALSE -> {}
      }
    }
    if (error != null) {
      return error;
    }
    if (!matched.isEmpty()) {
      return policy.permitted(matched);
    }
    return unknown == null ? policy.refusal(Reason.NO_PERMIT_MATCHED) : unknown;
  }

  /** Leaves the permits that may speak for this person; says which gate leaves none. */
  static @Nullable Reason gate(TenantPolicy tenant, List<Rule> permits, Sighting sighting) {
    EmailAddress email = sighting.email();
    if (sighting.guest()) {
      permits.removeIf(rule -> !rule.guests());
      if (permits.isEmpty()) {
        return Reason.GUEST;
      }
    }
    if (!tenant.hasProven(email.domain())) {
      permits.removeIf(rule -> !rule.namesDomains() || !rule.allowsDomain(email.domain()));
      if (permits.isEmpty()) {
        return Reason.DOMAIN_NOT_PROVEN;
      }
    }
    if (tenant.mailboxes().contains(email)) {
      permits.removeIf(rule -> !rule.namesAddress(email));
      if (permits.isEmpty()) {
        return Reason.SERVICE_MAILBOX;
      }
    }
    return null;
  }

  /**
   * What a rule says. The expression is asked last, and not at all where its answer could change
   * nothing: after a false, and for a permit after an unknown.
   */
  static Answer test(Rule rule, Sighting sighting, Service service) {
    Answer answer = Answer.YES;
    for (Matcher matcher : rule.matchers()) {
      Truth truth = matcher.test(sighting);
      if (truth == Truth.FALSE) {
        return Answer.NO;
      }
      if (truth == Truth.UNKNOWN && answer.truth() == Truth.TRUE) {
        answer = Answer.unknown(matcher.fact());
      }
    }
    boolean pointless = rule.effect() == Effect.PERMIT && answer.truth() == Truth.UNKNOWN;
    return rule.when() == null || pointless
        ? answer
        : answer.and(rule.when().evaluate(sighting, service));
  }
}
