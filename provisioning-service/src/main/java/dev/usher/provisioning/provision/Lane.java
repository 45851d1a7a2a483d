package dev.usher.provisioning.provision;

import dev.usher.policy.Service;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.Origin;
import dev.usher.provisioning.provision.Outcome.Trace;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Creation;
import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.DesiredAccount;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.Lookup;
import dev.usher.provisioning.provision.connector.NotNow;
import dev.usher.provisioning.provision.connector.Rejected;
import dev.usher.provisioning.provision.connector.Unknown;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.core.exception.AcquirePermissionCancelledException;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RequestNotPermitted;
import io.github.resilience4j.timelimiter.TimeLimiter;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The way to one service: its connector, behind its bulkhead, rate limiter, circuit breaker and
 * time limit. The waits come first, so that neither the time limit nor the circuit counts them, and
 * the circuit is asked last, when a request is about to leave.
 */
final class Lane implements AutoCloseable {

  private static final String LEFT_ALONE = "The service fails, and is left alone for a while";

  private final Service service;
  private final Connector connector;
  private final Limits limits;
  private final Bulkhead bulkhead;
  private final @Nullable RateLimiter rateLimiter;
  private final CircuitBreaker circuit;
  private final TimeLimiter timeLimiter;
  private final BiPredicate<Account, Duration> oursFor;
  private final ExecutorService threads;
  private final Phaser underWay;
  private volatile boolean closed;

  /**
   * @param oursFor whether nobody can take the account over before a time has passed
   */
  Lane(
      Service service,
      Connector connector,
      Limits limits,
      LaneResilience resilience,
      BiPredicate<Account, Duration> oursFor,
      ExecutorService threads) {
    this.service = service;
    this.connector = connector;
    this.limits = limits;
    this.bulkhead = resilience.bulkhead();
    this.rateLimiter = resilience.rateLimiter();
    this.circuit = resilience.circuit();
    this.timeLimiter = resilience.timeLimiter();
    this.oursFor = oursFor;
    this.threads = threads;
    this.underWay =
        new Phaser(1) {
          @Override
          protected boolean onAdvance(int phase, int registered) {
            connector.close();
            return true;
          }
        };
  }

  /** The parts that stand before the connector. */
  record LaneResilience(
      Bulkhead bulkhead,
      @Nullable RateLimiter rateLimiter,
      CircuitBreaker circuit,
      TimeLimiter timeLimiter) {}

  /** What to do about an account that may be there already. */
  enum Step {
    /** It cannot be there. */
    CREATE,
    /** Look for it, and create it if it is not there. */
    LOOK_AND_CREATE,
    /** Only look for it: it may be on its way. */
    LOOK
  }

  /** Whether the lane is as the service's settings say. */
  boolean serves(Service current) {
    return service.connector().equals(current.connector());
  }

  /** How many accounts are worth fetching now. */
  int room() {
    return switch (circuit.getState()) {
      case OPEN, FORCED_OPEN -> 0;
      case HALF_OPEN ->
          circuit.getCircuitBreakerConfig().getPermittedNumberOfCallsInHalfOpenState();
      case CLOSED, DISABLED, METRICS_ONLY -> Integer.MAX_VALUE;
    };
  }

  /** One try, after as long a wait as the limits ask for. */
  Outcome attempt(Account account, Step step) {
    if (room() == 0) {
      // Before the waits: what cannot leave takes nobody's permit.
      return new Outcome.NotTried(LEFT_ALONE, true);
    }
    if (!bulkhead.tryAcquirePermission()) {
      return new Outcome.NotTried("Too many tries are under way", true);
    }
    try {
      if (rateLimiter != null) {
        RateLimiter.waitForPermission(rateLimiter);
      }
      return closed || underWay.register() < 0
          ? new Outcome.NotTried("The service's settings have changed", true)
          : underWay(account, step);
    } catch (RequestNotPermitted _) {
      return new Outcome.NotTried("The service's rate limit leaves no room", true);
    } catch (AcquirePermissionCancelledException _) {
      return new Outcome.NotTried("This instance is stopping", true);
    } finally {
      bulkhead.releasePermission();
    }
  }

  private Outcome underWay(Account account, Step step) {
    try {
      if (!oursFor.test(account, limits.timeout())) {
        return new Outcome.NotTried("This instance's lease is too short for a request", false);
      }
      return circuit.executeSupplier(() -> inTime(account, step));
    } catch (CallNotPermittedException _) {
      return new Outcome.NotTried(LEFT_ALONE, true);
    } finally {
      underWay.arriveAndDeregister();
    }
  }

  private Outcome inTime(Account account, Step step) {
    Future<Outcome> talk;
    try {
      talk =
          threads.submit(
              () ->
                  talk(desired(account), step, Deadline.after(limits.timeout(), System::nanoTime)));
    } catch (RejectedExecutionException _) {
      return new Outcome.Retry("This instance is stopping", null, false, Trace.NONE);
    }
    try {
      return timeLimiter.executeFutureSupplier(() -> talk);
    } catch (TimeoutException _) {
      return new Outcome.Retry(
          "The service did not answer within " + limits.timeout(), null, true, Trace.PERHAPS_LATER);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Outcome.Retry("This instance is stopping", null, false, Trace.PERHAPS_LATER);
    } catch (Exception e) {
      return new Outcome.Retry("The try failed: " + e, null, true, Trace.PERHAPS_LATER);
    } finally {
      // Also when it is not the time limit that ends the wait.
      talk.cancel(true);
    }
  }

  private Outcome talk(DesiredAccount account, Step step, Deadline deadline) {
    return switch (step) {
      case CREATE -> create(account, deadline);
      case LOOK_AND_CREATE, LOOK ->
          switch (connector.find(account, deadline)) {
            case Lookup.Found found when account.externalId().equals(found.externalId()) ->
                leftByAnEarlierTry(found);
            case Lookup.Found _, Lookup.StillInvited _ -> somebodyElses();
            // The earlier try's fate stays unknown.
            case NotNow notNow ->
                new Outcome.Retry(
                    notNow.why(), notNow.after(), notNow.after() == null, Trace.PERHAPS);
            case Lookup.Absent _ when step == Step.LOOK ->
                new Outcome.Retry(
                    "An earlier try was not answered, and may still take effect",
                    null,
                    false,
                    Trace.PERHAPS_LATER);
            case Lookup.Absent _ -> create(account, deadline);
          };
    };
  }

  private Outcome create(DesiredAccount account, Deadline deadline) {
    return switch (connector.create(account, deadline)) {
      case Creation.Created created ->
          new Outcome.Created(
              created.id(), created.userName(), Origin.CREATED, "Created by the service");
      case NotNow notNow ->
          new Outcome.Retry(notNow.why(), notNow.after(), notNow.after() == null, Trace.NONE);
      case Unknown unknown ->
          new Outcome.Retry(
              unknown.why(),
              unknown.after(),
              true,
              unknown.answered() ? Trace.PERHAPS : Trace.PERHAPS_LATER);
      case Rejected rejected -> new Outcome.Rejected(rejected.why(), rejected.words());
      case Creation.Invited invited ->
          new Outcome.Rejected(
              "Invitations are not understood", "`" + invited.id() + "` was invited");
      case Creation.Conflict _ -> afterConflict(account, deadline);
    };
  }

  private Outcome afterConflict(DesiredAccount account, Deadline deadline) {
    return switch (connector.find(account, deadline)) {
      case Lookup.Found found when account.externalId().equals(found.externalId()) ->
          leftByAnEarlierTry(found);
      case Lookup.Found _, Lookup.StillInvited _ -> somebodyElses();
      case Lookup.Absent _ ->
          new Outcome.Retry(
              "The service speaks of a conflict and finds nothing in conflict",
              null,
              true,
              Trace.PERHAPS);
      case NotNow notNow -> new Outcome.Retry(notNow.why(), notNow.after(), true, Trace.PERHAPS);
    };
  }

  private static Outcome leftByAnEarlierTry(Lookup.Found ours) {
    return new Outcome.Created(
        ours.id(), ours.userName(), Origin.CREATED, "Found as an earlier try had left it");
  }

  private static Outcome somebodyElses() {
    return new Outcome.SomebodyElses("An account of that name is there and does not carry our key");
  }

  private static DesiredAccount desired(Account account) {
    AccountKey key = account.key();
    String email = Objects.requireNonNull(account.profile().email(), "admission sets the address");
    return new DesiredAccount(
        key.toString(), email, account.profile(), Map.of(), account.grant().entitlements());
  }

  /** Nothing leaves any more; what is under way ends in its own time, and then the connector. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      underWay.arriveAndDeregister();
    }
  }
}
