package dev.usher.provisioning.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.provisioning.provision.LimitStore.Used;
import dev.usher.provisioning.tenant.ServiceKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What every store of limits promises. */
abstract class LimitStoreContract {

  private static final ServiceKey SLACK = new ServiceKey("acme", "slack");
  private static final ServiceKey GITHUB = new ServiceKey("acme", "github");
  private static final Instant THEN = Instant.parse("2026-03-02T10:15:30.250Z");
  private static final int CROWD = 16;

  /** An empty store, and one more view of the same for each call after the first. */
  abstract LimitStore store();

  private static Used used(long version) {
    return new Used(version, THEN, 20_514, 7 + version, THEN.plusSeconds(version));
  }

  @Test
  @Tag("external-database")
  void whatIsWrittenIsReadAndAStaleWriteIsRefused() {
    LimitStore store = store();
    assertThat(store.read(SLACK)).isEqualTo(Used.NOTHING);
    assertThat(store.write(SLACK, used(2))).as("before there is a first").isFalse();

    assertThat(store.write(SLACK, used(1))).isTrue();
    assertThat(store.write(SLACK, used(1))).isFalse();
    assertThat(store.read(SLACK)).isEqualTo(used(1));
    assertThat(store.write(SLACK, used(2))).isTrue();
    assertThat(store.write(SLACK, used(2))).isFalse();

    assertThat(store.read(SLACK)).isEqualTo(used(2));
    assertThat(store.read(GITHUB)).isEqualTo(Used.NOTHING);
  }

  @Test
  @Tag("external-database")
  void aPauseIsProlongedAndNeverCutShort() {
    LimitStore store = store();
    store.pause(SLACK, THEN.plusSeconds(60));
    store.pause(SLACK, THEN.plusSeconds(30));
    assertThat(store.read(SLACK).pausedUntil()).isEqualTo(THEN.plusSeconds(60));
    store.pause(SLACK, THEN.plusSeconds(90));
    assertThat(store.read(SLACK).pausedUntil()).isEqualTo(THEN.plusSeconds(90));
  }

  @Test
  @Tag("atomic-database")
  void inACrowdEachVersionIsWrittenByOne() throws Exception {
    CyclicBarrier start = new CyclicBarrier(CROWD);
    int rounds = 20;
    int written = 0;
    try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < CROWD; i++) {
        LimitStore store = store();
        tasks.add(
            () -> {
              int mine = 0;
              for (int round = 1; round <= rounds; round++) {
                start.await();
                mine += store.write(SLACK, used(round)) ? 1 : 0;
              }
              return mine;
            });
      }
      for (Future<Integer> each : crowd.invokeAll(tasks)) {
        written += each.get();
      }
    }
    assertThat(written).isEqualTo(rounds);
    assertThat(store().read(SLACK)).isEqualTo(used(rounds));
  }
}
