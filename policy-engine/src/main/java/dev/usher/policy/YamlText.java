package dev.usher.policy;

import java.io.StringReader;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** YAML to nodes with marks; constructs nothing, bounded in size and depth. */
final class YamlText {
  static final int LONGEST = 1 << 20;
  private static final int DEEPEST = 30;

  /**
   * YAML ends a plain value at the brace of `{token: ${NAME}}`. References are so common in flow
   * mappings that their braces travel through the parser as private-use characters.
   */
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z0-9_./:-]{1,200})}");

  private static final char OPEN = '\ue000';
  private static final char CLOSE = '\ue001';

  private YamlText() {}

  /** The one document of the text; null if there is a problem, which is then reported. */
  static @Nullable Node compose(String text, Problems problems) {
    if (text.length() > LONGEST) {
      problems.error(
          Place.START, "the file has %d characters; at most %d are read", text.length(), LONGEST);
      return null;
    }
    if (text.indexOf(OPEN) >= 0 || text.indexOf(CLOSE) >= 0) {
      problems.error(Place.START, "the file has characters of the private use area (U+E000)");
      return null;
    }
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(LONGEST);
    options.setNestingDepthLimit(DEEPEST);
    options.setMaxAliasesForCollections(10);
    options.setProcessComments(false);
    String shielded = REFERENCE.matcher(text).replaceAll("\\$" + OPEN + "$1" + CLOSE);
    try {
      Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(shielded));
      if (root == null) {
        problems.error(Place.START, "the file is empty; expected a mapping");
      }
      return root;
    } catch (MarkedYAMLException e) {
      Place place =
          Optional.ofNullable(e.getProblemMark())
              .or(() -> Optional.ofNullable(e.getContextMark()))
              .map(Place::of)
              .orElse(Place.START);
      problems.error(place, "not YAML: %s", plain(String.valueOf(e.getProblem())));
      return null;
    } catch (YAMLException e) {
      problems.error(Place.START, "not YAML: %s", plain(String.valueOf(e.getMessage())));
      return null;
    }
  }

  /** A scalar's text as the file has it. */
  static String plain(String value) {
    return value.replace(OPEN, '{').replace(CLOSE, '}');
  }
}
