package dev.usher.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
    for (Rule rule : policy.forbids()) {
      Truth truth = test(rule, sighting);
      if (truth != Truth.FALSE) {
        return policy.forbidden(rule, truth == Truth.UNKNOWN ? unknown(rule, sighting) : null);
      }
    }
    List<Rule> matched =
        eligible.stream().filter(rule -> test(rule, sighting) == Truth.TRUE).toList();
    if (!matched.isEmpty()) {
      return policy.permitted(matched);
    }
    for (Rule rule : eligible) {
      if (test(rule, sighting) == Truth.UNKNOWN) {
        return policy.notPermitted(rule, Objects.requireNonNull(unknown(rule, sighting)));
      }
    }
    return policy.refusal(Reason.NO_PERMIT_MATCHED);
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

  static Truth test(Rule rule, Sighting sighting) {
    Truth all = Truth.TRUE;
    for (Matcher matcher : rule.matchers()) {
      all = all.and(matcher.test(sighting));
    }
    return all;
  }

  private static @Nullable Matcher unknown(Rule rule, Sighting sighting) {
    for (Matcher matcher : rule.matchers()) {
      if (matcher.test(sighting) == Truth.UNKNOWN) {
        return matcher;
      }
    }
    return null;
  }
}
