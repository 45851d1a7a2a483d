package dev.usher.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Runs the tests that tenants keep beside their policies, in `*.test.yaml`: a sign-in, and for each
 * service that matters the decision and the reason to be expected.
 */
final class PolicyTests {
  private final PolicySet policies;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private int passed;

  PolicyTests(PolicySet policies) {
    this.policies = policies;
  }

  /**
   * A decision that was not the expected one.
   *
   * @param place the file, line and column of the expectation
   * @param test the test's name
   * @param service the service it is about
   * @param expected what was expected, in the words of the file
   * @param decided what was decided, in the same words
   * @param why what {@link Explanation} says of it
   */
  record Failure(
      Problem place, String test, String service, String expected, String decided, String why) {}

  /** The number of tests that passed so far. */
  int passed() {
    return passed;
  }

  /** What is wrong with the test files themselves. */
  List<Problem> problems() {
    return problems;
  }

  List<Failure> failures() {
    return failures;
  }

  /** Runs one file. */
  void run(TenantSource source) {
    Problems found = new Problems(source.name());
    Node root = YamlText.compose(source.text(), found);
    if (root != null) {
      Section section = Section.open(root, "the test file", found, "tenant", "defaults", "tests");
      section.required("tenant", "the test file", "tenant: acme");
      section.required("tests", "the test file", "tests: [{name: ..., sign-in: ..., expect: ...}]");
      String id = section.one("tenant", "a tenant's id", text -> text);
      Tenant tenant = tenant(id);
      if (id != null && tenant == null) {
        List<String> known = policies.tenants().stream().map(Tenant::id).toList();
        found.error(
            section.placeOf("tenant"), "there is no tenant `%s`%s", id, Nearest.hint(id, known));
      }
      FactsReader facts = new FactsReader(policies, section.value("defaults"), found);
      for (Node test : section.items("tests")) {
        if (tenant != null) {
          test(test, tenant, facts, source.name(), found);
        }
      }
    }
    problems.addAll(found.all());
  }

  private @Nullable Tenant tenant(@Nullable String id) {
    return policies.tenants().stream()
        .filter(tenant -> tenant.id().equals(id))
        .findFirst()
        .orElse(null);
  }

  private void test(Node node, Tenant tenant, FactsReader reader, String file, Problems found) {
    Section section = Section.open(node, "the test", found, "name", "sign-in", "expect");
    String name = section.one("name", "a name", text -> text);
    Node signIn = section.required("sign-in", "the test", "sign-in: {email: jane@acme.example}");
    Node expect = section.required("expect", "the test", "expect: {slack: permitted}");
    if (signIn == null || expect == null) {
      return;
    }
    Facts facts = reader.read(signIn, tenant.id());
    List<String> services = tenant.services().stream().map(Service::id).toList();
    Section expected = Section.open(expect, "`expect`", found, services.toArray(String[]::new));
    int before = failures.size();
    for (String service : expected.keys()) {
      Node value = expected.value(service);
      if (value != null) {
        compare(name == null ? "a test" : name, facts, service, value, file, found);
      }
    }
    passed += failures.size() == before && !found.hasErrors() ? 1 : 0;
  }

  private void compare(
      String name, Facts facts, String service, Node value, String file, Problems found) {
    Expected expected = expected(value, found);
    Optional<Explanation> explained = policies.explain(facts, service);
    if (expected == null) {
      return;
    }
    String decided =
        explained
            .map(Explanation::decision)
            .map(decision -> expected.describe(decision))
            .orElse("refused: unknown-issuer");
    if (!decided.equals(expected.describe())) {
      Place place = Place.of(value);
      failures.add(
          new Failure(
              new Problem(file, place.line(), place.column(), name, Problem.Severity.ERROR),
              name,
              service,
              expected.describe(),
              decided,
              explained.map(Explanation::sentence).orElse(Reason.UNKNOWN_ISSUER.sentence())));
    }
  }

  /** `permitted`, `refused`, or a mapping that says more. */
  private static @Nullable Expected expected(Node node, Problems found) {
    String words = "`permitted`, `refused`, `{permitted: RULE}` or `{refused: REASON}`";
    if (!(node instanceof MappingNode)) {
      String word = Section.scalar(node, words, found, PolicyTests::outcome);
      return word == null ? null : new Expected(word, null, null, null, null);
    }
    Section section =
        Section.open(
            node, "the expectation", found, "permitted", "refused", "rule", "missing", "grants");
    boolean permitted = section.has("permitted");
    if (permitted == section.has("refused")) {
      found.error(node, "an expectation has either `permitted` or `refused`; expected %s", words);
      return null;
    }
    List<String> reasons =
        Stream.of(Reason.values()).filter(r -> r != Reason.PERMITTED).map(Reason::text).toList();
    return new Expected(
        permitted ? "permitted" : "refused",
        permitted
            ? section.one("permitted", "a rule's name", TenantReader::slug)
            : section.one("rule", "a rule's name", TenantReader::slug),
        section.one(
            "refused",
            "one of `" + String.join("`, `", reasons) + "`",
            text -> reasons.contains(text) ? text : null),
        section.one("missing", "a fact such as `person.groups`", text -> text),
        section.has("grants") ? section.many("grants", "`group NAME`", text -> text) : null);
  }

  private static @Nullable String outcome(String text) {
    return text.equals("permitted") || text.equals("refused") ? text : null;
  }

  /** What is expected; null where it does not matter. */
  private record Expected(
      String outcome,
      @Nullable String rule,
      @Nullable String reason,
      @Nullable String missing,
      @Nullable List<String> grants) {

    String describe() {
      return describe(outcome, rule, reason, missing, grants);
    }

    /** The decision, as far as the expectation speaks of it; a wrong outcome is said whole. */
    String describe(Decision decision) {
      boolean all = !decision.outcome().text().equals(outcome);
      String said = decision.permitted() ? null : decision.reason().text();
      List<String> granted =
          decision.entitlements().stream().map(e -> e.type() + " " + e.value()).toList();
      return describe(
          decision.outcome().text(),
          all || rule != null ? decision.rule() : null,
          all || reason != null ? said : null,
          all || missing != null ? decision.missing() : null,
          grants == null ? null : granted);
    }

    private static String describe(
        String outcome,
        @Nullable String rule,
        @Nullable String reason,
        @Nullable String missing,
        @Nullable List<String> grants) {
      StringBuilder text = new StringBuilder(outcome);
      text.append(reason == null ? "" : ": " + reason);
      text.append(rule == null ? "" : " by `" + rule + "`");
      text.append(missing == null ? "" : ", `" + missing + "` being unknown");
      text.append(grants == null ? "" : ", granting " + grants.stream().sorted().toList());
      return text.toString();
    }
  }
}
