package dev.usher.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Editors and the reader know the same keys. */
class SchemaTest {
  private static Map<?, ?> schema = Map.of();

  @BeforeAll
  static void read() throws IOException {
    try (InputStream in = PolicySet.class.getResourceAsStream("tenant.schema.json")) {
      String json = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      schema = new Yaml(new SafeConstructor(new LoaderOptions())).load(json);
    }
  }

  /** What an editor with a validator that is not ours says of a file. */
  static List<String> faults(String yaml) throws IOException {
    try (InputStream in = PolicySet.class.getResourceAsStream("tenant.schema.json")) {
      Schema validator =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(Objects.requireNonNull(in));
      String quoted = yaml.replaceAll("(\\$\\{\\w+})", "\"$1\"");
      return validator.validate(quoted, InputFormat.YAML).stream().map(Object::toString).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "domian: acme.example",
        "country: Switzerland",
        "grants: {rolle: x}",
        "network: []",
        "guests: maybe",
        "authentication: mfa",
        "hours: {from: 08:00}"
      })
  void whatTheReaderRefusesEditorsMark(String line) throws IOException {
    String text = Acme.tenant("- permit: a\n  " + line);
    assertThat(Acme.problems(text)).anyMatch(problem -> !problem.contains("warning"));
    assertThat(faults(text)).isNotEmpty();
  }

  private static Map<?, ?> at(Map<?, ?> from, String... path) {
    Map<?, ?> here = from;
    for (String step : path) {
      here = (Map<?, ?>) Objects.requireNonNull(here.get(step), step);
    }
    return here;
  }

  /** What the reader says it knows when it meets a key that nobody does. */
  private static Set<String> known(String section, String text) {
    String line =
        Acme.problems(text).stream()
            .filter(problem -> problem.contains("`qqqqqqqqqqqqqqqq` in " + section))
            .findFirst()
            .orElseThrow();
    Set<String> words = new TreeSet<>();
    Matcher matcher =
        Pattern.compile("`([^`]+)`").matcher(line.substring(line.indexOf("expected one of")));
    while (matcher.find()) {
      words.add(matcher.group(1));
    }
    return words;
  }

  private static void same(String section, String text, String... path) {
    Set<String> inSchema = new TreeSet<>();
    at(at(schema, path), "properties").keySet().forEach(key -> inSchema.add(key.toString()));
    assertThat(inSchema).isEqualTo(known(section, text));
  }

  @Test
  void theTenantItsIssuersAndItsServices() {
    String good = Acme.tenant("- permit: a");
    same("the tenant", "qqqqqqqqqqqqqqqq: 1\n" + good);
    same(
        "issuer `staff`",
        good.replace("vouches-for:", "qqqqqqqqqqqqqqqq:"),
        "properties",
        "issuers",
        "additionalProperties");
    same(
        "service `slack`",
        good.replace("join:", "qqqqqqqqqqqqqqqq:"),
        "properties",
        "services",
        "additionalProperties");
    same("`named`", good + "named: {qqqqqqqqqqqqqqqq: 1}", "properties", "named");
    same(
        "`seats`",
        good.replace("connector:", "seats: {qqqqqqqqqqqqqqqq: 1}\n    connector:"),
        "properties",
        "services",
        "additionalProperties",
        "properties",
        "seats");
  }

  @ParameterizedTest
  @CsvSource({"the rule, ''", "`hours`, hours", "`grants`, grants"})
  void theRules(String section, String key) {
    Map<?, ?> rule = at(schema, "$defs", "rule");
    Map<?, ?> part = key.isEmpty() ? rule : at(rule, "properties", key);
    String text = key.isEmpty() ? "qqqqqqqqqqqqqqqq: 1" : key + ": {qqqqqqqqqqqqqqqq: 1}";
    Set<String> inSchema = new TreeSet<>();
    at(part, "properties").keySet().forEach(word -> inSchema.add(word.toString()));
    assertThat(inSchema).isEqualTo(known(section, Acme.tenant("- permit: a\n  " + text)));
  }
}
