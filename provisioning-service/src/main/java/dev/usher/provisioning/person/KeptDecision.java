package dev.usher.provisioning.person;

import dev.usher.policy.Outcome;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The decision now in force for one person and one service. Times are in milliseconds; what is
 * finer is cut off.
 *
 * @param service the service's id, a slug
 * @param outcome permitted or refused
 * @param rule the rule that made it; null where no rule did
 * @param reason the stable code, such as `domain-not-proven`
 * @param revision the revision of the policies that made it
 * @param first when it was first made
 * @param last when it was last made; of repeats, only as of the last {@link PersonStore#seen}
 * @param count how often it was made, at least 1; of repeats, likewise
 */
public record KeptDecision(
    String service,
    Outcome outcome,
    @Nullable String rule,
    String reason,
    String revision,
    Instant first,
    Instant last,
    long count) {

  public KeptDecision {
    first = first.truncatedTo(ChronoUnit.MILLIS);
    last = last.truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * Whether the other repeats this one, and need not be kept: the same outcome, rule and revision;
   * and the same reason, as all refusals that no rule makes have the same rule, which is none.
   */
  public boolean same(KeptDecision other) {
    return service.equals(other.service)
        && outcome == other.outcome
        && Objects.equals(rule, other.rule)
        && reason.equals(other.reason)
        && revision.equals(other.revision);
  }
}
