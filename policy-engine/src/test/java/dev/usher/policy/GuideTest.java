package dev.usher.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every example of the guide is loaded, and its tests are run: a tenant file as it stands, rules in
 * the service of a small tenant, tests against the example before them.
 */
class GuideTest {
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\\n(.*?)```");

  private static List<String> examples() throws IOException {
    List<String> examples = new ArrayList<>();
    Matcher matcher = EXAMPLE.matcher(Files.readString(Path.of("../docs/policies.md")));
    while (matcher.find()) {
      examples.add(matcher.group(1));
    }
    return examples;
  }

  @TestFactory
  List<DynamicTest> everyExampleWorks() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    String policy = "";
    for (String example : examples()) {
      String name = tests.size() + ": " + example.lines().findFirst().orElse("");
      if (example.contains("\ntests:")) {
        String before = policy;
        tests.add(DynamicTest.dynamicTest(name, () -> passes(before, example)));
      } else {
        policy = example.startsWith("tenant:") ? example : Acme.tenant(example);
        String now = policy;
        tests.add(DynamicTest.dynamicTest(name, () -> loads(now)));
      }
    }
    return tests;
  }

  private static void loads(String policy) {
    assertThat(Acme.problems(policy))
        .allMatch(line -> line.contains("is not among the tenant's proven domains"));
    assertThat(Acme.load(policy).tenants()).hasSize(1);
  }

  private static void passes(String policy, String file) {
    PolicyTests tests = new PolicyTests(Acme.load(policy));
    tests.run(new TenantSource("guide.test.yaml", file));
    assertThat(tests.problems()).isEmpty();
    assertThat(tests.failures()).isEmpty();
    assertThat(tests.passed()).isPositive();
  }

  @Test
  void everyExampleIsOneThatEditorsAccept() throws IOException {
    int seen = 0;
    for (String example : examples()) {
      if (!example.contains("\ntests:")) {
        String text = example.startsWith("tenant:") ? example : Acme.tenant(example);
        assertThat(SchemaTest.faults(text)).as(text).isEmpty();
        seen++;
      }
    }
    assertThat(seen).isGreaterThan(8);
  }

  @Test
  void theGuideNamesEveryReasonAndEveryFact() throws IOException {
    String guide = Files.readString(Path.of("../docs/policies.md"));
    for (Reason reason : Reason.values()) {
      assertThat(guide).contains(reason.text());
    }
    for (Fact fact : Fact.values()) {
      assertThat(guide).contains("`" + fact.text() + "`");
    }
  }
}
