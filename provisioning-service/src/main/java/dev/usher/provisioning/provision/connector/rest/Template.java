package dev.usher.provisioning.provision.connector.rest;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Text with expressions in braces, such as {@code /users/{account.id}}. What they give stays what
 * it is: in a path it is a part of one segment, whatever it holds.
 */
record Template(List<Piece> pieces) {

  private static final int MOST_DECODINGS = 4;

  /** A piece of the text. */
  sealed interface Piece {

    /** As it is written. */
    record Literal(String text) implements Piece {}

    /** As it comes out. */
    record Given(Expression expression) implements Piece {}
  }

  /** The text; null if it is nothing but an expression that gives null. */
  @Nullable String textOrNull(Map<String, Object> known) throws UnclearException {
    if (pieces.size() == 1 && pieces.getFirst() instanceof Piece.Given(Expression only)) {
      return only.textOrNull(known);
    }
    StringBuilder text = new StringBuilder();
    for (Piece piece : pieces) {
      text.append(
          switch (piece) {
            case Piece.Literal(String literal) -> literal;
            case Piece.Given(Expression expression) -> expression.asText(known);
          });
    }
    return text.toString();
  }

  /**
   * The path, percent-encoded. A segment that leads elsewhere, as {@code ..} does, is refused, also
   * for a server that takes {@code %2F} for a slash.
   */
  String path(Map<String, Object> known) throws UnclearException {
    StringBuilder path = new StringBuilder();
    for (Piece piece : pieces) {
      path.append(
          switch (piece) {
            case Piece.Literal(String literal) -> literal;
            case Piece.Given(Expression expression) -> encoded(segment(expression, known));
          });
    }
    for (String segment : path.toString().split("/", -1)) {
      if (leadsElsewhere(segment)) {
        throw new UnclearException("a segment of the path would lead elsewhere");
      }
    }
    return path.toString();
  }

  private static String segment(Expression expression, Map<String, Object> known)
      throws UnclearException {
    String value = expression.asText(known);
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new UnclearException("`" + expression.text() + "` holds control characters");
    }
    return value;
  }

  /** Also for a server that decodes it more than once. */
  private static boolean leadsElsewhere(String segment) {
    String decoded = segment;
    for (int i = 0; i < MOST_DECODINGS; i++) {
      if (Arrays.stream(decoded.split("[/\\\\]", -1))
          .anyMatch(part -> part.equals(".") || part.equals(".."))) {
        return true;
      }
      try {
        decoded = URLDecoder.decode(decoded.replace("+", "%2B"), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException _) {
        return false;
      }
    }
    return false;
  }

  /** What all its expressions speak of. */
  Set<String> names() {
    return pieces.stream()
        .flatMap(
            piece ->
                switch (piece) {
                  case Piece.Literal _ -> Stream.<String>of();
                  case Piece.Given(Expression expression) -> expression.names().stream();
                })
        .collect(Collectors.toUnmodifiableSet());
  }

  /** For a path, a query or a form, whatever it holds. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
