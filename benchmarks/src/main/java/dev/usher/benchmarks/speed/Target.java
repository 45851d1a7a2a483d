package dev.usher.benchmarks.speed;

import java.util.function.DoublePredicate;

/** The figures that the service is held to. */
enum Target {
  REPEAT_VS_DECODE("at least 0.5", found -> found >= 0.5),
  FIRST_50MS_VS_LIMIT("at least 0.95", found -> found >= 0.95),
  FIRST_50MS_VS_TEXTBOOK("at least 20", found -> found >= 20),
  FIRST_50MS_VS_PARALLEL_CONSUMER("at least 1", found -> found >= 1),
  FIRST_0MS_VS_TEXTBOOK("at least 3", found -> found >= 3),
  LATENCY_ADDED_P50_MS("under 10", found -> found < 10),
  LATENCY_ADDED_P99_MS("under 40", found -> found < 40),
  START_VS_PLAIN("at most 0.5", found -> found <= 0.5),
  RSS_MB("under 300", found -> found < 300);

  private final String must;
  private final DoublePredicate met;

  Target(String must, DoublePredicate met) {
    this.must = must;
    this.met = met;
  }

  /** As the results name it. */
  String key() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  String must() {
    return must;
  }

  boolean isMet(double found) {
    return met.test(found);
  }
}
