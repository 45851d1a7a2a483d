package dev.usher.benchmarks.speed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Several instances on one broker and one database: they share the work, and double none of it. */
record GrowingInstances() implements Scenario {

  private static final Duration LONGEST = Duration.ofMinutes(2);

  /** As many as four instances have consumers. */
  private static final int PARTITIONS = 8;

  private static final int PEOPLE = 4_000;

  @Override
  public String name() {
    return "growth-instances";
  }

  @Override
  public void run(Surroundings around, Effort full, Report report) {
    Effort effort = full.lighter();
    List<List<String>> rows = new ArrayList<>();
    for (int instances : List.of(1, 2, 4)) {
      Usher usher = Usher.of("usher", 1, FirstSignIns.BULKHEAD).withInstances(instances);
      Place place = around.place(usher.name(), PARTITIONS);
      try (Running running = Running.start(usher, place, around)) {
        Series rates = new Series("rate");
        int all = 0;
        for (int round = -effort.warmUps(); round < effort.rounds(); round++) {
          // Each has one account, one announcement and no conflict, or the round fails.
          Running.FirstSignIns found = running.signInFirst(PEOPLE, Duration.ZERO, LONGEST);
          all += PEOPLE;
          if (round >= 0) {
            rates.values().add(found.rate());
          }
        }
        List<Double> tries = Metrics.of(usher, "usher_attempt_seconds_count");
        double sum = tries.stream().mapToDouble(Double::doubleValue).sum();
        rows.add(
            List.of(
                Integer.toString(instances),
                "%,d".formatted(all),
                "%,.0f".formatted(sum),
                Report.number(Series.quantile(tries, 0) / sum * 100),
                Report.number(Series.quantile(tries, 1) / sum * 100),
                Report.number(rates.median())));
      }
    }
    report.table(
        name(),
        new Report.Table(
            "growth-instances: first sign-ins that instances share, each of them created once",
            List.of("instances", "people", "tries", "least share %", "most share %", "accounts/s"),
            rows));
  }
}
