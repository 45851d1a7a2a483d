package dev.usher.provisioning.provision.connector.rest;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What an answer may mean, and to what it may be the answer. */
enum Meaning {
  CREATED,
  INVITED,
  CONFLICT,
  FOUND,
  ABSENT,
  DONE,
  GONE,
  WORKS,
  REJECTED,
  RETRY,
  BURST,
  QUOTA,
  UNAUTHORIZED,
  NEXT;

  /** Its name in a recipe. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Meaning> of(Object text) {
    return Arrays.stream(values()).filter(each -> each.text().equals(text)).findFirst();
  }

  /** What an answer to this may mean. */
  static List<String> texts(Task task) {
    return Arrays.stream(values()).filter(each -> each.answers(task)).map(Meaning::text).toList();
  }

  boolean answers(Task task) {
    return switch (this) {
      case CREATED, CONFLICT -> task == Task.CREATE;
      case INVITED -> task == Task.CREATE || task == Task.FIND || task == Task.READ;
      case FOUND, ABSENT -> task == Task.FIND || task == Task.READ;
      case DONE, GONE -> task != Task.CREATE && !task.onlyAsks();
      case WORKS -> task == Task.PROBE;
      case REJECTED, RETRY, BURST, QUOTA, UNAUTHORIZED, NEXT -> true;
    };
  }

  /** What an answer to whatever request may mean. */
  static List<String> textsOfAll() {
    return Arrays.stream(values()).filter(Meaning::answersAll).map(Meaning::text).toList();
  }

  boolean answersAll() {
    return this == REJECTED
        || this == RETRY
        || this == BURST
        || this == QUOTA
        || this == UNAUTHORIZED;
  }

  /** Whether an account is described in such an answer. */
  boolean describes() {
    return this == CREATED || this == INVITED || this == FOUND;
  }

  /**
   * Whether only the service itself can say so, and not some gateway before it: then the answer has
   * no body, or JSON.
   */
  boolean isOfService() {
    return !answersAll() || this == REJECTED;
  }
}
