package dev.usher.benchmarks.speed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many accounts a second come of how many calls under way at a service of 50 ms. */
record Concurrency() implements Scenario {

  private static final Duration LATENCY = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(90);
  private static final int BEGIN_WITH = 500;

  @Override
  public String name() {
    return "concurrency";
  }

  @Override
  public void run(Surroundings around, Effort full, Report report) {
    Effort effort = full.lighter();
    Report.Chart chart =
        new Report.Chart(
            "concurrency", "throughput by concurrency, service of 50 ms", "calls at once", "/s");
    List<List<String>> rows = new ArrayList<>();
    Map<Double, Double> ours = new LinkedHashMap<>();
    Map<Double, Double> theirs = new LinkedHashMap<>();
    Map<Double, Double> limit = new LinkedHashMap<>();
    for (int atOnce : effort.callsGrowing()) {
      double most = atOnce * 1e9 / LATENCY.toNanos();
      double usher = rate(Usher.of("usher", 1, atOnce), most, around, effort);
      double parallel =
          rate(
              new Peer(Peer.PARALLEL_CONSUMER.name(), Peer.PARALLEL_CONSUMER.intake(), atOnce),
              most,
              around,
              effort);
      ours.put((double) atOnce, usher);
      theirs.put((double) atOnce, parallel);
      if (most <= 2 * usher) {
        limit.put((double) atOnce, most);
      }
      rows.add(
          List.of(
              Integer.toString(atOnce),
              Report.number(usher),
              Report.number(parallel),
              Report.number(most)));
    }
    report.table(
        name(),
        new Report.Table(
            "concurrency: accounts announced/s by calls under way at a service of 50 ms",
            List.of("at once", "usher", "parallel-consumer", "limit"),
            rows));
    report.curve(chart, "usher", ours);
    report.curve(chart, "parallel consumer", theirs);
    report.curve(chart, "limit", limit);
  }

  private static double rate(Contender contender, double most, Surroundings around, Effort effort) {
    try (Running running = Running.start(contender, around)) {
      Series rates = new Series(contender.name());
      int people = (int) Math.min(BEGIN_WITH, most * effort.seconds());
      for (int round = -effort.warmUps(); round < effort.rounds(); round++) {
        double rate = running.signInFirst(people, LATENCY, LONGEST).rate();
        System.out.printf(
            "concurrency, round %d: %s announced %d accounts, %s/s%n",
            round, contender.name(), people, Report.number(rate));
        people = FirstSignIns.next(rate, effort);
        if (round >= 0) {
          rates.values().add(rate);
        }
      }
      return rates.median();
    }
  }
}
