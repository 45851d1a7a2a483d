package dev.usher.provisioning.provision;

import dev.usher.policy.Service;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.Origin;
import dev.usher.provisioning.account.Ownership;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Creation;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.Lookup;
import dev.usher.provisioning.provision.connector.NewAccount;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RequestNotPermitted;
import io.github.resilience4j.timelimiter.TimeLimiter;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The way to one service: its connector, behind its bulkhead, rate limiter, circuit breaker and
 * time limit. The waits come first, so that neither the time limit nor the circuit counts them, and
 * the circuit is asked last, when a request is about to leave.
 */
final class Lane implements AutoCloseable {

  private final Service service;
  private final Connector connector;
  private final Limits limits;
  private final Bulkhead bulkhead;
  private final @Nullable RateLimiter rateLimiter;
  private final CircuitBreaker circuit;
  private final TimeLimiter timeLimiter;
  private final Ownership ownership;
  private final ExecutorService threads;

  Lane(
      Service service,
      Connector connector,
      Limits limits,
      LaneResilience resilience,
      Ownership ownership,
      ExecutorService threads) {
    this.service = service;
    this.connector = connector;
    this.limits = limits;
    this.bulkhead = resilience.bulkhead();
    this.rateLimiter = resilience.rateLimiter();
    this.circuit = resilience.circuit();
    this.timeLimiter = resilience.timeLimiter();
    this.ownership = ownership;
    this.threads = threads;
  }

  /** The parts that stand before the connector. */
  record LaneResilience(
      Bulkhead bulkhead,
      @Nullable RateLimiter rateLimiter,
      CircuitBreaker circuit,
      TimeLimiter timeLimiter) {}

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

  /**
   * One try, after as long a wait as the limits ask for.
   *
   * @param lookFirst whether something of ours may be there already
   */
  Outcome attempt(Account account, boolean lookFirst) {
    if (!bulkhead.tryAcquirePermission()) {
      return new Outcome.NotTried("Too many tries are under way", true);
    }
    try {
      if (rateLimiter != null) {
        RateLimiter.waitForPermission(rateLimiter);
      }
      if (!ownership.outlasts(account, limits.timeout())) {
        return new Outcome.NotTried("This instance's lease is too short for a request", false);
      }
      return circuit.executeSupplier(() -> inTime(account, lookFirst));
    } catch (RequestNotPermitted _) {
      return new Outcome.NotTried("The service's rate limit leaves no room", true);
    } catch (CallNotPermittedException _) {
      return new Outcome.NotTried("The service fails, and is left alone for a while", true);
    } finally {
      bulkhead.releasePermission();
    }
  }

  private Outcome inTime(Account account, boolean lookFirst) {
    try {
      return timeLimiter.executeFutureSupplier(
          () -> threads.submit(() -> talk(newAccount(account), lookFirst)));
    } catch (TimeoutException _) {
      return new Outcome.Retry(
          "The service did not answer within " + limits.timeout(), null, true, false);
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      return new Outcome.Retry("The try failed: " + e, null, true, false);
    }
  }

  private Outcome talk(NewAccount account, boolean lookFirst) {
    if (lookFirst) {
      switch (connector.find(account)) {
        case Lookup.Ours ours -> {
          return new Outcome.Created(
              ours.id(), ours.userName(), Origin.CREATED, "Found as an earlier try had left it");
        }
        case Lookup.NotNow notNow -> {
          // The earlier try's fate stays unknown.
          return new Outcome.Retry(notNow.why(), notNow.after(), notNow.after() == null, false);
        }
        case Lookup.SomebodyElses _, Lookup.Absent _ -> {}
      }
    }
    return switch (connector.create(account)) {
      case Creation.Created created ->
          new Outcome.Created(
              created.id(), created.userName(), Origin.CREATED, "Created by the service");
      case Creation.NotNow notNow ->
          new Outcome.Retry(notNow.why(), notNow.after(), notNow.after() == null, true);
      case Creation.Unknown unknown ->
          new Outcome.Retry(unknown.why(), unknown.after(), true, false);
      case Creation.Rejected rejected -> new Outcome.Rejected(rejected.why(), rejected.words());
      case Creation.Conflict _ -> afterConflict(account);
    };
  }

  private Outcome afterConflict(NewAccount account) {
    return switch (connector.find(account)) {
      case Lookup.Ours ours ->
          new Outcome.Created(
              ours.id(), ours.userName(), Origin.CREATED, "Found as an earlier try had left it");
      case Lookup.SomebodyElses _ ->
          new Outcome.SomebodyElses("An account of that name is there and does not carry our key");
      case Lookup.Absent _ ->
          new Outcome.Retry(
              "The service speaks of a conflict and finds nothing in conflict", null, true, false);
      case Lookup.NotNow notNow -> new Outcome.Retry(notNow.why(), notNow.after(), true, false);
    };
  }

  private static NewAccount newAccount(Account account) {
    AccountKey key = account.key();
    String email = Objects.requireNonNull(account.profile().email(), "admission sets the address");
    return new NewAccount(key.toString(), email, account.profile());
  }

  @Override
  public void close() {
    connector.close();
  }
}
