package dev.usher.provisioning.provision;

import dev.usher.policy.Service;
import dev.usher.policy.Trigger;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.Queue;
import dev.usher.provisioning.account.Stage;
import dev.usher.provisioning.account.State;
import dev.usher.provisioning.account.StillPermitted;
import dev.usher.provisioning.account.Task;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiPredicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes accounts in services what they are wanted to be: each by a few quick tries in a row, and
 * then, durably, later.
 */
final class Provisioning implements Stage {

  private static final Logger log = LoggerFactory.getLogger(Provisioning.class);

  private static final Duration FIRST_POLL = Duration.ofMinutes(1);
  private static final Duration LONGEST_POLL = Duration.ofHours(1);

  private final Lanes lanes;
  private final Desk desk;
  private final StillPermitted stillPermitted;
  private final BiPredicate<Account, Duration> oursFor;
  private final BiPredicate<String, String> provenDomainOf;
  private final ProvisionProperties properties;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final List<ProvisionObserver> observers;
  private final Phaser underWay = new Phaser(1);
  private volatile boolean stopping;

  /** Where accounts go after their tries; each once. */
  interface Desk {

    /** The account's next version, to be written. */
    void advance(Account next);

    /** Not this instance's to write any more. */
    void drop(AccountKey key);
  }

  /**
   * @param oursFor whether nobody can take the account over before a time has passed
   * @param provenDomainOf whether a tenant has proven to own the domain of an e-mail address
   */
  Provisioning(
      Lanes lanes,
      Desk desk,
      StillPermitted stillPermitted,
      BiPredicate<Account, Duration> oursFor,
      BiPredicate<String, String> provenDomainOf,
      ProvisionProperties properties,
      InstantSource clock,
      RandomGenerator random,
      List<ProvisionObserver> observers) {
    this.lanes = lanes;
    this.desk = desk;
    this.stillPermitted = stillPermitted;
    this.oursFor = oursFor;
    this.provenDomainOf = provenDomainOf;
    this.properties = properties;
    this.clock = clock;
    this.random = random;
    this.observers = List.copyOf(observers);
  }

  @Override
  public int room(Queue queue) {
    return queue.service() == null ? 0 : lanes.room(queue.service());
  }

  @Override
  public void take(Account account) {
    if (stopping || underWay.register() < 0) {
      desk.drop(account.key());
      return;
    }
    try {
      start(account);
    } catch (RuntimeException e) {
      log.error("`{}` cannot be tried, and is looked at again", account.key().inLogs(), e);
      desk.drop(account.key());
      underWay.arriveAndDeregister();
    }
  }

  private void start(Account account) {
    Optional<Service> service = lanes.service(account.key().serviceKey());
    if (service.isEmpty()) {
      answer(refused(account, "The service is no longer in the tenant's file."));
      return;
    }
    boolean longEnough = account.triedLongerThan(properties.giveUpAfter(), clock.instant());
    Errand errand = new Errand(account, lanes.lane(service.get()), longEnough);
    if (longEnough && !errand.looksOnceMore()) {
      Optional<State.Transition> givenUp =
          Consequences.givenUp(
              account,
              errand.asksForMore()
                  ? stillPermitted.refusal(account).orElse(givenUpReason())
                  : givenUpReason());
      if (givenUp.isPresent()) {
        answer(account.decided(givenUp.get(), clock.instant()));
        return;
      }
    }
    errand.submit(Duration.ZERO);
  }

  private String givenUpReason() {
    return "Given up after " + properties.giveUpAfter().toHours() + " hours of trying.";
  }

  private void answer(Account next) {
    try {
      desk.advance(next);
    } finally {
      underWay.arriveAndDeregister();
    }
  }

  /** A policy may be mended as it was broken: what it refuses waits, and fails only in the end. */
  private Account refused(Account account, String why) {
    Instant now = clock.instant();
    Optional<State.Transition> givenUp =
        account.wanted().since().plus(properties.giveUpAfter()).isBefore(now)
            ? Consequences.givenUp(account, why)
            : Optional.empty();
    return givenUp
        .map(transition -> account.decided(transition, now))
        .orElseGet(
            () -> account.waiting(now, now.plus(jittered(properties.backoff().multipliedBy(10)))));
  }

  /** One account's tries in a row. */
  private final class Errand implements Lane.Job {
    private final Account account;
    private final Task task;
    private final Talk talk;
    private final Lane lane;
    private final boolean lastLook;
    private int tries;
    private boolean tried;

    Errand(Account account, Lane lane, boolean longEnough) {
      this.account = account;
      this.task = account.task().orElseThrow();
      this.lane = lane;
      this.talk =
          new Talk(
              account, email -> provenDomainOf.test(account.key().person().tenant(), email), clock);
      this.lastLook = longEnough && task == Task.CREATE && !account.onFirstAttempt();
    }

    /** Whether something may be there of what is about to be given up. */
    boolean looksOnceMore() {
      return lastLook;
    }

    /** Whether the join policy has to permit it. */
    boolean asksForMore() {
      return task == Task.CREATE || task == Task.REACTIVATE;
    }

    void submit(Duration delay) {
      lane.submit(this, delay);
    }

    @Override
    public int priority() {
      if (task.takesAway()) {
        return 0;
      }
      if (task != Task.CREATE || !account.onFirstAttempt()) {
        return 2;
      }
      return account.grant().trigger() == Trigger.JOINER ? 3 : 1;
    }

    @Override
    public boolean oursFor(Duration time) {
      return oursFor.test(account, time);
    }

    @Override
    public Outcome attempt(Connector connector, Deadline deadline) {
      tries++;
      if (lastLook) {
        return talk.lastLook(connector, deadline);
      }
      if (asksForMore()) {
        // Also on the first attempt: it may have waited since it was asked for.
        Optional<String> refusal = stillPermitted.refusal(account);
        if (refusal.isPresent()) {
          return new Outcome.NotPermitted(refusal.get());
        }
      }
      return talk.once(connector, deadline);
    }

    @Override
    public void ended(Outcome outcome, Duration took) {
      try {
        observers.forEach(observer -> observer.tried(account, outcome, took));
        Optional<Duration> again = again(outcome);
        if (again.isPresent()) {
          submit(again.get());
          return;
        }
        Optional<Account> next = after(outcome);
        if (next.isPresent()) {
          desk.advance(next.get());
        } else {
          desk.drop(account.key());
        }
      } catch (RuntimeException e) {
        // It stays what it is, and whoever looks at it next knows that a try may have left.
        log.error("`{}` failed in a way nobody thought of", account.key().inLogs(), e);
        desk.drop(account.key());
      }
      underWay.arriveAndDeregister();
    }

    /** After what pause a further quick try is worth it; empty if none is. */
    private Optional<Duration> again(Outcome outcome) {
      if (stopping || lastLook || tries >= properties.quickTries()) {
        return Optional.empty();
      }
      Duration asked;
      switch (outcome) {
        case Outcome.Retry retry -> asked = orZero(retry.after());
        case Outcome.Unknown unknown -> asked = orZero(unknown.after());
        case Outcome.Paused paused -> asked = paused.after();
        default -> {
          return Optional.empty();
        }
      }
      if (outcome.failure() || !(outcome instanceof Outcome.Paused)) {
        tried = true;
      }
      if (asked.compareTo(properties.longestQuickWait()) > 0) {
        return Optional.empty();
      }
      // With full jitter, on top of what the service asked for.
      return Optional.of(
          jittered(properties.quickBackoff().multipliedBy(1L << (tries - 1))).plus(asked));
    }

    /** The account after its tries; empty if it is not this instance's to write any more. */
    private Optional<Account> after(Outcome outcome) {
      Instant now = clock.instant();
      if (lastLook && !(outcome instanceof Outcome.There)) {
        return Optional.of(
            Consequences.givenUp(account, givenUpReason())
                .map(it -> account.after(it, outcome.name(), outcome.detail(), now))
                .orElseGet(() -> deferred(outcome, now, durably(null))));
      }
      Optional<State.Transition> becomes = Consequences.of(account, outcome, now);
      if (becomes.isPresent()) {
        State.Transition it = becomes.get();
        return Optional.of(
            it.to() instanceof State.Invited
                ? account.after(it, outcome.name(), outcome.detail(), now, now.plus(FIRST_POLL))
                : account.after(it, outcome.name(), outcome.detail(), now));
      }
      return switch (outcome) {
        case Outcome.NotOurs _ -> Optional.empty();
        case Outcome.NotPermitted refusal -> Optional.of(refused(account, refusal.detail()));
        case Outcome.NotTried notTried -> Optional.of(waiting(outcome, notTried.after(), now));
        case Outcome.Paused paused -> Optional.of(waiting(outcome, paused.after(), now));
        case Outcome.Retry retry -> Optional.of(deferred(outcome, now, durably(retry.after())));
        case Outcome.Unknown unknown ->
            Optional.of(deferred(outcome, now, durably(unknown.after())));
        case Outcome.InvitationSent _ ->
            Optional.of(deferred(outcome, now, doubling(FIRST_POLL, LONGEST_POLL)));
        default -> throw new IllegalStateException(task + " came to `" + outcome.name() + "`");
      };
    }

    private Account waiting(Outcome outcome, Duration atLeast, Instant now) {
      Duration wait = jittered(properties.circuitOpenFor());
      Duration asked = shorter(atLeast, properties.longestPause());
      Instant due = notTooEarly(now, now.plus(asked).plus(wait));
      return tried
          ? account.deferred(outcome.name(), outcome.detail(), now, due)
          : account.waiting(now, due);
    }

    private Account deferred(Outcome outcome, Instant now, Duration wait) {
      return account.deferred(
          outcome.name(), outcome.detail(), now, notTooEarly(now, now.plus(wait)));
    }

    /** Later than that time, if what was sent may still take effect then. */
    private Instant notTooEarly(Instant now, Instant due) {
      Instant settled = now.plus(properties.lateEffect());
      return talk.perhapsLater() && due.isBefore(settled) ? settled : due;
    }

    private Duration durably(@Nullable Duration asked) {
      Duration wait = jittered(doubling(properties.backoff(), properties.longestBackoff()));
      // A service may not put an account off for years.
      return asked != null && asked.compareTo(wait) > 0
          ? shorter(asked, properties.longestBackoff())
          : wait;
    }

    private Duration doubling(Duration first, Duration longest) {
      int rows = Math.min(20, Math.max(0, account.attempts().count() - 1));
      return shorter(first.multipliedBy(1L << rows), longest);
    }
  }

  private static Duration orZero(@Nullable Duration time) {
    return time == null ? Duration.ZERO : time;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private Duration jittered(Duration longest) {
    return Duration.ofMillis(random.nextLong(1, longest.toMillis() + 1));
  }

  /** Sends back what waits, lets the tries under way end, for a while, and interrupts the rest. */
  void stop() {
    stopping = true;
    lanes.close();
    int phase = underWay.arrive();
    if (!ended(phase)) {
      lanes.interrupt();
      if (!ended(phase)) {
        log.warn("Some tries have not ended; whoever takes them over looks first");
      }
    }
  }

  private boolean ended(int phase) {
    try {
      underWay.awaitAdvanceInterruptibly(
          phase, properties.drainTimeout().toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
