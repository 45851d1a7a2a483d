package dev.usher.benchmarks.speed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each contender showed in one scenario, round by round. */
final class Comparison {

  private final String scenario;
  private final List<Running> contenders;
  private final Map<String, Shown> shown = new LinkedHashMap<>();

  private record Shown(
      Series rates, Series steadyRates, Series cpuMicros, Series neighboursMicros) {
    Shown(String contender) {
      this(
          new Series(contender),
          new Series(contender),
          new Series(contender),
          new Series(contender));
    }
  }

  Comparison(String scenario, List<Running> contenders) {
    this.scenario = scenario;
    this.contenders = List.copyOf(contenders);
    for (Running each : contenders) {
      shown.put(each.name(), new Shown(each.name()));
    }
  }

  /**
   * Notes a round.
   *
   * @param rate how many a second
   * @param cpuMicros of the contender's own process, for each
   * @param neighboursMicros of broker, database and SaaS, for each
   */
  void note(String contender, double rate, double cpuMicros, double neighboursMicros) {
    shown(contender).rates.values().add(rate);
    shown(contender).cpuMicros.values().add(cpuMicros);
    shown(contender).neighboursMicros.values().add(neighboursMicros);
  }

  /** Notes how many a second came once the first wave was over. */
  void noteSteady(String contender, double rate) {
    shown(contender).steadyRates.values().add(rate);
  }

  Series steady(String contender) {
    return shown(contender).steadyRates;
  }

  String scenario() {
    return scenario;
  }

  Series rates(String contender) {
    return shown(contender).rates;
  }

  private Shown shown(String contender) {
    Shown found = shown.get(contender);
    if (found == null) {
      throw new IllegalArgumentException(
          "no contender `%s` in `%s`; there are `%s`"
              .formatted(contender, scenario, shown.keySet()));
    }
    return found;
  }

  /**
   * Adds a row for each contender to the report, with the memory that it has by now.
   *
   * @param what is counted, by the second
   * @param measure the contender that all others are compared with
   */
  void tell(String what, String measure, Report report) {
    Series compared = rates(measure);
    List<List<String>> rows = new ArrayList<>();
    for (Running contender : contenders) {
      Shown each = shown(contender.name());
      report.rounds(scenario, each.rates);
      rows.add(
          List.of(
              contender.name(),
              Report.number(each.rates.median()),
              Report.number(each.rates.least()),
              Report.number(each.rates.most()),
              Report.number(each.rates.times(compared)),
              Report.number(each.cpuMicros.median()),
              Report.number(each.neighboursMicros.median()),
              "%,d".formatted(contender.residentMegabytes())));
    }
    report.table(
        scenario,
        new Report.Table(
            scenario + ": " + what,
            List.of(
                "",
                "median",
                "least",
                "most",
                "times " + measure,
                "CPU µs each",
                "neighbours'",
                "MB resident"),
            rows));
  }
}
