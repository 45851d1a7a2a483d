package dev.usher.provisioning.provision;

import io.github.resilience4j.ratelimiter.RateLimiter;
import java.time.Duration;
import java.util.function.LongSupplier;

/** A pace that this instance keeps by itself. */
final class LocalPace implements Pace {

  private static final Duration FULL = Duration.ofSeconds(1);

  private final RateLimiter limiter;
  private final LongSupplier nanoTime;

  /** When the permit that is already reserved may be used. */
  private long reservedNanos;

  private boolean reserved;

  LocalPace(RateLimiter limiter, LongSupplier nanoTime) {
    this.limiter = limiter;
    this.nanoTime = nanoTime;
  }

  @Override
  public Duration take(int wanted) {
    long now = nanoTime.getAsLong();
    if (!reserved) {
      long wait = limiter.reservePermission();
      if (wait < 0) {
        return FULL;
      }
      reserved = true;
      reservedNanos = now + wait;
    }
    long left = reservedNanos - now;
    if (left > 0) {
      return Duration.ofNanos(left);
    }
    reserved = false;
    return Duration.ZERO;
  }
}
