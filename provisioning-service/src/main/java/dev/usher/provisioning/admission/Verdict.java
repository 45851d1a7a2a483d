package dev.usher.provisioning.admission;

import dev.usher.policy.Decisions;
import dev.usher.policy.Reason;

/** What became of one sign-in. */
public sealed interface Verdict {

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
