package dev.usher.policy;

import java.util.Comparator;

/**
 * Something wrong in a tenant file.
 *
 * @param file the file's name as it was given
 * @param line from 1
 * @param column from 1, in characters
 * @param message one sentence that quotes the file's text in backticks and says what is expected
 * @param severity whether the files are refused for it
 */
public record Problem(String file, int line, int column, String message, Severity severity)
    implements Comparable<Problem> {

  /** Whether a problem keeps the files from being used. */
  public enum Severity {
    /** The files are refused. */
    ERROR,
    /** The files are used all the same. */
    WARNING
  }

  private static final Comparator<Problem> BY_PLACE =
      Comparator.comparing(Problem::file)
          .thenComparingInt(Problem::line)
          .thenComparingInt(Problem::column)
          .thenComparing(Problem::severity)
          .thenComparing(Problem::message);

  @Override
  public int compareTo(Problem other) {
    return BY_PLACE.compare(this, other);
  }

  /** `file:line:column: message`, with `warning: ` before the message of a warning. */
  @Override
  public String toString() {
    String kind = severity == Severity.WARNING ? "warning: " : "";
    return file + ":" + line + ":" + column + ": " + kind + message;
  }
}
