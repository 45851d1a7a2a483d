package dev.usher.provisioning.account;

import dev.usher.policy.Entitlement;
import dev.usher.policy.Facts;
import dev.usher.policy.Trigger;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why the account may be there: the decision, and the facts it was made on, so that it can be made
 * again before a later attempt.
 *
 * @param rule the permit that let the person in
 * @param policyRevision the policies' revision it was decided under
 * @param entitlements what comes with the account
 * @param trigger what called for it
 * @param causationId the source event's own id, if it had one
 * @param traceparent the W3C trace context that the source event carried, if any
 * @param askedAt when the broker had the source event
 * @param facts what was known of the person and the sign-in
 */
public record Grant(
    String rule,
    String policyRevision,
    List<Entitlement> entitlements,
    Trigger trigger,
    @Nullable String causationId,
    @Nullable String traceparent,
    Instant askedAt,
    Facts facts) {

  /** When it happened, by the source's clock. */
  public Instant happenedAt() {
    Instant at = facts.at();
    return at == null ? askedAt : at;
  }
}
