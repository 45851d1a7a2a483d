package dev.usher.provisioning.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.policy.Service;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.scim.ScimConnectors;
import dev.usher.provisioning.tenant.Secrets;
import dev.usher.provisioning.testing.Acme;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way to one service, by a clock that a test sets. */
class LaneTest {

  private static final Duration DAY = Duration.ofDays(1);

  private final AtomicLong nanos = new AtomicLong();
  private final List<Duration> paused = new CopyOnWriteArrayList<>();

  private Lane lane(ScheduledExecutorService timer) {
    Service service = Acme.slack(Acme.scim("http://127.0.0.1:1"));
    ScimConnectors connectors = new ScimConnectors(new Outbound(true));
    Pace pace =
        new Pace() {
          @Override
          public Duration take(int wanted) {
            return Duration.ZERO;
          }

          @Override
          public void pause(Duration time) {
            paused.add(time);
          }
        };
    return new Lane(
        service,
        connectors.connect(
            service,
            connectors.limits(service),
            new Secrets(_ -> "token"),
            () -> Instant.parse("2026-03-02T08:00:00Z")),
        connectors.limits(service),
        Bulkhead.ofDefaults("lane"),
        CircuitBreaker.ofDefaults("lane"),
        _ -> pace,
        Duration.ofSeconds(3),
        DAY,
        nanos::get,
        timer);
  }

  private record Asking(Outcome outcome, CompletableFuture<Outcome> end) implements Lane.Job {

    @Override
    public int priority() {
      return 0;
    }

    @Override
    public boolean oursFor(Duration time) {
      return true;
    }

    @Override
    public Outcome attempt(Connector connector, Deadline deadline) {
      return outcome;
    }

    @Override
    public void ended(Outcome came, Duration took) {
      end.complete(came);
    }
  }

  /** A day is what the operator allows at most; the last is more than there are nanoseconds. */
  @ParameterizedTest
  @ValueSource(longs = {86_401, 999_999_999, 253_402_300_799L})
  void aServiceThatAsksForYearsIsLeftAloneForTheLongestPause(long seconds) throws Exception {
    try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        Lane lane = lane(timer)) {
      Outcome told = new Outcome.Paused("The service answered 429", Duration.ofSeconds(seconds));
      CompletableFuture<Outcome> end = new CompletableFuture<>();

      lane.submit(new Asking(told, end), Duration.ZERO);

      assertThat(end.get(30, TimeUnit.SECONDS)).isEqualTo(told);
      assertThat(paused).as("all instances are told of a day").containsExactly(DAY);
      assertThat(lane.room()).isZero();
      nanos.set(DAY.toNanos());
      assertThat(lane.room()).isPositive();
      timer.shutdownNow();
    }
  }
}
