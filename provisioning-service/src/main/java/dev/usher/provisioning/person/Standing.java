package dev.usher.provisioning.person;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the person's issuer says of their being there.
 *
 * @param kind there or not
 * @param at since when, by the event's own time
 * @param causationId the event's own id, if it had one
 */
public record Standing(Kind kind, Instant at, @Nullable String causationId) {

  /** There or not. */
  public enum Kind {
    /** The person is there. */
    PRESENT,
    /** The person has left. */
    LEFT
  }
}
