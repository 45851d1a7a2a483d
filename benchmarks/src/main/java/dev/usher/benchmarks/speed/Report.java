package dev.usher.benchmarks.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What was found: tables and charts for people, figures for programs. */
final class Report {

  private final Map<String, List<Table>> tables = new LinkedHashMap<>();
  private final Map<Target, Double> ratios = new EnumMap<>(Target.class);
  private final Map<String, Map<String, List<Double>>> rounds = new LinkedHashMap<>();
  private final Map<Chart, Map<String, Map<Double, Double>>> curves = new LinkedHashMap<>();

  /** A table of texts; the first column is to the left, the others to the right. */
  record Table(String title, List<String> columns, List<List<String>> rows) {

    private String plain() {
      List<List<String>> lines = new ArrayList<>();
      lines.add(columns);
      lines.addAll(rows);
      StringBuilder text = new StringBuilder("\n").append(title).append("\n");
      for (List<String> line : lines) {
        for (int i = 0; i < line.size(); i++) {
          int column = i;
          int width = lines.stream().mapToInt(each -> each.get(column).length()).max().orElse(0);
          text.append(("%" + (i == 0 ? "-" : "") + width + "s  ").formatted(line.get(i)));
        }
        text.append("\n");
      }
      return text.toString();
    }

    private String markdown() {
      return "%s:%n%n%s| --- |%s%n%s"
          .formatted(
              title,
              line(columns),
              " ---: |".repeat(columns.size() - 1),
              rows.stream().map(Table::line).collect(Collectors.joining()));
    }

    private static String line(List<String> cells) {
      return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }
  }

  /**
   * A chart.
   *
   * @param file its name without ending; charts of one file stand side by side
   */
  record Chart(String file, String title, String across, String up) {}

  /** Adds a table, and prints it at once. */
  void table(String scenario, Table table) {
    tables.computeIfAbsent(scenario, _ -> new ArrayList<>()).add(table);
    System.out.println(table.plain());
  }

  /** What one contender showed in each round of a scenario. */
  void rounds(String scenario, Series series) {
    rounds
        .computeIfAbsent(scenario, _ -> new LinkedHashMap<>())
        .put(series.contender(), List.copyOf(series.values()));
  }

  /** Adds a line to a chart. */
  void curve(Chart chart, String line, Map<Double, Double> points) {
    curves.computeIfAbsent(chart, _ -> new LinkedHashMap<>()).put(line, points);
  }

  /** A figure that a target is set for. */
  void ratio(String scenario, Target target, double value) {
    ratios.put(target, Math.round(value * 1_000) / 1_000.0);
    table(
        scenario,
        new Table(
            "`%s`".formatted(target.key()),
            List.of("found", "must be", ""),
            List.of(
                List.of(number(value), target.must(), target.isMet(value) ? "met" : "missed"))));
  }

  /** Writes figures and charts into the folder. */
  void write(Path folder) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("machine", Machine.description());
    Map<String, Double> named = new LinkedHashMap<>();
    ratios.forEach((target, value) -> named.put(target.key(), value));
    all.put("ratios", named);
    all.put("rounds", rounds);
    Files.writeString(
        folder.resolve("results.json"),
        JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(all)
            + "\n");
    Charts.draw(curves, folder);
  }

  /**
   * Writes the tables into the page, each scenario's between the comments that name it, and the
   * charts into the folder.
   */
  void save(Path page, Path charts) throws IOException {
    String text = Files.readString(page);
    text = replaced(text, "machine", Machine.description() + ".\n");
    for (Map.Entry<String, List<Table>> each : tables.entrySet()) {
      text =
          replaced(
              text,
              each.getKey(),
              each.getValue().stream().map(Table::markdown).collect(Collectors.joining("\n")));
    }
    Files.writeString(page, text);
    Charts.draw(curves, charts);
  }

  private static String replaced(String text, String name, String found) {
    String begin = "<!-- %s: written by benchmarks/run -->\n".formatted(name);
    String end = "<!-- end of %s -->".formatted(name);
    int from = text.indexOf(begin);
    int to = text.indexOf(end, Math.max(0, from));
    if (from < 0 || to < 0) {
      throw new IllegalStateException("the page has no place for `%s`: %s".formatted(name, begin));
    }
    return text.substring(0, from + begin.length()) + "\n" + found + "\n" + text.substring(to);
  }

  /** To three digits, with commas between thousands. */
  static String number(double value) {
    double size = Math.abs(value);
    return String.format(
        Locale.ROOT,
        size >= 100 || size == 0 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f",
        value);
  }
}
