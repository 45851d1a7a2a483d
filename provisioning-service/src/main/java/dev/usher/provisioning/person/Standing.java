package dev.usher.provisioning.person;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the person's issuer says of their being there.
 *
 * @param kind whether they are
 * @param at when it happened, by the event itself; in milliseconds, what is finer is cut off
 * @param causationId the event's id; null if it has none
 */
public record Standing(Kind kind, Instant at, @Nullable String causationId) {

  /** Whether the person is there. */
  public enum Kind {
    /** Joined, or came back. */
    PRESENT,
    /** Left, or was disabled. */
    LEFT
  }

  public Standing {
    at = at.truncatedTo(ChronoUnit.MILLIS);
  }

  /** Whether the person has left. */
  public boolean left() {
    return kind == Kind.LEFT;
  }

  /**
   * Whether this takes the other's place, in whatever order the two come: the later one does, and
   * of the same millisecond the one that says that they left. Of two that say the same, neither.
   */
  public boolean outranks(@Nullable Standing other) {
    return other == null
        || at.isAfter(other.at)
        || (at.equals(other.at) && left() && !other.left());
  }
}
