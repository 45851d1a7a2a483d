package dev.usher.benchmarks.speed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Runs scenarios, one after the other. */
public final class Speed {

  private static final Path TARGET = Path.of("benchmarks", "target");
  private static final Path PAGE = Path.of("docs", "performance.md");
  private static final Path CHARTS = Path.of("docs", "performance");

  private Speed() {}

  static List<Scenario> all() {
    return List.of(
        new RepeatSignIns(),
        FirstSignIns.after50Milliseconds(),
        FirstSignIns.atOnce(),
        new Concurrency(),
        new AddedLatency(),
        new GrowingPeople(),
        new GrowingTenants(),
        new GrowingBacklog(),
        new GrowingInstances(),
        new Starting());
  }

  /**
   * Runs the scenarios that are named, or all of them.
   *
   * @param arguments names of scenarios, or how several begin, such as `growth`; `--quick` for
   *     fewer people and rounds; `--save` to write what is found into the page about performance
   */
  public static void main(String[] arguments) throws IOException {
    List<String> names = new ArrayList<>(List.of(arguments));
    Effort effort = names.remove("--quick") ? Effort.QUICK : Effort.FULL;
    boolean saves = names.remove("--save");
    List<Scenario> chosen = chosen(names);
    Report report = new Report();
    for (Scenario scenario : chosen) {
      // Each has surroundings of its own, so that none inherits what another has left behind.
      try (Surroundings around =
          Surroundings.start(TARGET.resolve("speed").resolve(scenario.name()))) {
        scenario.run(around, effort, report);
      }
      // Each time, so that a run that is ended has not been for nothing.
      report.write(TARGET);
      if (saves) {
        report.save(PAGE, CHARTS);
      }
    }
    System.exit(0);
  }

  private static List<Scenario> chosen(List<String> names) {
    for (String name : names) {
      if (all().stream().noneMatch(each -> isMeant(each, name))) {
        System.err.printf(
            "no scenario `%s`; there are %s%n",
            name, all().stream().map(Scenario::name).collect(Collectors.joining(", ")));
        System.exit(2);
      }
    }
    return all().stream()
        .filter(each -> names.isEmpty() || names.stream().anyMatch(name -> isMeant(each, name)))
        .toList();
  }

  private static boolean isMeant(Scenario scenario, String name) {
    return scenario.name().equals(name) || scenario.name().startsWith(name + "-");
  }
}
