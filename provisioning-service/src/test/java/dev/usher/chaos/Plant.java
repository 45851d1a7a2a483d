package dev.usher.chaos;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Bugs that can be planted beside the service, to see whether they are found. */
enum Plant {
  OFFSET_COMMITTED_EARLY(OffsetCommittedEarly.class),
  CREATE_NOT_LOOKED_UP(CreateNotLookedUp.class);

  private final Class<?> configuration;

  Plant(Class<?> configuration) {
    this.configuration = configuration;
  }

  /** What is loaded beside the service's own configuration. */
  Class<?> configuration() {
    return configuration;
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Plant named(String word) {
    return Arrays.stream(values())
        .filter(plant -> plant.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no bug `%s` can be planted; expected %s".formatted(word, names())));
  }

  static String names() {
    return Arrays.stream(values()).map(Plant::word).collect(Collectors.joining("|"));
  }
}
