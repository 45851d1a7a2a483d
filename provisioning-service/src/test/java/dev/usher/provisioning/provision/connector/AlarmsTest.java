package dev.usher.provisioning.provision.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AlarmsTest {

  private static final Duration NEVER = Duration.ofHours(1);

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final Alarms alarms = new Alarms(timer);
  private final BlockingQueue<String> rung = new LinkedBlockingQueue<>();

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  private static Deadline in(Duration time) {
    return Deadline.after(time, System::nanoTime);
  }

  private Alarms.Alarm after(Duration time, String name) {
    return alarms.at(in(time), () -> rung.add(name));
  }

  private String next() throws InterruptedException {
    return String.valueOf(rung.poll(30, TimeUnit.SECONDS));
  }

  @Test
  void theyRingInTheOrderOfTheirTimesWhicheverIsSetFirst() throws InterruptedException {
    after(NEVER, "never");
    after(Duration.ofMillis(300), "third");
    after(Duration.ofMillis(20), "first");
    after(Duration.ofMillis(150), "second");

    assertThat(List.of(next(), next(), next())).containsExactly("first", "second", "third");
    assertThat(rung).isEmpty();
  }

  @Test
  void whatIsClosedInTimeDoesNotRing() throws InterruptedException {
    Alarms.Alarm closed = after(Duration.ofMillis(50), "closed");
    after(Duration.ofMillis(100), "open");
    closed.close();

    assertThat(next()).isEqualTo("open");
    closed.close();
    assertThat(rung).isEmpty();
  }

  @Test
  void oneThatFailsSilencesNoOther() throws InterruptedException {
    alarms.at(
        in(Duration.ofMillis(10)),
        () -> {
          throw new IllegalStateException("broken");
        });
    after(Duration.ofMillis(10), "whole");

    assertThat(next()).isEqualTo("whole");
  }

  @Test
  void aTimeThatHasPassedRingsAtOnce() throws InterruptedException {
    after(Duration.ZERO, "now");

    assertThat(next()).isEqualTo("now");
  }

  /** The reason that they are: a timer for each would wake a thread for each. */
  @Test
  void manyThatAreClosedInTimeNeedOneTimer() {
    for (int i = 0; i < 10_000; i++) {
      after(NEVER, "never").close();
    }
    assertThat(timer.getTaskCount()).isEqualTo(1);
  }

  @Test
  void noneIsMissedThatIsSetWhileOthersRing() throws InterruptedException {
    int threads = 4;
    int each = 2_000;
    List<Thread> all = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      all.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < each; i++) {
                      after(Duration.ofNanos(i * 1_000L % 777_000), "one");
                    }
                  }));
    }
    for (Thread thread : all) {
      thread.join();
    }
    for (int i = 0; i < threads * each; i++) {
      assertThat(next()).isEqualTo("one");
    }
    assertThat(rung).isEmpty();
  }
}
