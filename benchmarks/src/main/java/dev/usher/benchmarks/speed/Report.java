package dev.usher.benchmarks.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What was found: tables for people, figures for programs. */
final class Report {

  private final List<Table> tables = new ArrayList<>();
  private final Map<String, Double> ratios = new LinkedHashMap<>();
  private final Map<String, Map<String, List<Double>>> rounds = new LinkedHashMap<>();

  /** A table of texts; the first column is to the left, the others to the right. */
  record Table(String title, List<String> columns, List<List<String>> rows) {

    String plain() {
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

    String markdown() {
      return "**"
          + title
          + "**\n\n"
          + line(columns)
          + line(columns.stream().map(each -> each.equals(columns.getFirst()) ? "---" : "---:").toList())
          + rows.stream().map(Table::line).collect(Collectors.joining())
          + "\n";
    }

    private static String line(List<String> cells) {
      return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }
  }

  /** Adds a table, and prints it at once. */
  void table(Table table) {
    tables.add(table);
    System.out.println(table.plain());
  }

  /** What one contender showed in each round of a scenario. */
  void rounds(String scenario, Series series) {
    rounds
        .computeIfAbsent(scenario, _ -> new LinkedHashMap<>())
        .put(series.contender(), List.copyOf(series.values()));
  }

  /** A figure that a target is set for. */
  void ratio(String name, double value) {
    ratios.put(name, Math.round(value * 1_000) / 1_000.0);
  }

  String markdown() {
    return tables.stream().map(Table::markdown).collect(Collectors.joining("\n"));
  }

  /** Prints the ratios and writes everything as JSON. */
  void write(Path json) throws IOException {
    table(
        new Table(
            "ratios",
            List.of("what", "found"),
            ratios.entrySet().stream()
                .map(each -> List.of(each.getKey(), number(each.getValue())))
                .toList()));
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("machine", Machine.description());
    all.put("ratios", ratios);
    all.put("rounds", rounds);
    Files.writeString(
        json,
        JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(all)
            + "\n");
  }

  /** To three digits, with commas between thousands. */
  static String number(double value) {
    double size = Math.abs(value);
    return String.format(
        Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
  }
}
