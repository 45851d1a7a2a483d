package dev.usher.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads a `connector:` mapping without knowing what it means. */
final class ConnectorReader {
  private final Problems problems;
  private final Map<String, Place> places = new HashMap<>();
  private final Map<String, ScalarNode> texts = new HashMap<>();

  private ConnectorReader(Problems problems) {
    this.problems = problems;
  }

  static Connector read(String file, Node node, Problems problems) {
    ConnectorReader reader = new ConnectorReader(problems);
    return new Connector(file, reader.settings(node), reader.places);
  }

  /** Those of a file of their own, which remembers where its texts stand. */
  static Connector read(TenantSource source, Node node, Problems problems) {
    ConnectorReader reader = new ConnectorReader(problems);
    Map<String, Object> settings = reader.settings(node);
    return new Connector(
        source.name(), settings, reader.places, reader.texts, new SourceText(source.text()));
  }

  private Map<String, Object> settings(Node node) {
    if (!(node instanceof MappingNode mapping)) {
      problems.error(
          node, "`connector` is not a mapping; expected for example `{type: scim, ...}`");
      return Map.of();
    }
    return value(mapping, "") instanceof Map<?, ?> map ? named(map) : Map.of();
  }

  private static Map<String, Object> named(Map<?, ?> map) {
    Map<String, Object> settings = new LinkedHashMap<>();
    map.forEach((name, value) -> settings.put((String) name, (Object) value));
    return Collections.unmodifiableMap(settings);
  }

  private Map<String, Object> map(MappingNode node, String path) {
    places.put(path, Place.of(node));
    Map<String, Object> values = new LinkedHashMap<>();
    for (NodeTuple entry : node.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        problems.error(entry.getKeyNode(), "a key of `connector` is no word; expected one");
        continue;
      }
      String name = YamlText.plain(key.getValue());
      Object value = value(entry.getValueNode(), path.isEmpty() ? name : path + "." + name);
      if (value != null && values.putIfAbsent(name, value) != null) {
        problems.error(key, "`%s` is there twice; expected it once", name);
      }
    }
    return Collections.unmodifiableMap(values);
  }

  private @Nullable Object value(Node node, String path) {
    places.put(path, Place.of(node));
    if (node.getAnchor() != null) {
      problems.error(node, "anchor `&%s`: anchors and aliases are not read", node.getAnchor());
      return null;
    }
    return switch (node) {
      case MappingNode mapping -> map(mapping, path);
      case SequenceNode sequence -> list(sequence, path);
      case ScalarNode scalar -> {
        texts.put(path, scalar);
        yield scalar(scalar);
      }
      default -> null;
    };
  }

  private List<Object> list(SequenceNode node, String path) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < node.getValue().size(); i++) {
      Object value = value(node.getValue().get(i), path + "[" + i + "]");
      if (value != null) {
        values.add(value);
      }
    }
    return Collections.unmodifiableList(values);
  }

  /** YAML 1.2's core schema, so that `no`, `on` and `12:30` are text. */
  private @Nullable Object scalar(ScalarNode node) {
    String text = YamlText.plain(node.getValue());
    if (!node.isPlain() || node.getTag().equals(Tag.STR)) {
      return text;
    }
    if (text.isEmpty() || text.equals("null") || text.equals("~")) {
      problems.error(node, "no value; expected one, or no key");
      return null;
    }
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    if (text.matches("-?(0|[1-9][0-9]{0,17})")) {
      return Long.parseLong(text);
    }
    if (text.matches("-?(0|[1-9][0-9]{0,17})\\.[0-9]{1,18}")) {
      return Double.valueOf(text);
    }
    return text;
  }
}
