package dev.usher.benchmarks.speed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;

/** What a repeat costs as there are more tenants, and as a tenant has more services. */
record GrowingTenants() implements Scenario {

  private static final int PEOPLE = 500;
  private static final long SEED = 42;

  @Override
  public String name() {
    return "growth-tenants";
  }

  @Override
  public void run(Surroundings around, Effort full, Report report) {
    Effort effort = full.lighter();
    Map<Double, Double> byTenants = new LinkedHashMap<>();
    Map<Double, Double> byServices = new LinkedHashMap<>();
    List<List<String>> rows = new ArrayList<>();
    for (int tenants : effort.tenantsGrowing()) {
      double micros = repeats(tenants, RepeatSignIns.SERVICES, around, effort);
      byTenants.put((double) tenants, micros);
      rows.add(row(tenants, RepeatSignIns.SERVICES, micros));
    }
    for (int services : effort.servicesGrowing()) {
      double micros = repeats(1, services, around, effort);
      byServices.put((double) services, micros);
      rows.add(row(1, services, micros));
    }
    report.table(
        name(),
        new Report.Table(
            "growth-tenants: what a repeat costs as there are more tenants and services",
            List.of("tenants", "services of each", "repeat µs"),
            rows));
    report.curve(
        new Report.Chart("growth", "cost of a repeat by tenants", "tenants of 10 services", "µs"),
        "repeat",
        byTenants);
    report.curve(
        new Report.Chart("growth", "cost of a repeat by services", "services of a tenant", "µs"),
        "repeat",
        byServices);
  }

  private static List<String> row(int tenants, int services, double micros) {
    return List.of("%,d".formatted(tenants), Integer.toString(services), Report.number(micros));
  }

  private static double repeats(int tenants, int services, Surroundings around, Effort effort) {
    Usher usher = Usher.of("usher", services, RepeatSignIns.CONCURRENCY).withTenants(tenants);
    try (Running running = Running.start(usher, around)) {
      KnownPeople known = KnownPeople.signedIn(running, around, PEOPLE, services);
      RandomGenerator random = new Random(SEED);
      Series micros = new Series("repeat");
      for (int round = -effort.warmUps(); round < effort.rounds(); round++) {
        running.pause();
        Drain.fill(
            around,
            running.place().signIns(),
            effort.repeats(),
            _ -> random.nextInt(PEOPLE),
            known::signIn);
        Drain drain = Drain.of(running, around);
        around.topics().truncate(running.place().signIns());
        if (round >= 0) {
          micros.values().add(1e6 / drain.rate());
        }
      }
      known.checkThatNothingIsNew(running, around);
      return micros.median();
    }
  }
}
