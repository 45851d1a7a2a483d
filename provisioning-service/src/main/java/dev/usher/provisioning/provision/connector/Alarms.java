package dev.usher.provisioning.provision.connector;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
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
          Comparator.<Alarm>comparingLong(alarm -> alarm.deadline.nanos())
              .thenComparingLong(alarm -> alarm.number));

  /** For which the timer is set. */
  private volatile @Nullable Deadline next;

  /** An alarm; closing it cancels it, and does nothing if it has rung. */
  public final class Alarm implements AutoCloseable {
    private final Deadline deadline;
    private final long number;
    private final Runnable ring;

    private Alarm(Deadline deadline, long number, Runnable ring) {
      this.deadline = deadline;
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

  /**
   * Runs {@code ring} when the deadline passes, unless the alarm is closed before.
   *
   * @param deadline on the same clock as all others here
   */
  public Alarm at(Deadline deadline, Runnable ring) {
    Alarm alarm = new Alarm(deadline, numbers.getAndIncrement(), ring);
    set.add(alarm);
    if (isFirst(deadline)) {
      setTimer();
    }
    return alarm;
  }

  private boolean isFirst(Deadline deadline) {
    Deadline set = next;
    return set == null || deadline.nanos() < set.nanos();
  }

  private synchronized void setTimer() {
    for (Alarm first : set) {
      Deadline deadline = first.deadline;
      if (isFirst(deadline)) {
        next = deadline;
        Future<?> _ =
            timer.schedule(() -> ring(deadline), deadline.left().toNanos(), TimeUnit.NANOSECONDS);
      }
      return;
    }
  }

  /** Rings what is due by then. */
  private void ring(Deadline passed) {
    List<Alarm> due = new ArrayList<>();
    synchronized (this) {
      for (Alarm alarm : set) {
        if (alarm.deadline.nanos() > passed.nanos()) {
          break;
        }
        if (set.remove(alarm)) {
          due.add(alarm);
        }
      }
      // Another was set meanwhile, for an earlier one, if it is not the next.
      if (passed.equals(next)) {
        next = null;
        setTimer();
      }
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
