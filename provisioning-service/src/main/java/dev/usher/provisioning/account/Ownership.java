package dev.usher.provisioning.account;

import dev.usher.provisioning.account.InstanceStore.Heartbeat;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This instance's right to own work, kept alive by a heartbeat document, and its watch over the
 * others'. No wall clock takes part: an owner counts its lease from before its heartbeat was sent,
 * and whoever fences it has watched the heartbeat stand still for longer than that, each on its own
 * monotonic clock.
 */
public final class Ownership {

  private final InstanceStore store;
  private final Supplier<String> newInstance;
  private final LongSupplier nanoTime;
  private final Duration lease;
  private final Duration margin;
  private final Map<String, Seen> seen = new HashMap<>();

  private volatile @Nullable Held held;

  private record Held(String owner, long untilNanos) {}

  private record Seen(long beat, long sinceNanos) {}

  /**
   * @param lease how long one heartbeat lasts
   * @param margin how much longer another instance's must stand still before it counts as dead, for
   *     clocks that run at different speeds
   */
  Ownership(
      InstanceStore store,
      Supplier<String> newInstance,
      LongSupplier nanoTime,
      Duration lease,
      Duration margin) {
    this.store = store;
    this.newInstance = newInstance;
    this.nanoTime = nanoTime;
    this.lease = lease;
    this.margin = margin;
  }

  /** The owner to write into accounts; empty while this instance has no right to own any. */
  Optional<String> owner() {
    Held now = held;
    return now != null && now.untilNanos - nanoTime.getAsLong() > 0
        ? Optional.of(now.owner)
        : Optional.empty();
  }

  /**
   * Whether nobody can take the account over before {@code time} has passed. To be asked right
   * before a request leaves, with the request's whole deadline.
   */
  public boolean outlasts(Account account, Duration time) {
    Held now = held;
    return now != null
        && account.work() != null
        && now.owner.equals(account.work().owner())
        && now.untilNanos - nanoTime.getAsLong() > time.toNanos();
  }

  /** One step of the heartbeat. To be taken several times within a lease. */
  synchronized void beat() {
    long before = nanoTime.getAsLong();
    Held now = held;
    if (now == null || !store.beat(now.owner)) {
      // Fenced, or new: whatever the old name owned is others' now.
      String owner = newInstance.get();
      store.register(owner);
      now = new Held(owner, before);
    }
    held = new Held(now.owner, before + lease.toNanos());
  }

  /**
   * The owners among these that are dead: fenced by somebody, by this call, or without a heartbeat
   * at all.
   *
   * @param owners as read before this call, so that a newly started instance is not taken for dead
   */
  synchronized Set<String> deadAmong(Set<String> owners) {
    Set<String> dead = new HashSet<>(owners);
    Set<String> present = new HashSet<>();
    Held me = held;
    for (Heartbeat heartbeat : store.heartbeats()) {
      present.add(heartbeat.instance());
      boolean own = me != null && me.owner.equals(heartbeat.instance());
      if (heartbeat.fenced() || (!own && stoodStill(heartbeat) && store.fence(heartbeat))) {
        if (!owners.contains(heartbeat.instance())) {
          store.remove(heartbeat.instance());
        }
      } else {
        dead.remove(heartbeat.instance());
      }
    }
    seen.keySet().retainAll(present);
    return dead;
  }

  private boolean stoodStill(Heartbeat heartbeat) {
    long now = nanoTime.getAsLong();
    Seen before = seen.get(heartbeat.instance());
    if (before == null || before.beat != heartbeat.beat()) {
      seen.put(heartbeat.instance(), new Seen(heartbeat.beat(), now));
      return false;
    }
    return now - before.sinceNanos > lease.plus(margin).toNanos();
  }

  /** Gives up the right to own. To be called once nothing is owned any more. */
  synchronized void resign() {
    Held now = held;
    held = null;
    if (now != null) {
      store.remove(now.owner);
    }
  }
}
