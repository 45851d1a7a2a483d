package dev.usher.provisioning.provision;

import dev.usher.policy.Service;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.tenant.Secrets;
import dev.usher.provisioning.tenant.ServiceKey;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The ways to all services, each made when it is first needed and again when its settings change.
 */
final class Lanes implements AutoCloseable {

  /** Waiting is no attempt, and what waits is bounded by what is in hand. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private final Function<ServiceKey, Optional<Service>> inForce;
  private final ConnectorTypes types;
  private final Secrets secrets;
  private final LimitStore limitStore;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Duration longestQueueing;
  private final Duration longestPause;
  private final Duration circuitOpenFor;
  private final Registries registries;
  private final ScheduledThreadPoolExecutor timer;
  private final Map<ServiceKey, Lane> lanes = new ConcurrentHashMap<>();

  /** Resilience4j's registries, through which it publishes its metrics. */
  record Registries(
      BulkheadRegistry bulkheads,
      RateLimiterRegistry rateLimiters,
      CircuitBreakerRegistry circuitBreakers) {}

  /**
   * @param inForce the services as the tenant files say now
   * @param longestQueueing what has to wait for longer than this goes back to the database
   * @param longestPause how long a service can ask to be left alone at most
   */
  Lanes(
      Function<ServiceKey, Optional<Service>> inForce,
      ConnectorTypes types,
      Secrets secrets,
      LimitStore limitStore,
      InstantSource clock,
      LongSupplier nanoTime,
      Duration circuitOpenFor,
      Duration longestQueueing,
      Duration longestPause,
      Registries registries) {
    this.inForce = inForce;
    this.types = types;
    this.secrets = secrets;
    this.limitStore = limitStore;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.longestQueueing = longestQueueing;
    this.longestPause = longestPause;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("lanes-timer").daemon().factory());
    timer.setRemoveOnCancelPolicy(true);
    // Nobody need end it: what is under way when the service stops still has its guard.
    timer.setKeepAliveTime(10, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    this.circuitOpenFor = circuitOpenFor;
    this.registries = registries;
  }

  /** The service, if the tenant's file still has it. */
  Optional<Service> service(ServiceKey key) {
    Optional<Service> service = inForce.apply(key);
    if (service.isEmpty()) {
      forget(key);
    }
    return service;
  }

  private void forget(ServiceKey key) {
    lanes.computeIfPresent(
        key,
        (_, lane) -> {
          lane.close();
          unregister(key.toString());
          return null;
        });
  }

  /** How many accounts of the service are worth fetching now. */
  int room(ServiceKey key) {
    Lane lane = lanes.get(key);
    return lane == null ? Integer.MAX_VALUE : lane.room();
  }

  Lane lane(Service service) {
    ServiceKey key = new ServiceKey(service.tenant(), service.id());
    Lane lane = lanes.get(key);
    if (lane != null && lane.serves(service)) {
      return lane;
    }
    return lanes.compute(
        key,
        (_, before) -> {
          if (before != null && before.serves(service)) {
            return before;
          }
          if (before != null) {
            before.close();
          }
          return open(key, service);
        });
  }

  private Lane open(ServiceKey key, Service service) {
    Limits limits = types.of(service).limits(service);
    String name = key.toString();
    // The registries keep what they once made; new settings need a new one.
    unregister(name);
    return new Lane(
        service,
        types.of(service).connect(service, limits, secrets, clock),
        limits,
        bulkhead(name, limits),
        circuit(name),
        wake -> pace(key, limits, wake),
        longestQueueing,
        longestPause,
        nanoTime,
        timer);
  }

  private Bulkhead bulkhead(String name, Limits limits) {
    return registries
        .bulkheads()
        .bulkhead(
            name,
            BulkheadConfig.custom()
                .maxConcurrentCalls(limits.concurrency())
                .maxWaitDuration(Duration.ZERO)
                .build());
  }

  private CircuitBreaker circuit(String name) {
    return registries
        .circuitBreakers()
        .circuitBreaker(
            name,
            CircuitBreakerConfig.custom()
                .slidingWindowSize(50)
                .minimumNumberOfCalls(20)
                .failureRateThreshold(60)
                .waitDurationInOpenState(circuitOpenFor)
                .permittedNumberOfCallsInHalfOpenState(5)
                .automaticTransitionFromOpenToHalfOpenEnabled(true)
                .recordResult(result -> result instanceof Outcome outcome && outcome.failure())
                .build());
  }

  private Pace pace(ServiceKey key, Limits limits, Runnable wake) {
    if (limits.quota() != null || (limits.shared() && limits.rate() != null)) {
      return new SharedPace(key, Allowance.of(limits), limitStore, clock, wake);
    }
    Limits.Rate rate = limits.rate();
    return rate == null
        ? Pace.unlimited()
        : new LocalPace(
            registries
                .rateLimiters()
                .rateLimiter(
                    key.toString(),
                    // An even pace of bursts, rather than all at once at the period's start.
                    RateLimiterConfig.custom()
                        .limitForPeriod(limits.burst())
                        .limitRefreshPeriod(
                            rate.per().multipliedBy(limits.burst()).dividedBy(rate.count()))
                        .timeoutDuration(LONGEST_WAIT)
                        .build()),
            nanoTime);
  }

  private void unregister(String name) {
    registries.bulkheads().remove(name);
    registries.rateLimiters().remove(name);
    registries.circuitBreakers().remove(name);
  }

  /** Ends what is under way, as if no service had answered. */
  void interrupt() {
    lanes.values().forEach(Lane::interrupt);
  }

  /** What waits goes back; what is under way ends in its own time. */
  @Override
  public void close() {
    lanes.values().forEach(Lane::close);
  }
}
