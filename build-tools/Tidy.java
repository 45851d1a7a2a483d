import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checks the whole tree's Java sources against the formatter and the house rules that no compiler knows. `./mvnw -N
 * verify` checks; `./mvnw -N verify -Dtidy=write` writes the formatter's answer back first.
 */
final class Tidy {

  /** A rule on one line of source: what must not stand there, and what to do instead. */
  private record Rule(Pattern forbidden, String instead) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule(Pattern.compile("\\bThread\\.sleep\\("), "wait for the event itself, or take a clock"),
          new Rule(Pattern.compile("\\bTimeUnit\\.[A-Z]+\\.sleep\\("), "wait for the event itself, or take a clock"),
          new Rule(Pattern.compile("\\b(Instant|LocalDate|LocalDateTime)\\.now\\(\\)"), "take an InstantSource"),
          new Rule(Pattern.compile("\\bSystem\\.currentTimeMillis\\("), "take an InstantSource"),
          new Rule(
              Pattern.compile("\\b(class|interface|record|enum) \\w*(Manager|Helper|Utils?|Impl)\\b"),
              "name the type for its moment in the story"),
          new Rule(Pattern.compile("\\b(TODO|FIXME|XXX|HACK)\\b"), "do it, or write it down where work is planned"));

  public static void main(String[] args) throws IOException {
    boolean write = args[0].equals("write");
    Path root = Path.of(args[1]);
    List<Path> sources = sources(root);
    List<String> faults = new ArrayList<>();
    for (Path source : sources) {
      check(root, source, write, faults);
    }
    faults.addAll(packagesWithoutInfo(root, sources));
    faults.forEach(System.err::println);
    if (!faults.isEmpty()) {
      System.err.printf("tidy: %d fault(s); `./mvnw -N verify -Dtidy=write` formats%n", faults.size());
      System.exit(1);
    }
    System.out.printf("tidy: %d Java files are in order%n", sources.size());
  }

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      return tree.filter(path -> path.toString().endsWith(".java"))
          .filter(path -> !root.relativize(path).toString().matches("(.*/)?target/.*"))
          .filter(path -> !path.getFileName().toString().equals("Tidy.java"))
          .sorted()
          .toList();
    }
  }

  private static void check(Path root, Path source, boolean write, List<String> faults) throws IOException {
    Path name = root.relativize(source);
    String text = Files.readString(source);
    try {
      String ordered = ImportOrderer.reorderImports(RemoveUnusedImports.removeUnusedImports(text), JavaFormatterOptions.Style.GOOGLE);
      String formatted = new Formatter(JavaFormatterOptions.defaultOptions()).formatSource(ordered);
      if (write && !formatted.equals(text)) {
        Files.writeString(source, formatted);
      } else if (!formatted.equals(text)) {
        faults.add(name + ":" + firstDifference(text, formatted) + ": not as google-java-format writes it");
      }
    } catch (FormatterException e) {
      faults.add(name + ": " + e.getMessage());
    }
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      for (Rule rule : RULES) {
        if (rule.forbidden().matcher(lines.get(i)).find()) {
          faults.add("%s:%d: `%s`: %s".formatted(name, i + 1, lines.get(i).strip(), rule.instead()));
        }
      }
    }
  }

  private static int firstDifference(String text, String formatted) {
    List<String> is = text.lines().toList();
    List<String> shouldBe = formatted.lines().toList();
    for (int i = 0; i < Math.min(is.size(), shouldBe.size()); i++) {
      if (!is.get(i).equals(shouldBe.get(i))) {
        return i + 1;
      }
    }
    return Math.min(is.size(), shouldBe.size());
  }

  /** Every package of the product has a `package-info.java` that is marked `@NullMarked`. */
  private static List<String> packagesWithoutInfo(Path root, List<Path> sources) throws IOException {
    List<String> faults = new ArrayList<>();
    for (Path folder : sources.stream().map(Path::getParent).distinct().toList()) {
      if (!folder.toString().contains("src/main/java")) {
        continue;
      }
      Path info = folder.resolve("package-info.java");
      if (!Files.exists(info) || !Files.readString(info).contains("@NullMarked")) {
        faults.add(root.relativize(info) + ": write one sentence on what the package is, and @NullMarked");
      }
    }
    return faults;
  }
}
