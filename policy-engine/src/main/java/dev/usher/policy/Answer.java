package dev.usher.policy;

import org.jspecify.annotations.Nullable;

/**
 * What a rule or an expression says, and what it lacks.
 *
 * @param detail the unknown fact, or what went wrong; null where it is true or false
 */
record Answer(Truth truth, @Nullable String detail) {
  static final Answer YES = new Answer(Truth.TRUE, null);
  static final Answer NO = new Answer(Truth.FALSE, null);

  static Answer unknown(String fact) {
    return new Answer(Truth.UNKNOWN, fact);
  }

  static Answer error(String what) {
    return new Answer(Truth.ERROR, what);
  }

  /** Both; the detail is of whichever decides, this before the other. */
  Answer and(Answer other) {
    Truth both = truth.and(other.truth);
    return both == truth ? this : other;
  }
}
