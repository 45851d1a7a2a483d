package dev.usher.provisioning.provision;

import dev.usher.policy.Service;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.Existence;
import dev.usher.provisioning.account.Queue;
import dev.usher.provisioning.account.Stage;
import dev.usher.provisioning.account.State;
import dev.usher.provisioning.account.StillPermitted;
import dev.usher.provisioning.account.Task;
import dev.usher.provisioning.provision.Lane.Step;
import dev.usher.provisioning.provision.Outcome.Trace;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes accounts come into being: each on a virtual thread of its own, by a few quick tries in a
 * row, and then, durably, later.
 */
final class Provisioning implements Stage {

  private static final Logger log = LoggerFactory.getLogger(Provisioning.class);
  private static final String HELD =
      "An account of that name is there already, and does not carry our key.";

  private final Lanes lanes;
  private final Desk desk;
  private final StillPermitted stillPermitted;
  private final ProvisionProperties properties;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final List<ProvisionObserver> observers;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch stopping = new CountDownLatch(1);

  /** Where accounts go after their tries; each once. */
  interface Desk {

    /** The account's next version, to be written. */
    void advance(Account next);

    /** Not this instance's to write any more. */
    void drop(AccountKey key);
  }

  Provisioning(
      Lanes lanes,
      Desk desk,
      StillPermitted stillPermitted,
      ProvisionProperties properties,
      InstantSource clock,
      LongSupplier nanoTime,
      RandomGenerator random,
      List<ProvisionObserver> observers) {
    this.lanes = lanes;
    this.desk = desk;
    this.stillPermitted = stillPermitted;
    this.properties = properties;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.random = random;
    this.observers = List.copyOf(observers);
  }

  @Override
  public int room(Queue queue) {
    return queue.service() == null ? 0 : lanes.room(queue.service());
  }

  @Override
  public void take(Account account) {
    try {
      threads.execute(() -> provision(account));
    } catch (RejectedExecutionException e) {
      desk.drop(account.key());
    }
  }

  private void provision(Account account) {
    try {
      next(account).ifPresentOrElse(desk::advance, () -> desk.drop(account.key()));
    } catch (Error e) {
      desk.drop(account.key());
      throw e;
    } catch (RuntimeException e) {
      log.error(
          "`{}` failed in a way nobody thought of, and is tried again", account.key().inLogs(), e);
      desk.advance(
          account.deferred("error", e.toString(), clock.instant(), durably(account, null)));
    }
  }

  /** The account after its tries; empty if it is not this instance's to write any more. */
  private Optional<Account> next(Account account) {
    if (!(account.state() instanceof State.Pending pending)
        || account.task().orElseThrow() != Task.CREATE) {
      throw new IllegalStateException("Nobody does this yet");
    }
    // Also on the first attempt: it may have waited for a circuit or a permit since it was asked
    // for.
    Optional<String> refusal = stillPermitted.refusal(account);
    if (refusal.isPresent()) {
      return Optional.of(refused(account, pending, refusal.get()));
    }
    if (account.triedLongerThan(properties.giveUpAfter(), clock.instant())) {
      return Optional.of(
          account.decided(
              pending.failed(
                  "Given up after " + properties.giveUpAfter().toHours() + " hours of trying."),
              clock.instant()));
    }
    Optional<Service> service = lanes.service(account.key().serviceKey());
    if (service.isEmpty()) {
      return Optional.of(
          refused(account, pending, "The service is no longer in the tenant's file."));
    }
    Tries tries = new Tries(account, lanes.lane(service.get()));
    return after(account, pending, tries, tries.row());
  }

  /** A policy may be mended as it was broken: what it refuses waits, and fails only in the end. */
  private Account refused(Account account, State.Pending pending, String why) {
    Instant now = clock.instant();
    return account.createdAt().plus(properties.giveUpAfter()).isBefore(now)
        ? account.decided(pending.failed(why), now)
        : account.waiting(now, now.plus(jittered(properties.backoff().multipliedBy(10))));
  }

  private Optional<Account> after(
      Account account, State.Pending pending, Tries tries, Outcome outcome) {
    Instant now = clock.instant();
    return switch (outcome) {
      case Outcome.Created created ->
          Optional.of(
              account.after(
                  pending.created(
                      new Existence(created.id(), created.userName(), created.origin(), now)),
                  outcome.name(),
                  outcome.detail(),
                  now));
      case Outcome.SomebodyElses _ ->
          Optional.of(account.after(pending.held(HELD), outcome.name(), outcome.detail(), now));
      case Outcome.Rejected rejected ->
          Optional.of(
              account.after(
                  pending.failed(rejected.reason() + "."), outcome.name(), outcome.detail(), now));
      case Outcome.Retry retry ->
          Optional.of(
              account.deferred(
                  outcome.name(),
                  outcome.detail(),
                  now,
                  tries.notTooEarly(durably(account, retry.after()))));
      case Outcome.NotTried notTried when !notTried.stillOurs() -> Optional.empty();
      case Outcome.NotTried _ -> {
        Instant due = tries.notTooEarly(now.plus(jittered(properties.circuitOpenFor())));
        yield Optional.of(
            tries.requestsLeft == 0
                ? account.waiting(now, due)
                : account.deferred(outcome.name(), outcome.detail(), now, due));
      }
    };
  }

  /** The row of quick tries, of which the first may be the only one that needs no look. */
  private final class Tries {
    private final Account account;
    private final Lane lane;
    private int requestsLeft;
    private boolean perhapsThere;
    private boolean perhapsLater;

    Tries(Account account, Lane lane) {
      this.account = account;
      this.lane = lane;
      this.perhapsThere = !account.onFirstAttempt();
      this.perhapsLater = account.triedWithoutKnownEnd();
    }

    Outcome row() {
      Outcome outcome = tryOnce();
      for (int tried = 1;
          tried < properties.quickTries()
              && outcome instanceof Outcome.Retry again
              && worthAQuickTry(again)
              && pause(quickWait(tried, again.after()));
          tried++) {
        outcome = tryOnce();
      }
      return outcome;
    }

    private Outcome tryOnce() {
      long began = nanoTime.getAsLong();
      Outcome outcome = lane.attempt(account, step());
      boolean tried = !(outcome instanceof Outcome.NotTried);
      if (tried) {
        requestsLeft++;
      }
      if (outcome instanceof Outcome.Retry retry) {
        perhapsThere |= retry.trace() != Trace.NONE;
        perhapsLater |= retry.trace() == Trace.PERHAPS_LATER;
      }
      Duration took = tried ? Duration.ofNanos(nanoTime.getAsLong() - began) : Duration.ZERO;
      observers.forEach(observer -> observer.tried(account, outcome, took));
      return outcome;
    }

    /** A create that was not answered may take effect after a look, which a second would double. */
    private Step step() {
      if (perhapsLater) {
        return Step.LOOK;
      }
      return perhapsThere ? Step.LOOK_AND_CREATE : Step.CREATE;
    }

    /** Later than that time, if what was sent may still take effect then. */
    Instant notTooEarly(Instant due) {
      Instant settled = clock.instant().plus(properties.lateEffect());
      return perhapsLater && due.isBefore(settled) ? settled : due;
    }
  }

  private boolean worthAQuickTry(Outcome.Retry again) {
    return again.after() == null || again.after().compareTo(properties.longestQuickWait()) <= 0;
  }

  /** With full jitter, on top of what the service asked for. */
  private Duration quickWait(int tried, @Nullable Duration asked) {
    Duration longest = properties.quickBackoff().multipliedBy(1L << (tried - 1));
    return jittered(longest).plus(asked == null ? Duration.ZERO : asked);
  }

  /** Waits; false if it is time to stop. */
  private boolean pause(Duration time) {
    try {
      return !stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Instant durably(Account account, @Nullable Duration asked) {
    int rows = Math.min(30, Math.max(0, account.attempts().count() - 1));
    Duration longest = properties.backoff().multipliedBy(1L << Math.min(rows, 20));
    Duration wait =
        jittered(
            longest.compareTo(properties.longestBackoff()) < 0
                ? longest
                : properties.longestBackoff());
    if (asked != null && asked.compareTo(wait) > 0) {
      // A service may not put an account off for years.
      wait = asked.compareTo(properties.longestBackoff()) < 0 ? asked : properties.longestBackoff();
    }
    return clock.instant().plus(wait);
  }

  private Duration jittered(Duration longest) {
    return Duration.ofMillis(random.nextLong(1, longest.toMillis() + 1));
  }

  /** Lets the tries under way end, for a while, and interrupts the rest. */
  void stop() {
    stopping.countDown();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(properties.drainTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
        threads.awaitTermination(properties.drainTimeout().toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    lanes.close();
  }
}
