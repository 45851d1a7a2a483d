package dev.usher.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelException;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelAttribute;
import dev.cel.runtime.CelAttributePattern;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelUnknownSet;
import dev.cel.runtime.CelVariableResolver;
import dev.cel.runtime.PartialVars;
import dev.cel.runtime.Program;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A `when:` expression in the Common Expression Language, type-checked when it is read. Its size,
 * nesting, iterations and regular expressions (RE2) are bounded, so that it always ends.
 */
final class Expression {
  static final int LONGEST = 4_096;
  private static final int MOST_ITERATIONS = 10_000;

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(LONGEST)
          .maxParseRecursionDepth(32)
          .comprehensionMaxIterations(MOST_ITERATIONS)
          .enableHeterogeneousNumericComparisons(true)
          .build();

  private static final Map<String, Fact> FACTS =
      Stream.of(Fact.values())
          .collect(Collectors.toUnmodifiableMap(Fact::text, Function.identity()));

  private static final CelCompiler COMPILER = compiler();
  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.plannerRuntimeBuilder().setOptions(OPTIONS).build();

  private static final Pattern DOTTED = Pattern.compile("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)?");

  private final String text;
  private final Program program;
  private final List<Fact> facts;

  private Expression(String text, Program program, Set<Fact> facts) {
    this.text = text;
    this.program = program;
    this.facts = List.copyOf(facts);
  }

  /**
   * What is wrong with an expression.
   *
   * @param line in the expression, from 1
   * @param column in that line, from 0
   */
  record Fault(int line, int column, String message) {}

  private static CelCompiler compiler() {
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .setResultType(SimpleType.BOOL);
    for (Fact fact : Fact.values()) {
      builder.addVar(fact.text(), fact.type());
    }
    return builder.build();
  }

  /** Compiles; null, with the faults added, if the text is no expression that gives a boolean. */
  static @Nullable Expression compile(String text, List<Fault> faults) {
    if (text.length() > LONGEST) {
      faults.add(new Fault(1, 0, "the expression is longer than " + LONGEST + " characters"));
      return null;
    }
    try {
      CelAbstractSyntaxTree tree = COMPILER.compile(text).getAst();
      Set<Fact> facts = EnumSet.noneOf(Fact.class);
      tree.getReferenceMap()
          .values()
          .forEach(
              reference -> {
                Fact fact = FACTS.get(reference.name());
                if (fact != null) {
                  facts.add(fact);
                }
              });
      return new Expression(text, RUNTIME.createProgram(tree), facts);
    } catch (CelValidationException e) {
      e.getErrors().forEach(issue -> faults.add(fault(text, issue)));
    } catch (CelException | RuntimeException e) {
      faults.add(new Fault(1, 0, "the expression cannot be compiled: " + inOurWords(e)));
    }
    return null;
  }

  private static Fault fault(String text, CelIssue issue) {
    int line = Math.max(1, issue.getSourceLocation().getLine());
    int column = Math.max(0, issue.getSourceLocation().getColumn());
    String message = issue.getMessage().replaceAll(" \\(in container ''\\)", "");
    Matcher word = DOTTED.matcher(lineOf(text, line));
    if (message.startsWith("undeclared reference")
        && column <= lineOf(text, line).length()
        && word.find(column)
        && word.start() == column) {
      return new Fault(
          line, column, "unknown `" + word.group() + "`" + Nearest.hint(word.group(), names()));
    }
    int candidates = message.indexOf(" (candidates:");
    String brief = candidates < 0 ? message : message.substring(0, candidates);
    return new Fault(line, column, brief.replace('\'', '`'));
  }

  private static String lineOf(String text, int line) {
    return text.lines().skip(line - 1L).findFirst().orElse("");
  }

  private static List<String> names() {
    return Stream.of(Fact.values()).map(Fact::text).toList();
  }

  private static String inOurWords(Exception e) {
    String message = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    return message.length() <= 200 ? message : message.substring(0, 200);
  }

  /** The expression as the file has it. */
  String text() {
    return text;
  }

  /** Never throws: what fails to evaluate is an answer too. */
  Answer evaluate(Sighting sighting, Service service) {
    CelVariableResolver resolver =
        name -> {
          Fact fact = FACTS.get(name);
          return fact == null ? Optional.empty() : Optional.ofNullable(fact.of(sighting, service));
        };
    List<CelAttributePattern> unknown = new ArrayList<>();
    for (Fact fact : facts) {
      if (fact.of(sighting, service) == null) {
        unknown.add(CelAttributePattern.fromQualifiedIdentifier(fact.text()));
      }
    }
    try {
      Object value =
          unknown.isEmpty()
              ? program.eval(resolver)
              : program.eval(PartialVars.of(resolver, unknown));
      return switch (value) {
        case Boolean truth -> truth ? Answer.YES : Answer.NO;
        case CelUnknownSet set -> Answer.unknown(nameOf(set));
        default -> Answer.error("the expression gave no boolean");
      };
    } catch (CelEvaluationException e) {
      boolean missing =
          e.getErrorCode() == CelErrorCode.ATTRIBUTE_NOT_FOUND
              && facts.contains(Fact.PERSON_ATTRIBUTES);
      return missing
          ? Answer.unknown(Fact.PERSON_ATTRIBUTES.text())
          : Answer.error(e.getErrorCode().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    } catch (RuntimeException e) {
      return Answer.error(e.getClass().getSimpleName());
    }
  }

  /** The first in the alphabet, so that the same facts always give the same name. */
  private String nameOf(CelUnknownSet set) {
    return set.attributes().stream()
        .map(CelAttribute::toString)
        .sorted()
        .findFirst()
        .orElse("a fact of `" + text + "`");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Expression expression && text.equals(expression.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
