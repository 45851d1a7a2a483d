package dev.usher.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A mapping of the file while it is read: gives what stands under a key and reports what is wrong
 * with it. Reading goes on after a problem, so that all are found at once.
 */
final class Section {
  /** The most keys of a mapping and values of a list. */
  private static final int MOST = 10_000;

  private static final Pattern WORD = Pattern.compile("`([^`]+)`");

  private final Node node;
  private final Problems problems;
  private final Map<String, NodeTuple> entries;

  private Section(Node node, Problems problems, Map<String, NodeTuple> entries) {
    this.node = node;
    this.problems = problems;
    this.entries = entries;
  }

  /**
   * Opens a mapping.
   *
   * @param what is described there, for messages
   * @param known the keys there may be; none for any
   */
  static Section open(Node node, String what, Problems problems, String... known) {
    Map<String, NodeTuple> entries = new LinkedHashMap<>();
    if (!(node instanceof MappingNode mapping) || isAnchored(node, problems)) {
      if (!(node instanceof MappingNode)) {
        problems.error(node, "%s is %s; expected a mapping of keys to values", what, shape(node));
      }
      return new Section(node, problems, entries);
    }
    if (mapping.getValue().size() > MOST) {
      problems.error(
          node, "%s has %d keys; at most %d are read", what, mapping.getValue().size(), MOST);
      return new Section(node, problems, entries);
    }
    for (NodeTuple entry : mapping.getValue()) {
      Node key = entry.getKeyNode();
      if (!(key instanceof ScalarNode scalar)) {
        problems.error(key, "a key of %s is %s; expected a word", what, shape(key));
        continue;
      }
      String name = YamlText.plain(scalar.getValue());
      if (known.length > 0 && !Arrays.asList(known).contains(name)) {
        problems.error(
            key,
            "unknown key `%s` in %s" + Nearest.hint(name, List.of(known)).replace("%", "%%"),
            name,
            what);
      } else if (entries.putIfAbsent(name, entry) != null) {
        problems.error(key, "`%s` is in %s twice; expected it once", name, what);
      }
    }
    return new Section(node, problems, entries);
  }

  private static boolean isAnchored(Node node, Problems problems) {
    if (node.getAnchor() == null) {
      return false;
    }
    problems.error(
        node,
        "anchor `&%s`: anchors and aliases are not read; name networks and domains under `named:`",
        node.getAnchor());
    return true;
  }

  private static String shape(Node node) {
    return switch (node) {
      case MappingNode mapping -> "a mapping";
      case SequenceNode sequence -> "a list";
      case ScalarNode scalar when scalar.getValue().isEmpty() -> "empty";
      case ScalarNode scalar -> "`" + text(scalar) + "`";
      default -> "neither value, list nor mapping";
    };
  }

  private static String text(ScalarNode scalar) {
    String text = YamlText.plain(scalar.getValue());
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }

  Set<String> keys() {
    return entries.keySet();
  }

  Place place() {
    return Place.of(node);
  }

  boolean has(String key) {
    return entries.containsKey(key);
  }

  /** Where the key stands; the mapping's own place if it does not. */
  Place placeOf(String key) {
    NodeTuple entry = entries.get(key);
    return entry == null ? place() : Place.of(entry.getKeyNode());
  }

  @Nullable Node value(String key) {
    NodeTuple entry = entries.get(key);
    return entry == null ? null : entry.getValueNode();
  }

  /** What must be there; null, and reported, if it is not. */
  @Nullable Node required(String key, String what, String example) {
    Node value = value(key);
    if (value == null) {
      problems.error(node, "%s has no `%s`; expected for example `%s`", what, key, example);
    }
    return value;
  }

  /** A single value that `read` understands; null if absent or, reported, not understood. */
  <T> @Nullable T one(String key, String expected, Function<String, @Nullable T> read) {
    Node value = value(key);
    return value == null ? null : scalar(value, expected, problems, read);
  }

  static <T> @Nullable T scalar(
      Node node, String expected, Problems problems, Function<String, @Nullable T> read) {
    if (isAnchored(node, problems)) {
      return null;
    }
    if (!(node instanceof ScalarNode scalar)) {
      problems.error(node, "%s; expected %s", shape(node), expected);
      return null;
    }
    String text = YamlText.plain(scalar.getValue());
    T value = read.apply(text);
    if (value == null) {
      problems.error(node, "%s; expected %s%s", shape(node), expected, meant(text, expected));
    }
    return value;
  }

  /** `; did you mean X?` where all that is expected is listed word by word and one is close. */
  private static String meant(String text, String expected) {
    int list = expected.startsWith("`") ? 0 : expected.indexOf("one of ");
    if (list < 0) {
      return "";
    }
    List<String> words =
        WORD.matcher(expected.substring(list)).results().map(found -> found.group(1)).toList();
    String nearest = Nearest.to(text, words);
    return nearest == null ? "" : "; did you mean `" + nearest + "`?";
  }

  boolean isEmptyList(String key) {
    return value(key) instanceof SequenceNode sequence && sequence.getValue().isEmpty();
  }

  /** The values under a key, given one by one or as a list; empty if there is no such key. */
  List<Node> items(String key) {
    Node value = value(key);
    return value == null ? List.of() : items(value, problems);
  }

  static List<Node> items(Node node, Problems problems) {
    if (isAnchored(node, problems)) {
      return List.of();
    }
    if (node instanceof SequenceNode sequence) {
      if (sequence.getValue().isEmpty()) {
        problems.error(node, "an empty list; expected at least one value, or no key");
      }
      if (sequence.getValue().size() > MOST) {
        problems.error(
            node, "a list of %d values; at most %d are read", sequence.getValue().size(), MOST);
        return List.of();
      }
      return sequence.getValue();
    }
    return List.of(node);
  }

  /** The values under a key as `read` understands them; those it does not are reported. */
  <T> List<T> many(String key, String expected, Function<String, @Nullable T> read) {
    List<T> values = new ArrayList<>();
    for (Node item : items(key)) {
      T value = scalar(item, expected, problems, read);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  /** A word out of an enum. */
  static <E extends Enum<E> & Spelled> Function<String, @Nullable E> word(Class<E> type) {
    return text -> {
      for (E constant : type.getEnumConstants()) {
        if (constant.text().equals(text)) {
          return constant;
        }
      }
      return null;
    };
  }

  static <E extends Enum<E> & Spelled> String words(Class<E> type) {
    Set<String> words = new TreeSet<>();
    for (E constant : type.getEnumConstants()) {
      words.add("`" + constant.text() + "`");
    }
    return String.join(" or ", words);
  }

  Problems problems() {
    return problems;
  }
}
