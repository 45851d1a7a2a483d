package dev.usher.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
  private static final String RULES =
      """
      - permit: anyone
        domain: acme.example
        grants: {groups: [everyone]}
      - forbid: interns
        group: interns
      """;

  @TempDir private Path directory = Path.of("");
  private String printed = "";

  @BeforeEach
  void acme() throws IOException {
    Files.writeString(directory.resolve("acme.yaml"), Acme.tenant(RULES));
  }

  private int run(String... arguments) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    int status = new CommandLine(out).run(List.of(arguments));
    printed = bytes.toString(StandardCharsets.UTF_8);
    return status;
  }

  @Test
  void checkReportsEveryProblemAndFails() throws IOException {
    assertThat(run("check", directory.toString())).isZero();
    assertThat(printed).contains("1 tenants, 1 services");
    Files.writeString(directory.resolve("b.yaml"), "tenant: b\n");
    assertThat(run("check", directory.toString())).isEqualTo(1);
    assertThat(printed)
        .contains("b.yaml:1:1: the file has no `domains`")
        .endsWith("refused: 3 error(s)\n");
    assertThat(run("check", directory.resolve("missing").toString())).isEqualTo(1);
    assertThat(printed).contains("missing:1:1: cannot be read as a directory");
  }

  @Test
  void testPrintsWhatDiffersAndFails() throws IOException {
    String tests =
        """
        tenant: acme
        defaults: {issuer: staff, email: jane@acme.example, groups: []}
        tests:
          - name: anyone joins
            sign-in: {}
            expect: {slack: {permitted: anyone, grants: [group everyone]}}
          - name: interns do not
            sign-in: {groups: [interns]}
            expect: {slack: {refused: forbidden, rule: interns}}
          - name: unknown groups are enough to refuse
            sign-in: {groups: unknown}
            expect: {slack: {refused: forbidden, missing: person.groups}}
          - name: failures do not
            sign-in: {outcome: failure}
            expect: {slack: {refused: not-a-success}}
        """;
    Files.writeString(directory.resolve("acme.test.yaml"), tests);
    assertThat(run("test", directory.toString())).isZero();
    assertThat(printed).isEqualTo("4 passed, 0 failed\n");

    Files.writeString(
        directory.resolve("acme.test.yaml"),
        tests.replace("refused: forbidden, rule", "permitted"));
    assertThat(run("test", directory.toString())).isEqualTo(1);
    Files.writeString(
        directory.resolve("acme.test.yaml"),
        tests.replace("{refused: forbidden, rule: interns}", "permitted"));
    assertThat(run("test", directory.toString())).isEqualTo(1);
    assertThat(printed)
        .isEqualTo(
            """
            acme.test.yaml:9:21: interns do not
              slack
                - expected permitted
                + decided  refused: forbidden by `interns`
                  `interns` forbids it.
            3 passed, 1 failed
            """);
  }

  @Test
  void testFilesAreReadAsStrictlyAsPolicies() throws IOException {
    Files.writeString(
        directory.resolve("acme.test.yaml"),
        """
        tenant: acne
        tests:
          - name: x
            sign-in: {emial: jane@acme.example}
            expect: {slack: allowed}
        """);
    assertThat(run("test", directory.toString())).isEqualTo(1);
    assertThat(printed)
        .contains("acme.test.yaml:1:1: there is no tenant `acne`; did you mean `acme`?");
    Files.writeString(
        directory.resolve("acme.test.yaml"),
        """
        tenant: acme
        tests:
          - name: x
            sign-in: {emial: jane@acme.example}
            expect: {slack: allowed, salck: permitted}
        """);
    assertThat(run("test", directory.toString())).isEqualTo(1);
    assertThat(printed)
        .contains("4:15: unknown key `emial` in the sign-in; did you mean `email`?")
        .contains("5:21: `allowed`; expected `permitted`, `refused`")
        .contains("5:30: unknown key `salck` in `expect`; did you mean `slack`?");
  }

  @Test
  void explainSaysWhyRuleByRule() throws IOException {
    Path signIn = directory.resolve("jane.txt");
    Files.writeString(signIn, "issuer: staff\nemail: jane@acme.example\ngroups: [dev]\n");
    assertThat(run("explain", directory.toString(), "--sign-in", signIn.toString())).isZero();
    assertThat(printed)
        .isEqualTo(
            """
            acme/slack: permitted (permitted) by `anyone`
              grants group `everyone`
              permit matched      `anyone` matches.
              forbid not-matched  `interns` does not match: it wants person.groups to be `interns`, and that is `dev`.
            """);
    Files.writeString(signIn, "issuer: staff\nemail: jane@gmail.com\nemail-verified: true\n");
    assertThat(run("explain", directory.toString(), "--sign-in", signIn.toString())).isZero();
    assertThat(printed)
        .isEqualTo(
            """
            acme/slack: refused (domain-not-proven)
              permit not-eligible `anyone` may not speak for this person: it wants person.domain to be proven, or named by the rule, and that is `gmail.com`.
              forbid not-eligible `interns` was not asked: no permit may speak for this person.
            """);
  }

  @Test
  void whatIsNoCommandPrintsTheUsage() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("chekc", "x")).isEqualTo(2);
    assertThat(run("explain", "x", "--sign-in")).isEqualTo(2);
    assertThat(printed).startsWith("usage:");
  }

  @Test
  void schemaIsPrinted() {
    assertThat(run("schema")).isZero();
    assertThat(printed).contains("\"title\": \"Usher tenant file\"");
  }
}
