package dev.usher.provisioning.account;

import static dev.usher.provisioning.account.Accounts.NOW;
import static dev.usher.provisioning.account.Accounts.requested;
import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.provisioning.account.InstanceStore.Heartbeat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who may own work, on a clock that the test moves. */
final class OwnershipTest {

  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private final InMemoryInstances instances = new InMemoryInstances();
  private final AtomicLong nanos = new AtomicLong();
  private int names;
  private final Ownership ownership = ownership("me");
  private final Ownership other = ownership("other");

  private Ownership ownership(String name) {
    return new Ownership(instances, () -> name + ++names, nanos::get, LEASE, MARGIN);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void nobodyOwnsBeforeTheFirstHeartbeatAndAfterTheLease() {
    assertThat(ownership.owner()).isEmpty();
    ownership.beat();
    assertThat(ownership.owner()).contains("me1");
    pass(LEASE);
    assertThat(ownership.owner()).isEmpty();
    ownership.beat();
    assertThat(ownership.owner()).as("nobody fenced it in the meantime").contains("me1");
  }

  @Test
  void aRequestMayLeaveOnlyIfTheLeaseOutlastsItAndTheAccountIsOurs() {
    ownership.beat();
    Account mine = requested("ada").taken("me1", NOW);
    assertThat(ownership.outlasts(mine, Duration.ofSeconds(10))).isTrue();
    pass(Duration.ofSeconds(6));
    assertThat(ownership.outlasts(mine, Duration.ofSeconds(10))).isFalse();
    assertThat(ownership.outlasts(mine, Duration.ofSeconds(8))).isTrue();
    assertThat(ownership.outlasts(requested("ada").taken("x", NOW), Duration.ofSeconds(1)))
        .isFalse();
    assertThat(ownership.outlasts(requested("ada"), Duration.ofSeconds(1))).isFalse();
  }

  @Test
  void whoStandsStillForLongerThanItsLeaseIsDeadAndItsNameIsGone() {
    other.beat();
    ownership.beat();
    Set<String> owners = Set.of("other1");

    assertThat(ownership.deadAmong(owners)).as("seen for the first time").isEmpty();
    pass(LEASE.plus(MARGIN));
    assertThat(ownership.deadAmong(owners)).as("just not long enough").isEmpty();
    pass(Duration.ofNanos(1));
    ownership.beat();
    assertThat(ownership.deadAmong(owners)).containsExactly("other1");
    assertThat(other.owner()).as("its lease ended before it was fenced").isEmpty();

    other.beat();
    assertThat(other.owner()).as("it comes back as somebody else").contains("other3");
  }

  @Test
  void whoBeatsLives() {
    other.beat();
    ownership.beat();
    for (int i = 0; i < 20; i++) {
      assertThat(ownership.deadAmong(Set.of("other1", "me2"))).isEmpty();
      pass(LEASE);
      other.beat();
      ownership.beat();
    }
  }

  @Test
  void anOwnerWithoutAHeartbeatIsDead() {
    ownership.beat();
    assertThat(ownership.deadAmong(Set.of("me1", "gone"))).containsExactly("gone");
  }

  @Test
  void whoIsDeadAndOwnsNothingIsForgotten() {
    other.beat();
    ownership.beat();
    ownership.deadAmong(Set.of());
    pass(LEASE.plus(MARGIN).plusNanos(1));
    ownership.beat();

    assertThat(ownership.deadAmong(Set.of())).isEmpty();

    assertThat(instances.heartbeats()).extracting(Heartbeat::instance).containsExactly("me2");
  }

  @Test
  void whoResignsOwnsNothingAndIsForgotten() {
    ownership.beat();
    ownership.resign();
    assertThat(ownership.owner()).isEmpty();
    assertThat(instances.heartbeats()).isEmpty();
  }

  /** Heartbeats in memory. */
  static final class InMemoryInstances implements InstanceStore {
    private final Map<String, Heartbeat> heartbeats = new LinkedHashMap<>();

    @Override
    public synchronized void register(String instance) {
      heartbeats.put(instance, new Heartbeat(instance, 1, false));
    }

    @Override
    public synchronized boolean beat(String instance) {
      Heartbeat before = heartbeats.get(instance);
      if (before == null || before.fenced()) {
        return false;
      }
      heartbeats.put(instance, new Heartbeat(instance, before.beat() + 1, false));
      return true;
    }

    @Override
    public synchronized List<Heartbeat> heartbeats() {
      return new ArrayList<>(heartbeats.values());
    }

    @Override
    public synchronized boolean fence(Heartbeat seen) {
      if (!seen.equals(heartbeats.get(seen.instance()))) {
        return false;
      }
      heartbeats.put(seen.instance(), new Heartbeat(seen.instance(), seen.beat(), true));
      return true;
    }

    @Override
    public synchronized void remove(String instance) {
      heartbeats.remove(instance);
    }
  }
}
