package dev.usher.chaos;

import java.util.Optional;

/**
 * How large a run is, and what it follows from.
 *
 * @param seed all that is drawn follows from it
 * @param people how many turn up
 * @param kills how many instances are killed
 * @param plant a bug to plant, to see whether it is found
 */
record Settings(long seed, int people, int kills, Optional<Plant> plant) {

  static final String USAGE =
      "usage: chaos [--quick] [--seed N] [--people N] [--kills N] [--plant %s]"
          .formatted(Plant.names());

  static Settings full(long seed) {
    return new Settings(seed, 100_000, 20, Optional.empty());
  }

  static Settings quick(long seed) {
    return new Settings(seed, 2_000, 4, Optional.empty());
  }

  static Settings small(long seed) {
    return new Settings(seed, 500, 3, Optional.empty());
  }

  Settings withPlant(Plant bug) {
    return new Settings(seed, people, kills, Optional.of(bug));
  }

  /**
   * As a command line says.
   *
   * @param seed if it names none
   * @throws IllegalArgumentException with what would be right
   */
  static Settings of(String[] arguments, long seed) {
    Settings settings = full(seed);
    for (int i = 0; i < arguments.length; i++) {
      String name = arguments[i];
      if (name.equals("--quick")) {
        Settings quick = quick(settings.seed);
        settings = new Settings(settings.seed, quick.people, quick.kills, settings.plant);
        continue;
      }
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException("`" + name + "` without a value; " + USAGE);
      }
      settings = settings.with(name, arguments[++i]);
    }
    return settings;
  }

  private Settings with(String name, String value) {
    return switch (name) {
      case "--seed" -> new Settings(number(name, value), people, kills, plant);
      case "--people" -> new Settings(seed, Math.toIntExact(number(name, value)), kills, plant);
      case "--kills" -> new Settings(seed, people, Math.toIntExact(number(name, value)), plant);
      case "--plant" -> withPlant(Plant.named(value));
      default -> throw new IllegalArgumentException("`" + name + "` is not known; " + USAGE);
    };
  }

  private static long number(String name, String value) {
    if (!value.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException(
          "`%s %s`: expected a number of at most 9 digits; %s".formatted(name, value, USAGE));
    }
    return Long.parseLong(value);
  }
}
