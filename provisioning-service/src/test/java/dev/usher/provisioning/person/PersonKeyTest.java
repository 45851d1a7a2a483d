package dev.usher.provisioning.person;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PersonKeyTest {

  @Provide
  Arbitrary<PersonKey> keys() {
    Arbitrary<String> slugs =
        Arbitraries.strings().withCharRange('a', 'c').withChars('-').ofMinLength(1).ofMaxLength(3);
    Arbitrary<String> tricky =
        Arbitraries.strings()
            .withChars('/', '%', '+', ' ', '2', 'F', 'a', '.', '~', '*', '|', '@', '#', '\n', '\0')
            .ofMinLength(1)
            .ofMaxLength(6);
    Arbitrary<String> any =
        Arbitraries.strings().all().ofMinLength(1).ofMaxLength(40).filter(PersonKeyTest::isText);
    return Combinators.combine(slugs, slugs, Arbitraries.oneOf(tricky, any)).as(PersonKey::new);
  }

  private static boolean isText(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  @Property
  void itsTextIsReadBackAsItself(@ForAll("keys") PersonKey key) {
    assertThat(PersonKey.parse(key.toString())).isEqualTo(key);
  }

  @Property
  void itsTextIsPlainAsciiInThreeParts(@ForAll("keys") PersonKey key) {
    assertThat(key.toString()).matches("[a-z-]+/[a-z-]+/[A-Za-z0-9._%-]+");
  }

  @Property
  void twoPeopleNeverShareAText(@ForAll("keys") PersonKey one, @ForAll("keys") PersonKey other) {
    assertThat(one.toString().equals(other.toString())).isEqualTo(one.equals(other));
  }

  @Example
  void subjectsThatLookAlikeOnceEncodedAreToldApart() {
    assertThat(new PersonKey("acme", "staff", "a/b")).hasToString("acme/staff/a%2Fb");
    assertThat(new PersonKey("acme", "staff", "a%2Fb")).hasToString("acme/staff/a%252Fb");
    assertThat(new PersonKey("acme", "staff", "a b")).hasToString("acme/staff/a%20b");
    assertThat(new PersonKey("acme", "staff", "a+b")).hasToString("acme/staff/a%2Bb");
    assertThat(new PersonKey("acme", "staff", "é")).hasToString("acme/staff/%C3%A9");
  }

  @Example
  void whatIsNoKeyIsRefused() {
    for (String text :
        new String[] {"", "a", "a/b", "a/b/", "/b/c", "a//c", "a/b/c/d", "a/b/%zz"}) {
      assertThatThrownBy(() -> PersonKey.parse(text))
          .as("`%s`", text)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new PersonKey("a/b", "c", "d"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PersonKey("a", "b/c", "d"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Example
  void halfACharacterIsRefusedSinceItWouldShareItsKeyWithAQuestionMark() {
    assertThatThrownBy(() -> new PersonKey("acme", "staff", "\uD83D"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
