package dev.usher.provisioning.account;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The tries at the present task.
 *
 * @param count how many began; one under way included
 * @param ended the number of the last one whose end was written down; 0 if none was
 * @param since when the first began, moved on by the time in which none could; null if none did
 */
public record Attempts(int count, int ended, @Nullable Instant since) {

  static final Attempts NONE = new Attempts(0, 0, null);

  /** A further one begins. */
  Attempts begun(Instant at) {
    return new Attempts(count + 1, ended, since == null ? at : since);
  }

  /** The one under way ended. */
  Attempts concluded() {
    return new Attempts(count, count, since);
  }

  /** The one that began was none: no request left. */
  Attempts notBegun() {
    return new Attempts(count - 1, ended, count == 1 ? null : since);
  }

  /** Between these times nothing could be tried, which stops the clock that ends in giving up. */
  Attempts waited(Instant from, Instant until) {
    return since == null || !until.isAfter(from)
        ? this
        : new Attempts(count, ended, since.plus(Duration.between(from, until)));
  }

  /** Whether one is under way, or began and nobody wrote down how it ended. */
  boolean open() {
    return ended < count;
  }

  /** Whether nobody wrote down how the one before the present one ended. */
  boolean endUnknown() {
    return ended < count - 1;
  }

  /** Whether there was none before the present one. */
  boolean first() {
    return count == 1;
  }

  /** Whether they have gone on for longer than {@code limit}. */
  boolean longerThan(Duration limit, Instant now) {
    return since != null && since.plus(limit).isBefore(now);
  }
}
