package dev.usher.policy;

import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.nodes.Node;

/** Collects what is wrong in one file, up to a bound. */
final class Problems {
  private static final int MOST = 1_000;
  private static final int LONGEST_QUOTE = 300;

  private final String file;
  private final List<Problem> problems = new ArrayList<>();

  Problems(String file) {
    this.file = file;
  }

  void error(Node at, String message, Object... arguments) {
    add(Place.of(at), Problem.Severity.ERROR, message, arguments);
  }

  void error(Place at, String message, Object... arguments) {
    add(at, Problem.Severity.ERROR, message, arguments);
  }

  void warning(Place at, String message, Object... arguments) {
    add(at, Problem.Severity.WARNING, message, arguments);
  }

  private void add(Place at, Problem.Severity severity, String message, Object... arguments) {
    if (problems.size() < MOST) {
      Object[] shortened = arguments.clone();
      for (int i = 0; i < shortened.length; i++) {
        shortened[i] = shortened[i] instanceof String text ? shorten(text) : shortened[i];
      }
      problems.add(
          new Problem(file, at.line(), at.column(), message.formatted(shortened), severity));
    }
  }

  private static String shorten(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= LONGEST_QUOTE ? line : line.substring(0, LONGEST_QUOTE) + "...";
  }

  List<Problem> all() {
    return problems;
  }

  boolean hasErrors() {
    return problems.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
  }
}
