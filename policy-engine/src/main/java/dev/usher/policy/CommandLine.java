package dev.usher.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/**
 * `java -jar policy-engine.jar`: checks, tests and explains policies where they are written. Exit
 * status 0 is good, 1 says that policies or tests are bad, 2 that the command was not understood.
 */
public final class CommandLine {
  private static final int GOOD = 0;
  private static final int BAD = 1;
  private static final int MISUSED = 2;

  private static final String USAGE =
      """
      usage:
        check DIR                                reads every tenant file and reports every problem
        test DIR                                 runs every *.test.yaml beside them too
        explain DIR --sign-in FILE [--service S] decides for the sign-in in FILE and says why
        schema                                   prints the JSON Schema of tenant files
      """;

  private final PrintStream out;

  CommandLine(PrintStream out) {
    this.out = out;
  }

  /** Runs one command and exits with its status. */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.exit(new CommandLine(out).run(List.of(arguments)));
  }

  int run(List<String> arguments) {
    String command = arguments.isEmpty() ? "" : arguments.getFirst();
    return switch (command) {
      case "check" -> arguments.size() == 2 ? check(Path.of(arguments.get(1))) : misused();
      case "test" -> arguments.size() == 2 ? test(Path.of(arguments.get(1))) : misused();
      case "explain" -> explain(arguments);
      case "schema" -> schema();
      default -> misused();
    };
  }

  private int misused() {
    out.print(USAGE);
    return MISUSED;
  }

  private int check(Path directory) {
    return load(directory).map(this::describe).orElse(BAD);
  }

  private int describe(PolicySet policies) {
    int services = policies.tenants().stream().mapToInt(t -> t.services().size()).sum();
    out.printf(
        "revision %s: %d tenants, %d services%n",
        policies.revision(), policies.tenants().size(), services);
    return GOOD;
  }

  private Optional<PolicySet> load(Path directory) {
    LoadResult result = PolicySet.load(directory);
    result.problems().forEach(out::println);
    return switch (result) {
      case LoadResult.Loaded loaded -> Optional.of(loaded.policies());
      case LoadResult.Refused refused -> {
        long errors =
            refused.problems().stream().filter(p -> p.severity() == Problem.Severity.ERROR).count();
        out.printf("refused: %d error(s)%n", errors);
        yield Optional.empty();
      }
    };
  }

  private int test(Path directory) {
    PolicySet policies = load(directory).orElse(null);
    if (policies == null) {
      return BAD;
    }
    PolicyTests tests = new PolicyTests(policies);
    List<Problem> unread = new ArrayList<>();
    for (TenantSource source : testFiles(directory, unread)) {
      tests.run(source);
    }
    Stream.concat(unread.stream(), tests.problems().stream()).sorted().forEach(out::println);
    tests.failures().forEach(this::print);
    long failed = tests.failures().stream().map(PolicyTests.Failure::test).distinct().count();
    out.printf("%d passed, %d failed%n", tests.passed(), failed);
    boolean errors =
        tests.problems().stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
    return failed > 0 || errors || !unread.isEmpty() ? BAD : GOOD;
  }

  private static List<TenantSource> testFiles(Path directory, List<Problem> unread) {
    List<TenantSource> sources = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.test.yaml")) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String text = read(file);
        if (text == null) {
          unread.add(new Problem(name, 1, 1, "cannot be read", Problem.Severity.ERROR));
        } else {
          sources.add(new TenantSource(name, text));
        }
      }
    } catch (IOException e) {
      unread.add(new Problem(directory.toString(), 1, 1, "cannot be read", Problem.Severity.ERROR));
    }
    sources.sort(Comparator.comparing(TenantSource::name));
    return sources;
  }

  private static @Nullable String read(Path file) {
    try {
      return Files.size(file) > 4L * YamlText.LONGEST ? null : Files.readString(file);
    } catch (IOException e) {
      return null;
    }
  }

  private void print(PolicyTests.Failure failure) {
    Problem place = failure.place();
    out.printf(
        "%s:%d:%d: %s%n  %s%n    - expected %s%n    + decided  %s%n      %s%n",
        place.file(),
        place.line(),
        place.column(),
        failure.test(),
        failure.service(),
        failure.expected(),
        failure.decided(),
        failure.why());
  }

  private int explain(List<String> arguments) {
    Path directory = arguments.size() > 1 ? Path.of(arguments.get(1)) : null;
    Path signIn = null;
    String service = null;
    for (int i = 2; i + 1 < arguments.size(); i += 2) {
      switch (arguments.get(i)) {
        case "--sign-in" -> signIn = Path.of(arguments.get(i + 1));
        case "--service" -> service = arguments.get(i + 1);
        default -> {
          return misused();
        }
      }
    }
    return directory == null || signIn == null || arguments.size() % 2 != 0
        ? misused()
        : explain(directory, signIn, service);
  }

  private int explain(Path directory, Path signIn, @Nullable String service) {
    String text = read(signIn);
    if (text == null) {
      out.printf("%s:1:1: cannot be read%n", signIn);
      return MISUSED;
    }
    PolicySet policies = load(directory).orElse(null);
    if (policies == null) {
      return BAD;
    }
    Problems problems = new Problems(signIn.getFileName().toString());
    Node root = YamlText.compose(text, problems);
    String only = policies.tenants().size() == 1 ? policies.tenants().getFirst().id() : null;
    Facts facts = root == null ? null : new FactsReader(policies, null, problems).read(root, only);
    problems.all().forEach(out::println);
    return facts == null || problems.hasErrors() ? BAD : explain(policies, facts, service);
  }

  private int explain(PolicySet policies, Facts facts, @Nullable String service) {
    Decisions decisions = policies.decide(facts);
    decisions.gate().ifPresent(gate -> out.printf("%s: %s%n", gate.text(), gate.sentence()));
    for (int i = 0; i < decisions.size(); i++) {
      String id = decisions.get(i).service().id();
      if (service == null || service.equals(id)) {
        policies.explain(facts, id).ifPresent(this::print);
      }
    }
    return GOOD;
  }

  private void print(Explanation explanation) {
    Decision decision = explanation.decision();
    String rule = decision.rule() == null ? "" : " by `" + decision.rule() + "`";
    out.printf(
        "%s: %s (%s)%s%n",
        decision.service(), decision.outcome().text(), decision.reason().text(), rule);
    decision.entitlements().forEach(e -> out.printf("  grants %s `%s`%n", e.type(), e.value()));
    for (Explanation.RuleTrace trace : explanation.rules()) {
      out.printf("  %s %-12s %s%n", trace.effect(), trace.match().text(), trace.sentence());
    }
  }

  private int schema() {
    try (InputStream schema = CommandLine.class.getResourceAsStream("tenant.schema.json")) {
      if (schema == null) {
        throw new IllegalStateException("the jar lacks tenant.schema.json");
      }
      out.print(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
      return GOOD;
    } catch (IOException e) {
      throw new IllegalStateException("the jar cannot be read", e);
    }
  }
}
