package dev.usher.provisioning.provision;

import dev.usher.policy.Service;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.provision.Lane.LaneResilience;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.tenant.Secrets;
import dev.usher.provisioning.tenant.ServiceKey;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The ways to all services, each made when it is first needed and again when its settings change.
 */
final class Lanes implements AutoCloseable {

  /** Waiting is no attempt, and what waits is bounded by what is in hand. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private final Function<ServiceKey, Optional<Service>> inForce;
  private final ConnectorTypes types;
  private final Secrets secrets;
  private final BiPredicate<Account, Duration> oursFor;
  private final InstantSource clock;
  private final Duration circuitOpenFor;
  private final Registries registries;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<ServiceKey, Lane> lanes = new ConcurrentHashMap<>();

  /** Resilience4j's registries, through which it publishes its metrics. */
  record Registries(
      BulkheadRegistry bulkheads,
      RateLimiterRegistry rateLimiters,
      CircuitBreakerRegistry circuitBreakers) {}

  /**
   * @param inForce the services as the tenant files say now
   * @param oursFor whether nobody can take an account over before a time has passed
   */
  Lanes(
      Function<ServiceKey, Optional<Service>> inForce,
      ConnectorTypes types,
      Secrets secrets,
      BiPredicate<Account, Duration> oursFor,
      InstantSource clock,
      Duration circuitOpenFor,
      Registries registries) {
    this.inForce = inForce;
    this.types = types;
    this.secrets = secrets;
    this.oursFor = oursFor;
    this.clock = clock;
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
    return new Lane(
        service,
        types.of(service).connect(service, limits, secrets, clock),
        limits,
        resilience(key.toString(), limits),
        oursFor,
        threads);
  }

  private LaneResilience resilience(String name, Limits limits) {
    // The registries keep what they once made; new settings need a new one.
    unregister(name);
    return new LaneResilience(
        registries
            .bulkheads()
            .bulkhead(
                name,
                BulkheadConfig.custom()
                    .maxConcurrentCalls(limits.concurrency())
                    .maxWaitDuration(LONGEST_WAIT)
                    .build()),
        rateLimiter(name, limits.rate()),
        registries
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
                    .recordResult(
                        result -> result instanceof Outcome.Retry retry && retry.failure())
                    .build()),
        TimeLimiter.of(
            TimeLimiterConfig.custom()
                .timeoutDuration(limits.timeout())
                .cancelRunningFuture(true)
                .build()));
  }

  private void unregister(String name) {
    registries.bulkheads().remove(name);
    registries.rateLimiters().remove(name);
    registries.circuitBreakers().remove(name);
  }

  private @Nullable RateLimiter rateLimiter(String name, Limits.@Nullable Rate rate) {
    return rate == null
        ? null
        : registries
            .rateLimiters()
            .rateLimiter(
                name,
                // One at a time at an even pace, rather than all at once at the period's start.
                RateLimiterConfig.custom()
                    .limitForPeriod(1)
                    .limitRefreshPeriod(rate.per().dividedBy(rate.count()))
                    .timeoutDuration(LONGEST_WAIT)
                    .build());
  }

  @Override
  public void close() {
    threads.shutdownNow();
    lanes.values().forEach(Lane::close);
  }
}
