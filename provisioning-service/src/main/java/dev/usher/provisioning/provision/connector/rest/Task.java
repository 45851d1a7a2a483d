package dev.usher.provisioning.provision.connector.rest;

import dev.usher.provisioning.provision.connector.Capabilities.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a recipe says how to do. */
enum Task {
  CREATE(null),
  FIND(null),
  READ(null),
  UPDATE(Operation.UPDATE),
  SUSPEND(Operation.SUSPEND),
  REACTIVATE(Operation.REACTIVATE),
  DELETE(Operation.DELETE),
  PROBE(null);

  private final @Nullable Operation operation;

  /**
   * @param operation the capability that it is; null for what every recipe says
   */
  Task(@Nullable Operation operation) {
    this.operation = operation;
  }

  /** Its name in a recipe. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Task> of(String text) {
    return Arrays.stream(values()).filter(task -> task.text().equals(text)).findFirst();
  }

  static List<String> texts() {
    return Arrays.stream(values()).map(Task::text).toList();
  }

  /** Whether a recipe without it is none. */
  boolean isRequired() {
    return operation == null;
  }

  /** Whether it is about an account whose id is known. */
  boolean hasId() {
    return operation != null || this == READ;
  }

  /** Whether it asks only, and leaves nothing behind. */
  boolean onlyAsks() {
    return this == FIND || this == READ || this == PROBE;
  }

  /** The capabilities of a recipe that says how to do these. */
  static Set<Operation> operations(Set<Task> tasks) {
    return tasks.stream()
        .flatMap(task -> Optional.ofNullable(task.operation).stream())
        .collect(Collectors.toUnmodifiableSet());
  }
}
