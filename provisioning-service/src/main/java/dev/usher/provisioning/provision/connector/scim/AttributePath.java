package dev.usher.provisioning.provision.connector.scim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where something stands in a SCIM resource, as in figure 7 of RFC 7644: {@code displayName},
 * {@code name.givenName}, {@code emails[type eq "work"].value}, or one of these in an extension,
 * after its URN and a colon.
 *
 * @param extension the URN of the schema; null for the resource's own
 * @param attribute the attribute
 * @param element which element of several; null where there is one
 * @param sub the attribute's own attribute; null for itself
 */
record AttributePath(
    @Nullable String extension, String attribute, @Nullable Element element, @Nullable String sub) {

  static final String EXPECTED =
      "`displayName`, `name.givenName`, `emails[type eq \"work\"].value` or `urn:...:User:department`";

  private static final String WORD = "[A-Za-z][A-Za-z0-9_$-]{0,99}";
  private static final Pattern PATH =
      Pattern.compile(
          "(?:(urn:[A-Za-z0-9:._-]{1,200}):)?("
              + WORD
              + ")(?:\\[("
              + WORD
              + ") eq \"([^\"\\\\]{1,100})\"])?(?:\\.("
              + WORD
              + "))?");

  /** The element whose attribute has this value. */
  record Element(String attribute, String value) {

    boolean is(JsonNode node) {
      return value.equals(node.path(attribute).asString(null));
    }
  }

  /** The path that the text is; empty if it is none. */
  static Optional<AttributePath> of(String text) {
    Matcher matcher = PATH.matcher(text);
    if (!matcher.matches() || (matcher.group(3) != null && matcher.group(5) == null)) {
      return Optional.empty();
    }
    Element element =
        matcher.group(3) == null ? null : new Element(matcher.group(3), matcher.group(4));
    return Optional.of(
        new AttributePath(matcher.group(1), matcher.group(2), element, matcher.group(5)));
  }

  /** All values that stand there, as text: of each element, where there are several. */
  List<String> read(JsonNode resource) {
    JsonNode home = extension == null ? resource : resource.path(extension);
    return elements(home.path(attribute))
        .filter(node -> element == null || element.is(node))
        .flatMap(node -> sub == null ? Stream.of(node) : elements(node.path(sub)))
        .filter(JsonNode::isValueNode)
        .filter(node -> !node.isNull())
        .map(JsonNode::asString)
        .toList();
  }

  private static Stream<JsonNode> elements(JsonNode node) {
    if (node instanceof ArrayNode several) {
      return several.valueStream();
    }
    return node.isMissingNode() ? Stream.empty() : Stream.of(node);
  }

  /** Puts the value there, beside whatever else there is. */
  void write(ObjectNode resource, String value) {
    ObjectNode home = extension == null ? resource : child(resource, extension);
    if (sub == null) {
      home.put(attribute, value);
    } else if (element == null) {
      child(home, attribute).put(sub, value);
    } else {
      elementOf(home, element).put(sub, value);
    }
  }

  private ObjectNode elementOf(ObjectNode home, Element which) {
    ArrayNode several =
        home.get(attribute) instanceof ArrayNode there ? there : home.putArray(attribute);
    for (JsonNode node : several) {
      if (node instanceof ObjectNode one && which.is(one)) {
        return one;
      }
    }
    boolean first = several.isEmpty();
    ObjectNode one = several.addObject().put(which.attribute(), which.value());
    // Services want one address to be the primary one; the first that is written is.
    return first ? one.put("primary", true) : one;
  }

  private static ObjectNode child(ObjectNode home, String name) {
    return home.get(name) instanceof ObjectNode there ? there : home.putObject(name);
  }

  /** What puts the value there in a resource that is as given (section 3.5.2 of RFC 7644). */
  void patch(ArrayNode operations, JsonNode resource, String value) {
    ObjectNode operation = operations.addObject();
    if (element == null || !read(resource).isEmpty()) {
      operation.put("op", "replace").put("path", toString()).put("value", value);
      return;
    }
    AttributePath all = new AttributePath(extension, attribute, null, null);
    JsonNode home = extension == null ? resource : resource.path(extension);
    operation.put("op", "add").put("path", all.toString());
    ObjectNode one =
        operation.putArray("value").addObject().put(element.attribute(), element.value());
    if (home.path(attribute).isEmpty()) {
      one.put("primary", true);
    }
    one.put(String.valueOf(sub), value);
  }

  /** As RFC 7644 writes it. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    if (extension != null) {
      parts.add(extension + ":");
    }
    parts.add(attribute);
    if (element != null) {
      parts.add("[" + element.attribute() + " eq \"" + element.value() + "\"]");
    }
    if (sub != null) {
      parts.add("." + sub);
    }
    return String.join("", parts);
  }
}
