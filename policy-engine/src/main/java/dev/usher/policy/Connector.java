package dev.usher.policy;

import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * The `connector:` mapping of a service, or a file like one, uninterpreted: values are String,
 * Long, Double, Boolean, List and Map. Secret references such as `${NAME}` are still text.
 */
public final class Connector {
  private final String file;
  private final Map<String, Object> settings;
  private final Map<String, Place> places;
  private final Map<String, ScalarNode> texts;
  private final SourceText source;

  Connector(String file, Map<String, Object> settings, Map<String, Place> places) {
    this(file, settings, places, Map.of(), new SourceText(""));
  }

  /**
   * @param texts the values that are text, by their path
   * @param source where they stand
   */
  Connector(
      String file,
      Map<String, Object> settings,
      Map<String, Place> places,
      Map<String, ScalarNode> texts,
      SourceText source) {
    this.file = file;
    this.settings = settings;
    this.places = Map.copyOf(places);
    this.texts = Map.copyOf(texts);
    this.source = source;
  }

  /**
   * Reads settings that stand in a file of their own, such as what is known of a vendor.
   *
   * @param problems gets all that is wrong with the file; what is wrong is left out of the settings
   */
  public static Connector read(TenantSource source, List<? super Problem> problems) {
    Problems found = new Problems(source.name());
    Node root = YamlText.compose(source.text(), found);
    Connector connector =
        root == null
            ? new Connector(source.name(), Map.of(), Map.of())
            : ConnectorReader.read(source, root, found);
    problems.addAll(found.all());
    return connector;
  }

  /** The settings in the file's order; immutable at every depth. */
  public Map<String, Object> settings() {
    return settings;
  }

  /**
   * An error in one of the settings, at its place in the tenant's file.
   *
   * @param path the setting, as `limits.per-minute` or `scopes[0]`; the empty string is the mapping
   *     itself. The nearest enclosing setting stands in for one that is not there
   * @param message quotes the user's text in backticks and says what would be right
   */
  public Problem problem(String path, String message) {
    String at = path;
    while (!places.containsKey(at) && !at.isEmpty()) {
      at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
    }
    Place place = places.getOrDefault(at, Place.START);
    return new Problem(file, place.line(), place.column(), message, Problem.Severity.ERROR);
  }

  /**
   * An error within the text of one of the settings of a file of its own, such as in an expression;
   * at the setting's place if folding or escapes have moved the text.
   *
   * @param line in the text, from 1
   * @param column in that line, from 0
   */
  public Problem problem(String path, int line, int column, String message) {
    ScalarNode text = texts.get(path);
    if (text == null) {
      return problem(path, message);
    }
    Place place = source.within(text, line, column);
    return new Problem(file, place.line(), place.column(), message, Problem.Severity.ERROR);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Connector connector && settings.equals(connector.settings);
  }

  @Override
  public int hashCode() {
    return settings.hashCode();
  }

  /** The names of the settings and never their values. */
  @Override
  public String toString() {
    return "Connector" + settings.keySet();
  }
}
