package dev.usher.benchmarks.policy;

import dev.usher.benchmarks.policy.Company.SignIn;

/** The engines that ours is compared with. */
final class Peers {
  private Peers() {}

  static Engine named(String name) {
    return switch (name) {
      case "cel" -> new CelEngine();
      case "jcasbin" -> new CasbinEngine();
      case "cedar" -> new CedarEngine();
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** Compares two engines over all people and services; a difference is a broken benchmark. */
  static void requireSameAnswers(Engine one, Engine other) {
    for (SignIn signIn : Company.people(0)) {
      long difference = one.decide(signIn) ^ other.decide(signIn);
      if (difference != 0) {
        throw new IllegalStateException(
            "%s and %s differ in services %x for %s"
                .formatted(
                    one.getClass().getSimpleName(),
                    other.getClass().getSimpleName(),
                    difference,
                    signIn));
      }
    }
  }
}
