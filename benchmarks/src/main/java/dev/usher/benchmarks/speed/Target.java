package dev.usher.benchmarks.speed;

import java.util.Locale;

/** The figures that the service is held to. */
enum Target {
  REPEAT_VS_DECODE(Side.AT_LEAST, 0.5),
  FIRST_50MS_VS_LIMIT(Side.AT_LEAST, 0.95),
  FIRST_50MS_VS_TEXTBOOK(Side.AT_LEAST, 20),
  FIRST_50MS_VS_PARALLEL_CONSUMER(Side.AT_LEAST, 1),
  FIRST_0MS_VS_TEXTBOOK(Side.AT_LEAST, 3),
  LATENCY_ADDED_P50_MS(Side.AT_MOST, 10),
  LATENCY_ADDED_P99_MS(Side.AT_MOST, 40),
  START_VS_PLAIN(Side.AT_MOST, 0.5),
  RSS_MB(Side.AT_MOST, 300);

  private enum Side {
    AT_LEAST,
    AT_MOST
  }

  private final Side side;
  private final double bound;

  Target(Side side, double bound) {
    this.side = side;
    this.bound = bound;
  }

  /** As the results name it. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it must be, in words. */
  String must() {
    return switch (side) {
          case AT_LEAST -> "at least ";
          case AT_MOST -> "at most ";
        }
        + Report.number(bound);
  }

  boolean isMet(double found) {
    return switch (side) {
      case AT_LEAST -> found >= bound;
      case AT_MOST -> found <= bound;
    };
  }
}
