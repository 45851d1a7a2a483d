package dev.usher.provisioning.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.Limits.Rate;
import dev.usher.provisioning.tenant.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Instances that want all they can get, on one clock that the tests move. */
final class SharedPaceTest {

  private static final ServiceKey SLACK = new ServiceKey("acme", "slack");
  private static final Instant MIDNIGHT = Instant.parse("2026-03-02T00:00:00Z");

  /** Odd, so that no wait but that for the store is of exactly 50 ms. */
  private static final Duration STEP = Duration.ofNanos(10_000_137);

  private final InMemoryLimitStore store = new InMemoryLimitStore();
  private final Semaphore woken = new Semaphore(0);
  private volatile Instant now = MIDNIGHT;

  @AfterEach
  void nothingElseWasWoken() {
    assertThat(woken.availablePermits()).isZero();
  }

  private SharedPace instance(Allowance allowance) {
    return new SharedPace(SLACK, allowance, store, () -> now, woken::release);
  }

  private static Allowance allowance(@Nullable Rate rate, int burst, @Nullable Rate quota) {
    return Allowance.of(new Limits(20, rate, burst, quota, true, Duration.ofSeconds(5)));
  }

  /** Takes what there is, and says how long until it is worth asking again. */
  private Duration takeAll(SharedPace pace, List<Instant> taken) {
    Duration wait = pace.take(1_000);
    while (wait.isZero()) {
      taken.add(now);
      wait = pace.take(1_000);
    }
    if (wait.equals(Duration.ofMillis(50))) {
      // It asks the store beside, and wakes when it knows.
      woken.acquireUninterruptibly();
      return takeAll(pace, taken);
    }
    return wait;
  }

  @ParameterizedTest
  @CsvSource({"2, 180, 20", "2, 180, 1", "5, 60, 60", "3, 7, 3"})
  void instancesTogetherNeverExceedTheRateInAnyMinuteAndHardlyFallShortOfIt(
      int instances, int perMinute, int burst) {
    Duration minute = Duration.ofMinutes(1);
    Allowance allowance = allowance(new Rate(perMinute, minute), burst, null);
    List<SharedPace> paces = new ArrayList<>();
    for (int i = 0; i < instances; i++) {
      paces.add(instance(allowance));
    }
    List<Instant> taken = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(perMinute);

    Duration time = Duration.ofMinutes(10);
    while (now.isBefore(MIDNIGHT.plus(time))) {
      // Not all look at every moment, so that some use their permits late.
      for (SharedPace pace : paces) {
        if (random.nextInt(10) == 0) {
          takeAll(pace, taken);
        }
      }
      now = now.plus(STEP);
    }

    for (int i = 0; i + perMinute < taken.size(); i++) {
      assertThat(Duration.between(taken.get(i), taken.get(i + perMinute)))
          .as("the time of %d permits from %s on", perMinute + 1, taken.get(i))
          .isGreaterThanOrEqualTo(minute);
    }
    // The even pace that leaves room for one burst.
    long most = time.dividedBy(allowance.interval());
    assertThat(taken).hasSizeGreaterThan((int) (most * 8 / 10));
  }

  @Test
  void aQuotaIsUsedUpByAllTogetherAndComesBackAtMidnight() {
    Allowance allowance = allowance(null, 1, new Rate(100, Duration.ofDays(1)));
    SharedPace one = instance(allowance);
    SharedPace other = instance(allowance);
    List<Instant> taken = new ArrayList<>();
    now = MIDNIGHT.plus(Duration.ofHours(15));

    Duration first = takeAll(one, taken);
    Duration second = takeAll(other, taken);

    assertThat(taken).hasSize(100);
    assertThat(first).isEqualTo(Duration.ofHours(9));
    assertThat(second).isEqualTo(Duration.ofHours(9));

    now = MIDNIGHT.plus(Duration.ofHours(24));
    takeAll(other, taken);
    takeAll(one, taken);
    assertThat(taken).hasSize(200);
  }

  @Test
  void whatTheServiceAsksOneInstanceForHoldsForAll() {
    Allowance allowance = allowance(new Rate(180, Duration.ofMinutes(1)), 1, null);
    SharedPace told = instance(allowance);
    SharedPace other = instance(allowance);

    told.pause(Duration.ofSeconds(30));
    Awaitility.await("the document says so")
        .until(() -> store.read(SLACK).pausedUntil().equals(MIDNIGHT.plusSeconds(30)));

    List<Instant> taken = new ArrayList<>();
    assertThat(takeAll(told, taken)).isEqualTo(Duration.ofSeconds(30));
    assertThat(takeAll(other, taken)).isEqualTo(Duration.ofSeconds(30));
    assertThat(taken).isEmpty();
  }

  @Test
  void aBurstIsThereAtOnceAndThenThePaceIsEven() {
    Allowance allowance = allowance(new Rate(180, Duration.ofMinutes(1)), 20, null);
    List<Instant> taken = new ArrayList<>();

    takeAll(instance(allowance), taken);

    assertThat(taken).hasSize(20);
    assertThat(allowance.interval()).isBetween(Duration.ofMillis(330), Duration.ofMillis(400));
  }
}
