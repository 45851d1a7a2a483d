package dev.usher.provisioning.provision.connector.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of paths, whatever stands in them. */
class PathsTest {

  private static final Template PATH = path();

  private static Template path() {
    Expression id =
        new Language(List.of())
            .compile(Word.ACCOUNT_ID.text(), Kind.TEXT, Set.of(), new ArrayList<>());
    if (id == null) {
      throw new AssertionError();
    }
    return new Template(
        List.of(
            new Template.Piece.Literal("/users/"),
            new Template.Piece.Given(id),
            new Template.Piece.Literal("/keys")));
  }

  /** Text that is made of what leads elsewhere, and any other. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings()
            .ofMaxLength(20)
            .filter(text -> StandardCharsets.UTF_8.newEncoder().canEncode(text)),
        Arbitraries.of(".", "..", "/", "\\", "%2e", "%2F", "%25", "?", "#", "\r\n", "a", " ", "+")
            .list()
            .ofMaxSize(8)
            .map(parts -> String.join("", parts)));
  }

  @Property
  void itIsOneSegmentAndSaysTheSameOrIsNotSent(@ForAll("texts") String text) {
    String path;
    try {
      path = PATH.path(Map.of(Word.ACCOUNT_ID.text(), text));
    } catch (UnclearException _) {
      return;
    }
    URI uri = URI.create("https://api.pebble.example" + path);
    String[] segments = uri.normalize().getRawPath().split("/", -1);
    assertThat(uri.getRawQuery()).isNull();
    assertThat(uri.getRawFragment()).isNull();
    assertThat(segments).hasSize(4).startsWith("", "users").endsWith("keys");
    assertThat(URLDecoder.decode(segments[2], StandardCharsets.UTF_8)).isEqualTo(text);
  }
}
