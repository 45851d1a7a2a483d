package dev.usher.provisioning.provision;

import dev.usher.policy.Service;
import dev.usher.provisioning.provision.connector.Alarms;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.Limits;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one service: what waits for it, in order of priority, and the bulkhead, pace and
 * circuit breaker that let it through. What waits is an object and no thread; a try runs on a
 * virtual thread of its own from when it may begin until the service has answered.
 */
final class Lane implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Lane.class);
  private static final String LEFT_ALONE = "The service fails, and is left alone for a while";
  private static final Duration NO_TIME = Duration.ZERO;
  private static final Duration GRACE = Duration.ofMillis(200);

  private final Service service;
  private final Connector connector;
  private final Limits limits;
  private final Bulkhead bulkhead;
  private final CircuitBreaker circuit;
  private final Pace pace;
  private final Duration longestQueueing;
  private final Duration longestPause;
  private final LongSupplier nanoTime;
  private final ScheduledExecutorService timer;
  private final Alarms alarms;

  private final ReentrantLock lock = new ReentrantLock();
  private final PriorityQueue<Waiting> ready =
      new PriorityQueue<>(
          Comparator.comparingInt((Waiting each) -> each.job.priority())
              .thenComparingLong(each -> each.number));
  private final PriorityQueue<Waiting> later =
      new PriorityQueue<>(Comparator.comparingLong(each -> each.notBeforeNanos));
  private final Set<Guard> guards = ConcurrentHashMap.newKeySet();
  private long numbers;
  private int running;
  private boolean paused;
  private long pausedUntilNanos;
  private boolean waking;
  private long wakingAtNanos;
  private boolean closed;
  private boolean connectorClosed;

  /** One account's next try. */
  interface Job {

    /** The smaller, the earlier. */
    int priority();

    /** Whether nobody else can take the work over before that long has passed. */
    boolean oursFor(Duration time);

    /** The try. */
    Outcome attempt(Connector connector, Deadline deadline);

    /**
     * What it came to; called once for each time that the job was submitted.
     *
     * @param took what the requests took; zero if none left
     */
    void ended(Outcome outcome, Duration took);
  }

  private record Waiting(Job job, long number, long notBeforeNanos) {}

  /**
   * @param pace gives the lane's pace, which may wake it
   * @param longestQueueing a pause for longer than this sends back what waits
   * @param longestPause how long the service can ask to be left alone at most
   */
  Lane(
      Service service,
      Connector connector,
      Limits limits,
      Bulkhead bulkhead,
      CircuitBreaker circuit,
      Function<Runnable, Pace> pace,
      Duration longestQueueing,
      Duration longestPause,
      LongSupplier nanoTime,
      ScheduledExecutorService timer) {
    this.service = service;
    this.connector = connector;
    this.limits = limits;
    this.bulkhead = bulkhead;
    this.circuit = circuit;
    this.longestQueueing = longestQueueing;
    this.longestPause = longestPause;
    this.nanoTime = nanoTime;
    this.timer = timer;
    this.alarms = new Alarms(timer);
    this.pace = pace.apply(this::pump);
  }

  /** Whether the lane is as the service's settings say. */
  boolean serves(Service current) {
    return service.connector().equals(current.connector());
  }

  /** How many accounts are worth fetching now. */
  int room() {
    lock.lock();
    try {
      if (closed || pausedLong(nanoTime.getAsLong())) {
        return 0;
      }
    } finally {
      lock.unlock();
    }
    return switch (circuit.getState()) {
      case OPEN, FORCED_OPEN -> 0;
      case HALF_OPEN ->
          circuit.getCircuitBreakerConfig().getPermittedNumberOfCallsInHalfOpenState();
      case CLOSED, DISABLED, METRICS_ONLY -> Integer.MAX_VALUE;
    };
  }

  /** Takes the job, to be tried when its turn comes, and no earlier than after {@code delay}. */
  void submit(Job job, Duration delay) {
    boolean taken = false;
    lock.lock();
    try {
      if (!closed) {
        taken = true;
        Waiting waiting = new Waiting(job, numbers++, nanoTime.getAsLong() + delay.toNanos());
        (delay.isZero() ? ready : later).add(waiting);
      }
    } finally {
      lock.unlock();
    }
    if (taken) {
      pump();
    } else {
      job.ended(new Outcome.NotTried("The service's settings have changed", NO_TIME), NO_TIME);
    }
  }

  /** Lets through what may go, and sends back what would wait in vain. */
  private void pump() {
    List<Waiting> going = new ArrayList<>();
    List<Waiting> back = new ArrayList<>();
    Outcome why = new Outcome.NotTried(LEFT_ALONE, NO_TIME);
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      while (!later.isEmpty() && later.peek().notBeforeNanos - now <= 0) {
        ready.add(later.remove());
      }
      if (closed || !circuitLetsThrough()) {
        drain(back);
      } else if (pausedLong(now)) {
        why = new Outcome.NotTried("The service asks to be left alone", pauseLeft(now));
        drain(back);
      } else {
        Duration wait = letThrough(now, going);
        if (wait.compareTo(longestQueueing) > 0) {
          why = new Outcome.NotTried("The service's limits are used up", wait);
          drain(back);
        } else if (!wait.isZero()) {
          wakeAt(now + wait.toNanos());
        }
      }
      if (!later.isEmpty()) {
        wakeAt(later.peek().notBeforeNanos);
      }
    } finally {
      lock.unlock();
    }
    for (Waiting each : going) {
      Thread.startVirtualThread(() -> run(each.job));
    }
    for (Waiting each : back) {
      each.job.ended(why, NO_TIME);
    }
  }

  /** Moves what may go; how long until more may, zero if that is for a slot to become free. */
  private Duration letThrough(long now, List<Waiting> going) {
    Duration wait = paused ? pauseLeft(now) : NO_TIME;
    paused = !wait.isZero();
    while (wait.isZero() && !ready.isEmpty() && halfOpenHasRoom()) {
      if (!bulkhead.tryAcquirePermission()) {
        return NO_TIME;
      }
      wait = pace.take(ready.size());
      if (wait.isZero()) {
        running++;
        going.add(ready.remove());
      } else {
        bulkhead.releasePermission();
      }
    }
    return wait;
  }

  private boolean circuitLetsThrough() {
    return switch (circuit.getState()) {
      case OPEN, FORCED_OPEN -> false;
      case HALF_OPEN, CLOSED, DISABLED, METRICS_ONLY -> true;
    };
  }

  private boolean halfOpenHasRoom() {
    return circuit.getState() != CircuitBreaker.State.HALF_OPEN
        || running < circuit.getCircuitBreakerConfig().getPermittedNumberOfCallsInHalfOpenState();
  }

  private boolean pausedLong(long now) {
    return paused && pauseLeft(now).compareTo(longestQueueing) > 0;
  }

  private Duration pauseLeft(long now) {
    return Duration.ofNanos(Math.max(0, pausedUntilNanos - now));
  }

  private void drain(List<Waiting> back) {
    back.addAll(ready);
    back.addAll(later);
    ready.clear();
    later.clear();
  }

  private void wakeAt(long nanos) {
    if (closed || (waking && wakingAtNanos - nanos <= 0)) {
      return;
    }
    waking = true;
    wakingAtNanos = nanos;
    Future<?> _ =
        timer.schedule(
            () -> {
              lock.lock();
              try {
                waking = false;
              } finally {
                lock.unlock();
              }
              pump();
            },
            Math.max(0, nanos - nanoTime.getAsLong()),
            TimeUnit.NANOSECONDS);
  }

  private void run(Job job) {
    long began = nanoTime.getAsLong();
    Outcome outcome = new Outcome.Unknown("The try failed", null, true, true);
    try {
      outcome = attempt(job);
    } finally {
      // The slot goes to the next before this one's end is dealt with.
      bulkhead.releasePermission();
      lock.lock();
      try {
        running--;
      } finally {
        lock.unlock();
      }
      pump();
      closeConnectorWhenIdle();
      job.ended(
          outcome,
          outcome instanceof Outcome.NotTried || outcome instanceof Outcome.NotOurs
              ? NO_TIME
              : Duration.ofNanos(nanoTime.getAsLong() - began));
    }
  }

  private Outcome attempt(Job job) {
    if (!job.oursFor(limits.timeout())) {
      return new Outcome.NotOurs("This instance's lease is too short for a request");
    }
    if (!circuit.tryAcquirePermission()) {
      return new Outcome.NotTried(LEFT_ALONE, NO_TIME);
    }
    long began = nanoTime.getAsLong();
    Outcome outcome;
    try (Guard _ = guard()) {
      outcome = job.attempt(connector, Deadline.after(limits.timeout(), nanoTime));
    } catch (RuntimeException e) {
      log.error("A try at `{}` failed in a way nobody thought of", service, e);
      outcome = new Outcome.Unknown("The try failed: " + e.getClass().getName(), null, true, true);
    } catch (Error e) {
      circuit.onError(nanoTime.getAsLong() - began, TimeUnit.NANOSECONDS, e);
      throw e;
    }
    circuit.onResult(nanoTime.getAsLong() - began, TimeUnit.NANOSECONDS, outcome);
    if (outcome instanceof Outcome.Paused told && !told.after().isZero()) {
      // A service may not put all who wait for it off for years.
      pause(told.after().compareTo(longestPause) > 0 ? longestPause : told.after());
    }
    return outcome;
  }

  /** The service asks to be left alone, by all who wait for it. */
  private void pause(Duration time) {
    lock.lock();
    try {
      long until = nanoTime.getAsLong() + time.toNanos();
      if (!paused || until - pausedUntilNanos > 0) {
        paused = true;
        pausedUntilNanos = until;
      }
    } finally {
      lock.unlock();
    }
    pace.pause(time);
  }

  /** Interrupts the tries under way, which then end as if the service had not answered. */
  void interrupt() {
    guards.forEach(Guard::ring);
  }

  /** Interrupts a try whose connector forgets its deadline. */
  private Guard guard() {
    Guard guard = new Guard(Thread.currentThread());
    guards.add(guard);
    guard.alarm = alarms.at(Deadline.after(limits.timeout().plus(GRACE), nanoTime), guard::ring);
    return guard;
  }

  private final class Guard implements AutoCloseable {
    private final Thread guarded;
    private Alarms.@Nullable Alarm alarm;
    private boolean over;

    Guard(Thread guarded) {
      this.guarded = guarded;
    }

    private synchronized void ring() {
      if (!over) {
        guarded.interrupt();
      }
    }

    @Override
    public synchronized void close() {
      over = true;
      guards.remove(this);
      if (alarm != null) {
        alarm.close();
      }
      boolean _ = Thread.interrupted();
    }
  }

  private void closeConnectorWhenIdle() {
    lock.lock();
    try {
      if (!closed || running > 0 || connectorClosed) {
        return;
      }
      connectorClosed = true;
    } finally {
      lock.unlock();
    }
    connector.close();
  }

  /** Nothing leaves any more; what is under way ends in its own time, and then the connector. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    pump();
    closeConnectorWhenIdle();
  }
}
