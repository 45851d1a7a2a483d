package dev.usher.benchmarks.speed;

import java.util.List;

/**
 * How much is done to be sure.
 *
 * @param rounds that count
 * @param warmUps rounds before those
 * @param seconds that one contender's part of a round is to take, about
 * @param secondsOfWarmUp at full load, where it is latency that is measured
 * @param secondsAtOnePerSecond of a load that is so light that it takes long to see much
 * @param knownPeople whose sign-ins are repeats
 * @param repeats sign-ins of theirs in a round
 * @param knownPeopleGrowing how many people are known
 * @param readPeople at most so many of them sign in first
 * @param tenantsGrowing how many tenants there are
 * @param servicesGrowing how many services a tenant has
 * @param waitingGrowing how many accounts wait for a dead service
 * @param callsGrowing how many calls are under way
 */
record Effort(
    int rounds,
    int warmUps,
    int seconds,
    int secondsOfWarmUp,
    int secondsAtOnePerSecond,
    int knownPeople,
    int repeats,
    List<Integer> knownPeopleGrowing,
    int readPeople,
    List<Integer> tenantsGrowing,
    List<Integer> servicesGrowing,
    List<Integer> waitingGrowing,
    List<Integer> callsGrowing) {

  private static final int LIGHTER_ROUNDS = 3;
  private static final int LIGHTER_WARM_UPS = 2;

  static final Effort FULL =
      new Effort(
          5,
          12,
          4,
          150,
          8,
          5_000,
          600_000,
          List.of(10_000, 100_000, 1_000_000),
          50_000,
          List.of(1, 10, 100, 1_000),
          List.of(1, 3, 30, 50),
          List.of(0, 1_000, 10_000, 100_000),
          List.of(10, 100, 300, 1_000));

  static final Effort QUICK =
      new Effort(
          3,
          2,
          2,
          20,
          4,
          2_000,
          300_000,
          List.of(10_000, 100_000),
          20_000,
          List.of(1, 1_000),
          List.of(1, 50),
          List.of(0, 100_000),
          List.of(10, 100, 1_000));

  /** The same for what is measured at many points, each of which needs less. */
  Effort lighter() {
    return new Effort(
        LIGHTER_ROUNDS,
        LIGHTER_WARM_UPS,
        seconds,
        secondsOfWarmUp,
        secondsAtOnePerSecond,
        knownPeople,
        repeats / 2,
        knownPeopleGrowing,
        readPeople,
        tenantsGrowing,
        servicesGrowing,
        waitingGrowing,
        callsGrowing);
  }
}
