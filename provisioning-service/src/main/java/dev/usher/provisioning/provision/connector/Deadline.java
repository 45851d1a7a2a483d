package dev.usher.provisioning.provision.connector;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The time by which a call must have ended, on the monotonic clock. To be asked again right before
 * each request's first byte leaves: after it, another instance may be at work on the account.
 *
 * @param nanoTime the clock
 * @param nanos the time on it
 */
public record Deadline(LongSupplier nanoTime, long nanos) {

  /** A deadline so far from now. */
  public static Deadline after(Duration time, LongSupplier nanoTime) {
    return new Deadline(nanoTime, nanoTime.getAsLong() + time.toNanos());
  }

  /** How long it is until then; zero if it has passed. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, nanos - nanoTime.getAsLong()));
  }

  /** Whether nothing may be sent any more. */
  public boolean passed() {
    return nanos - nanoTime.getAsLong() <= 0;
  }
}
