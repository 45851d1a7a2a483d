package dev.usher.provisioning.admission;

import dev.usher.policy.Facts;
import dev.usher.provisioning.tenant.TopicProperties.SpeakingRights;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a record has to pass before any rule is looked at.
 *
 * @param maxAge how old it may be when the broker gets it
 * @param maxClockSkew how far ahead of the broker's clock its own may be
 */
record Gates(SpeakingRights rights, Duration maxAge, Duration maxClockSkew) {

  static final Verdict.TurnedAway NOT_ITS_TOPIC =
      new Verdict.TurnedAway(
          "issuer-not-on-topic", "The issuer may not speak on the topic that this came in on.");
  static final Verdict.TurnedAway STALE =
      new Verdict.TurnedAway("stale", "It happened too long before the broker got it.");
  static final Verdict.TurnedAway FROM_THE_FUTURE =
      new Verdict.TurnedAway("from-the-future", "It claims to happen after the broker got it.");

  /** Why it does not even come to a decision; null if it does. */
  Verdict.@Nullable TurnedAway untimely(Facts facts, String topic, Instant appendedAt) {
    String issuer = facts.issuer();
    if (issuer == null || !rights.allow(issuer, topic)) {
      return NOT_ITS_TOPIC;
    }
    Instant at = facts.at();
    if (at == null || at.plus(maxAge).isBefore(appendedAt)) {
      return STALE;
    }
    return at.minus(maxClockSkew).isAfter(appendedAt) ? FROM_THE_FUTURE : null;
  }
}
