package dev.usher.benchmarks.speed;

/**
 * How much is done to be sure.
 *
 * @param rounds that count
 * @param warmUps rounds before those
 * @param seconds that one contender's part of a round is to take, about
 * @param knownPeople whose sign-ins are repeats
 * @param repeats sign-ins of theirs in a round
 */
record Effort(int rounds, int warmUps, int seconds, int knownPeople, int repeats) {

  static final Effort FULL = new Effort(5, 3, 4, 5_000, 600_000);
  static final Effort QUICK = new Effort(3, 2, 2, 2_000, 300_000);
}
