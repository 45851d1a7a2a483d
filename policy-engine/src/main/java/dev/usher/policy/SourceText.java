package dev.usher.policy;

import java.util.List;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** The lines of a file, to find where a part of a value stands in it. */
final class SourceText {
  private final List<String> lines;

  SourceText(String text) {
    this.lines = text.lines().toList();
  }

  /**
   * Where a position of a scalar's text stands in the file; the scalar's start if folding or
   * escapes have moved it.
   *
   * @param line in the text, from 1
   * @param column in that line, from 0
   */
  Place within(ScalarNode node, int line, int column) {
    Place start = Place.of(node);
    if (node.getScalarStyle() == ScalarStyle.LITERAL) {
      int first = start.line() + 1;
      while (first < lines.size() && lineAt(first).isBlank()) {
        first++;
      }
      String text = lineAt(first);
      int indent = text.length() - text.stripLeading().length();
      return new Place(start.line() + line, indent + column + 1);
    }
    int quote = node.isPlain() ? 0 : 1;
    int from = start.column() - 1 + quote;
    String value = YamlText.plain(node.getValue());
    boolean asWritten = line == 1 && lineAt(start.line()).startsWith(value, from);
    return asWritten ? new Place(start.line(), from + column + 1) : start;
  }

  private String lineAt(int line) {
    return line >= 1 && line <= lines.size() ? lines.get(line - 1) : "";
  }
}
