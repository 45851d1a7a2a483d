package dev.usher.provisioning.provision;

import dev.usher.provisioning.provision.LimitStore.Used;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.Limits.Rate;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a service's limits are shared out in blocks of permits, each with a time from which it may be
 * used and, {@link LimitStore#BLOCK} after that and after the block was given, one from which it is
 * lapsed. However many instances take blocks, no time as long as the rate's sees more permits used
 * than the rate says, and no day more than the quota.
 *
 * @param interval between two permits; zero for no rate
 * @param burst how many may be used at once after a rest
 * @param quota permits a day; {@link Long#MAX_VALUE} for no quota
 */
record Allowance(Duration interval, int burst, long quota) {

  private static final long SECONDS_A_DAY = 86_400;

  static Allowance of(Limits limits) {
    Rate rate = limits.rate();
    Rate quota = limits.quota();
    int burst = rate == null ? 1 : Math.min(limits.burst(), rate.count());
    return new Allowance(
        rate == null ? Duration.ZERO : interval(rate, burst),
        burst,
        quota == null ? Long.MAX_VALUE : quota.count());
  }

  /** Permits may be used late by a block, and the burst comes on top of an even pace. */
  private static Duration interval(Rate rate, int burst) {
    return rate.per().plus(LimitStore.BLOCK).dividedBy(rate.count() - burst + 1);
  }

  /** What came of asking for a block. */
  sealed interface Answer {}

  /**
   * A block, once {@code used} is written.
   *
   * @param used what has been used with it
   * @param given when it was asked for
   * @param first from when on the first permit may be used; those of a burst have times before the
   *     block was given
   * @param count how many there are, at least 1
   */
  record Block(Used used, Instant given, Instant first, int count) implements Answer {}

  /** Nothing until then. */
  record Nothing(Instant until) implements Answer {}

  /**
   * A block of permits.
   *
   * @param wanted how many are wanted, at least 1
   */
  Answer block(Used used, Instant now, int wanted) {
    if (used.pausedUntil().isAfter(now)) {
      return new Nothing(used.pausedUntil());
    }
    long today = Math.floorDiv(now.getEpochSecond(), SECONDS_A_DAY);
    long usedToday = used.day() == today ? used.usedToday() : 0;
    if (used.day() > today || usedToday >= quota) {
      return new Nothing(Instant.ofEpochSecond((Math.max(today, used.day()) + 1) * SECONDS_A_DAY));
    }
    long count = Math.min(wanted, quota - usedToday);
    @Nullable Instant first = now;
    Instant next = now;
    if (!interval.isZero()) {
      // After a rest, a burst of permits may be used at once; the rest is not saved up further.
      Instant earliest = now.minus(interval.multipliedBy(burst - 1L));
      first = used.next().isAfter(earliest) ? used.next() : earliest;
      Duration ahead = Duration.between(first, now.plus(LimitStore.BLOCK));
      if (ahead.isNegative() || ahead.isZero()) {
        return new Nothing(first.minus(LimitStore.BLOCK).plusMillis(1));
      }
      count = Math.min(count, Math.max(1, ahead.dividedBy(interval) + 1));
      next = first.plus(interval.multipliedBy(count));
    }
    return new Block(
        new Used(used.version() + 1, next, today, usedToday + count, used.pausedUntil()),
        now,
        first,
        Math.toIntExact(count));
  }
}
