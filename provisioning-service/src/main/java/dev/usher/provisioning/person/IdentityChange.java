package dev.usher.provisioning.person;

import dev.usher.policy.Facts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change of the directory's view of a person, as it came in.
 *
 * @param kind what happened
 * @param eventId the IdP's own id of it; null if it has none
 * @param appendedAt when the broker had it
 * @param topic where it came from
 * @param traceparent the W3C trace context of the record, if any
 * @param facts what decisions rest on; with issuer, subject and the time at which it happened
 * @param profile what a service would be told
 */
public record IdentityChange(
    Kind kind,
    @Nullable String eventId,
    Instant appendedAt,
    String topic,
    @Nullable String traceparent,
    Facts facts,
    Profile profile) {

  /** What happened. */
  public enum Kind {
    /** The person is new. */
    JOINED,
    /** What is known of the person is different. */
    CHANGED,
    /** The person has left, or may not sign in any more. */
    LEFT,
    /** The person is back, or may sign in again. */
    RETURNED
  }
}
