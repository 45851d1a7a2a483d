package dev.usher.policy;

/**
 * What a condition says when facts may be missing: Kleene's three values, and the failure to
 * evaluate an expression, which only a false beside it makes harmless.
 */
enum Truth {
  TRUE,
  FALSE,
  UNKNOWN,
  ERROR;

  static Truth of(boolean value) {
    return value ? TRUE : FALSE;
  }

  Truth and(Truth other) {
    if (this == FALSE || other == FALSE) {
      return FALSE;
    }
    if (this == ERROR || other == ERROR) {
      return ERROR;
    }
    return this == UNKNOWN || other == UNKNOWN ? UNKNOWN : TRUE;
  }
}
