package dev.usher.provisioning.provision.connector;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Alarms for what must not take too long, nearly all of which are cancelled in time: setting and
 * cancelling one wakes no thread, since the timer is set for the earliest alone. Safe for use by
 * several threads.
 */
public final class Alarms {

  private static final Logger log = LoggerFactory.getLogger(Alarms.class);

  private final ScheduledExecutorService timer;
  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentSkipListSet<Alarm> set =
      new ConcurrentSkipListSet<>(
          Comparator.<Alarm>comparingLong(alarm -> alarm.untilNanos)
              .thenComparingLong(alarm -> alarm.number));

  /** All times here are counted from it, so that they can be put in order. */
  private final long began = System.nanoTime();

  private volatile long timerAtNanos;
  private volatile boolean timerSet;

  /** An alarm; closing it cancels it, and does nothing if it has rung. */
  public final class Alarm implements AutoCloseable {
    private final long untilNanos;
    private final long number;
    private final Runnable ring;

    private Alarm(long untilNanos, long number, Runnable ring) {
      this.untilNanos = untilNanos;
      this.number = number;
      this.ring = ring;
    }

    @Override
    public void close() {
      boolean _ = set.remove(this);
    }
  }

  /**
   * @param timer runs what rings, which must be quick; shut down by its owner
   */
  public Alarms(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  /** Runs {@code ring} after that time, unless the alarm is closed before. */
  public Alarm after(Duration time, Runnable ring) {
    long until = now() + time.toNanos();
    Alarm alarm = new Alarm(until, numbers.getAndIncrement(), ring);
    set.add(alarm);
    if (!timerSet || until < timerAtNanos) {
      setTimer();
    }
    return alarm;
  }

  private long now() {
    return System.nanoTime() - began;
  }

  private synchronized void setTimer() {
    for (Alarm first : set) {
      if (!timerSet || first.untilNanos < timerAtNanos) {
        timerSet = true;
        timerAtNanos = first.untilNanos;
        Future<?> _ = timer.schedule(this::ring, first.untilNanos - now(), TimeUnit.NANOSECONDS);
      }
      return;
    }
  }

  private void ring() {
    List<Alarm> due = new ArrayList<>();
    synchronized (this) {
      timerSet = false;
      long now = now();
      for (Alarm alarm : set) {
        if (alarm.untilNanos > now) {
          break;
        }
        if (set.remove(alarm)) {
          due.add(alarm);
        }
      }
      setTimer();
    }
    for (Alarm alarm : due) {
      try {
        alarm.ring.run();
      } catch (RuntimeException e) {
        log.error("An alarm failed, and the others ring all the same", e);
      }
    }
  }
}
