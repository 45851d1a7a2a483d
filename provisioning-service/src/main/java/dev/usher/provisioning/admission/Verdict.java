package dev.usher.provisioning.admission;

import dev.usher.policy.Decisions;
import dev.usher.policy.Reason;
import java.util.Optional;

/** What became of one sign-in. */
public sealed interface Verdict {

  /** What was decided, or which gate was before it. */
  static Verdict of(Decisions decisions) {
    Optional<Reason> gate = decisions.gate();
    return gate.isPresent() ? TurnedAway.by(gate.get()) : new Decided(decisions);
  }

  /**
   * No service was even considered.
   *
   * @param reason a stable code in lower case and hyphens
   * @param sentence the same for people, without personal data
   */
  record TurnedAway(String reason, String sentence) implements Verdict {

    static TurnedAway by(Reason gate) {
      return new TurnedAway(gate.text(), gate.sentence());
    }
  }

  /**
   * Each service of the tenant was decided.
   *
   * @param decisions one for each service
   */
  record Decided(Decisions decisions) implements Verdict {}
}
