package dev.usher.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files and addresses made to take all time and memory are read or refused within bounds. */
class HostileInputTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  static Stream<Arguments> hostile() {
    String million = "a".repeat(1_000_000);
    return Stream.of(
        hostile("a line of a megabyte", million),
        hostile("a key of a megabyte", million + ": x"),
        hostile("a value of a megabyte", "tenant: " + million),
        hostile("a quoted value of a megabyte", "tenant: \"" + million),
        hostile("more than is read", "#" + million + million),
        hostile("deep flow lists", "[".repeat(500_000)),
        hostile("deep flow mappings", "{a: ".repeat(200_000)),
        hostile("deep block lists", "- ".repeat(500_000) + "x"),
        hostile("deep questions", "? ".repeat(300_000)),
        hostile("many keys", manyKeys()),
        hostile("many twice", "a: 1\n".repeat(200_000)),
        hostile("an alias bomb", bomb()),
        hostile("an alias to itself", "&a [*a, *a]"),
        hostile("a merge of itself", "&a {<<: *a}"),
        hostile("tags", "!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[]]]"),
        hostile("stars in a glob", rule("email: '" + "*a".repeat(40) + "b@acme.example'")),
        hostile("a long glob", rule("email: '" + "*".repeat(900_000) + "'")),
        hostile("rules with many domains", manyDomains()),
        hostile("many domains", rule("domain: [" + "a.b, ".repeat(180_000) + "a.b]")),
        hostile("a deep expression", rule("when: '" + "(".repeat(4_000) + "'")),
        hostile("a wide expression", rule("when: '" + "true || ".repeat(500) + "true'")),
        hostile("a long expression", rule("when: '" + "!".repeat(900_000) + "true'")),
        hostile("a hungry expression", rule("when: '" + hungry() + "'")),
        hostile("a hungry pattern", rule("when: 'person.email.matches(\"(a{1000}){1000}\")'")),
        hostile("private characters", "tenant: \ue000\ue001"),
        hostile("no characters", "\u0000\u0007\uffff"),
        hostile("half a surrogate", "tenant: \ud800"));
  }

  private static Arguments hostile(String name, String text) {
    return Arguments.argumentSet(name, text);
  }

  private static String rule(String line) {
    return Acme.tenant("- permit: a\n  " + line);
  }

  private static String bomb() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 40; i++) {
      String before = "*a" + (i - 1);
      text.append("a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", before, before, before)));
    }
    return text.toString();
  }

  private static String manyDomains() {
    StringBuilder rules = new StringBuilder();
    for (int i = 0; i < 9_000; i++) {
      rules.append("- {permit: p%1$d, domain: [d%1$d.example, e%1$d.example]}\n".formatted(i));
    }
    return Acme.tenant(rules.toString());
  }

  private static String manyKeys() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 80_000; i++) {
      text.append('k').append(i).append(": 1\n");
    }
    return text.toString();
  }

  private static String hungry() {
    String list = "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]";
    return "%1$s.all(a, %1$s.all(b, %1$s.all(c, %1$s.all(d, %1$s.all(e, a+b+c+d+e > 0)))))"
        .formatted(list);
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void hostileFilesAreReadOrRefusedInBoundedTime(String text) {
    Assertions.assertTimeoutPreemptively(BOUND, () -> FuzzingTest.load(text));
  }

  @ParameterizedTest
  @MethodSource("hungryExpressions")
  void hungryExpressionsEndAndForbid(String expression) {
    PolicySet policies = Acme.rules("- permit: a\n  when: '" + expression + "'");
    Assertions.assertTimeoutPreemptively(
        BOUND,
        () ->
            assertThat(policies.decide(Acme.jane().build()).get(0).reason())
                .isEqualTo(Reason.RULE_ERROR));
  }

  static Stream<String> hungryExpressions() {
    return Stream.of(hungry());
  }

  @ParameterizedTest
  @MethodSource("hostileAddresses")
  void hostileAddressesAreRefusedAtOnce(String text) {
    Assertions.assertTimeoutPreemptively(
        BOUND,
        () -> {
          assertThat(EmailAddress.parse(text)).isInstanceOf(ParsedEmail.Malformed.class);
          assertThat(IpAddress.parse(text)).isNull();
          assertThat(Network.parse(text)).isNull();
        });
  }

  static Stream<Arguments> hostileAddresses() {
    int million = 1_000_000;
    return Stream.of(
        hostile("a megabyte", "a".repeat(million)),
        hostile("at signs", "@".repeat(million)),
        hostile("dots", ".".repeat(million)),
        hostile("colons", ":".repeat(million)),
        hostile("digits", "1".repeat(million)),
        hostile("labels", "a@" + "a.".repeat(126) + "\u00fc".repeat(60)),
        hostile("punycode", "a@xn--" + "9".repeat(59) + ".example"),
        hostile("marks", "a@a" + "\u0301".repeat(60) + ".example"));
  }
}
