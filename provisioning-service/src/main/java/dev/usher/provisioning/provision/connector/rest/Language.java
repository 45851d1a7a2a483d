package dev.usher.provisioning.provision.connector.rest;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelException;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the expressions of one recipe are written in. Their size, nesting, iterations and regular
 * expressions (RE2) are bounded, so that each ends.
 */
final class Language {

  static final int LONGEST = 4_096;

  /** What a recipe's own settings are called by. */
  static final String SETTINGS = "settings.";

  private static final int MOST_ITERATIONS = 10_000;
  private static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(LONGEST)
          .maxParseRecursionDepth(32)
          .comprehensionMaxIterations(MOST_ITERATIONS)
          .enableHeterogeneousNumericComparisons(true)
          .build();
  private static final Pattern DOTTED = Pattern.compile("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)?");
  private static final String LOWER = "lower_string";
  private static final String AFTER = "string_after_string";

  private final CelCompiler compiler;
  private final CelRuntime runtime;
  private final List<String> names;

  /**
   * What is wrong with an expression.
   *
   * @param line in the expression, from 1
   * @param column in that line, from 0
   */
  record Fault(int line, int column, String message) {}

  /**
   * @param settings the names of the recipe's own
   */
  Language(Collection<String> settings) {
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addFunctionDeclarations(
                CelFunctionDecl.newFunctionDeclaration(
                    "lower",
                    CelOverloadDecl.newGlobalOverload(LOWER, SimpleType.STRING, SimpleType.STRING)),
                CelFunctionDecl.newFunctionDeclaration(
                    "after",
                    CelOverloadDecl.newMemberOverload(
                        AFTER, SimpleType.STRING, SimpleType.STRING, SimpleType.STRING)));
    for (Word word : Word.values()) {
      builder.addVar(word.text(), word.type());
    }
    settings.forEach(name -> builder.addVar(SETTINGS + name, SimpleType.STRING));
    compiler = builder.build();
    runtime =
        CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(OPTIONS)
            .addFunctionBindings(
                CelFunctionBinding.from(LOWER, String.class, text -> text.toLowerCase(Locale.ROOT)),
                CelFunctionBinding.from(AFTER, String.class, String.class, Language::after))
            .build();
    names =
        Stream.concat(Word.texts().stream(), settings.stream().map(name -> SETTINGS + name))
            .toList();
  }

  private static String after(String text, String prefix) {
    if (!text.startsWith(prefix)) {
      throw new IllegalArgumentException("it does not begin so");
    }
    return text.substring(prefix.length());
  }

  /**
   * Compiles; null, with the faults added, if the text is no expression that gives what it must.
   *
   * @param unknown what cannot be spoken of here
   */
  @Nullable Expression compile(String text, Kind kind, Set<Word> unknown, List<Fault> faults) {
    if (text.length() > LONGEST) {
      faults.add(new Fault(1, 0, "the expression is longer than " + LONGEST + " characters"));
      return null;
    }
    try {
      CelAbstractSyntaxTree tree = compiler.compile(text).getAst();
      Set<String> spokenOf =
          tree.getReferenceMap().values().stream()
              .map(reference -> reference.name())
              .filter(names::contains)
              .collect(Collectors.toUnmodifiableSet());
      for (Word word : unknown) {
        if (spokenOf.contains(word.text())) {
          faults.add(new Fault(1, 0, "`%s` is not known here".formatted(word.text())));
          return null;
        }
      }
      if (!kind.takes(tree.getResultType())) {
        faults.add(
            new Fault(
                1,
                0,
                "the expression gives `%s`; expected %s"
                    .formatted(tree.getResultType().name(), kind.expected())));
        return null;
      }
      return new Expression(text, runtime.createProgram(tree), spokenOf);
    } catch (CelValidationException e) {
      e.getErrors().forEach(issue -> faults.add(fault(text, issue)));
    } catch (CelException | RuntimeException e) {
      faults.add(new Fault(1, 0, "the expression cannot be compiled: " + inOurWords(e)));
    }
    return null;
  }

  private Fault fault(String text, CelIssue issue) {
    int line = Math.max(1, issue.getSourceLocation().getLine());
    int column = Math.max(0, issue.getSourceLocation().getColumn());
    String where = text.lines().skip(line - 1L).findFirst().orElse("");
    String message = issue.getMessage().replaceAll(" \\(in container ''\\)", "");
    Matcher word = DOTTED.matcher(where);
    if (message.startsWith("undeclared reference")
        && column <= where.length()
        && word.find(column)
        && word.start() == column) {
      return new Fault(
          line,
          column,
          "unknown `%s`; expected one of `%s`".formatted(word.group(), String.join("`, `", names)));
    }
    int candidates = message.indexOf(" (candidates:");
    String brief = candidates < 0 ? message : message.substring(0, candidates);
    return new Fault(line, column, brief.replace('\'', '`'));
  }

  private static String inOurWords(Exception e) {
    String message = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    return message.length() <= 200 ? message : message.substring(0, 200);
  }
}
