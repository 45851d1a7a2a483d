package dev.usher.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Something that befalls the service once a share of all accounts is announced. Progress and not
 * time says when, so that the same seed does the same to a fast and to a slow machine.
 */
sealed interface Trouble {

  /** The share, from 0 to 1. */
  double at();

  /** An instance is killed, and another started in its place some time later. */
  record Kill(double at, int slot, Duration away) implements Trouble {
    @Override
    public String toString() {
      return "SIGKILL to instance %d, replaced after %s".formatted(slot, away);
    }
  }

  /**
   * A neighbour stops in an orderly way and starts again; an instance is killed in between, and
   * replaced after the neighbour is back.
   */
  record Outage(double at, Neighbour neighbour, Duration away, int slot) implements Trouble {
    @Override
    public String toString() {
      return "no %s for %s, and SIGKILL to instance %d meanwhile"
          .formatted(neighbour.name().toLowerCase(Locale.ROOT), away, slot);
    }
  }

  /** An instance is asked to end (SIGTERM), hands its work back, and another takes its place. */
  record Restart(double at, int slot) implements Trouble {
    @Override
    public String toString() {
      return "SIGTERM to instance %d, replaced once it has ended".formatted(slot);
    }
  }

  /** An instance stands still for longer than its lease, and goes on. */
  record Freeze(double at, int slot, Duration still) implements Trouble {
    @Override
    public String toString() {
      return "SIGSTOP to instance %d, SIGCONT after %s".formatted(slot, still);
    }
  }

  /** A service refuses connections and comes back. */
  record ServiceDown(double at, String service, Duration away) implements Trouble {
    @Override
    public String toString() {
      return "no %s for %s".formatted(service, away);
    }
  }

  /** What the service cannot do without. */
  enum Neighbour {
    DATABASE,
    BROKER,
    REGISTRY
  }

  /**
   * All that is to happen, in order.
   *
   * @param kills how many instances are killed, three of five of them while a neighbour is away
   * @param instances how many there are
   * @param lease how long an instance must stand still to be taken for dead
   */
  static List<Trouble> plan(long seed, int kills, int instances, Duration lease) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Trouble> plan = new ArrayList<>();
    for (int i = 0; i < kills; i++) {
      double at = 0.05 + 0.85 * (i + random.nextDouble()) / kills;
      int slot = random.nextInt(instances);
      Duration away = Duration.ofMillis(random.nextLong(500, 5_000));
      plan.add(
          i % 5 < Neighbour.values().length
              ? new Outage(at, Neighbour.values()[i % 5], away, slot)
              : new Kill(at, slot, away));
    }
    for (int i = 0; i < Math.max(1, kills / 7); i++) {
      plan.add(
          new Freeze(
              0.1 + 0.8 * random.nextDouble(),
              random.nextInt(instances),
              lease.plusMillis(random.nextLong(1_000, 5_000))));
      plan.add(new Restart(0.1 + 0.8 * random.nextDouble(), random.nextInt(instances)));
      plan.add(
          new ServiceDown(
              0.1 + 0.8 * random.nextDouble(),
              Cast.SERVICES.get(random.nextInt(Cast.SERVICES.size())),
              Duration.ofMillis(random.nextLong(500, 5_000))));
    }
    plan.sort(Comparator.comparingDouble(Trouble::at));
    return List.copyOf(plan);
  }
}
