package dev.usher.benchmarks.speed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Runs scenarios, one after the other. */
public final class Speed {

  private static final Path TARGET = Path.of("benchmarks", "target");

  private Speed() {}

  private static List<Scenario> all() {
    return List.of(
        new RepeatSignIns(), FirstSignIns.after50Milliseconds(), FirstSignIns.atOnce());
  }

  /**
   * Runs the scenarios that are named, or all of them.
   *
   * @param arguments names of scenarios; `--quick` for fewer people and rounds
   */
  public static void main(String[] arguments) throws IOException {
    List<String> names = new ArrayList<>(List.of(arguments));
    Effort effort = names.remove("--quick") ? Effort.QUICK : Effort.FULL;
    List<Scenario> chosen =
        all().stream().filter(each -> names.isEmpty() || names.remove(each.name())).toList();
    if (!names.isEmpty()) {
      System.err.printf(
          "no scenario `%s`; there are %s%n",
          names.getFirst(), all().stream().map(Scenario::name).collect(Collectors.joining(", ")));
      System.exit(2);
    }
    Report report = new Report();
    for (Scenario scenario : chosen) {
      // Each has surroundings of its own, so that none inherits what another has left behind.
      try (Surroundings around = Surroundings.start(TARGET.resolve("speed"))) {
        scenario.run(around, effort, report);
      }
    }
    report.write(TARGET.resolve("results.json"));
    System.exit(0);
  }
}
