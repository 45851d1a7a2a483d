package dev.usher.benchmarks.speed;

import com.mongodb.client.model.Filters;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * What a first sign-in costs while accounts wait for another service, which is dead: nothing more,
 * it should be.
 */
record GrowingBacklog() implements Scenario {

  private static final Duration LONGEST = Duration.ofSeconds(90);
  private static final int DEAD = 1;

  /** No text holds this number by chance. */
  private static final long ORIGINAL = 987_654_321;

  /** Beyond those of any other round. */
  private static final long FIRST_WAITING = 500_000_000;

  private static final int PEOPLE = 4_000;

  @Override
  public String name() {
    return "growth-backlog";
  }

  @Override
  public void run(Surroundings around, Effort full, Report report) {
    Effort effort = full.lighter();
    List<List<String>> rows = new ArrayList<>();
    Map<Double, Double> curve = new LinkedHashMap<>();
    for (int waiting : effort.waitingGrowing()) {
      Usher usher = Usher.of("usher", 1, FirstSignIns.BULKHEAD).withDeadService();
      try (Running running = Running.start(usher, around)) {
        around.saas().takeDown(running.place().saasTenant(DEAD));
        if (waiting > 0) {
          haveWait(running, waiting);
        }
        Series micros = new Series("first");
        Series commands = new Series("commands");
        for (int round = -effort.warmUps(); round < effort.rounds(); round++) {
          double before = Metrics.commands(usher);
          Running.FirstSignIns found = running.signInFirst(PEOPLE, Duration.ZERO, LONGEST);
          if (round >= 0) {
            micros.values().add(1e6 / found.rate());
            commands.values().add((Metrics.commands(usher) - before) / PEOPLE);
          }
        }
        curve.put((double) waiting, micros.median());
        rows.add(
            List.of(
                "%,d".formatted(waiting),
                Report.number(micros.median()),
                Report.number(micros.least()),
                Report.number(micros.most()),
                Report.number(commands.median() * 1_000)));
        running.database().drop();
      }
    }
    report.table(
        name(),
        new Report.Table(
            "growth-backlog: what a first sign-in costs while accounts wait for a dead service",
            List.of("waiting", "µs", "least", "most", "commands for 1,000"),
            rows));
    report.curve(
        new Report.Chart(
            "growth", "cost of a first sign-in by backlog", "accounts that wait", "µs"),
        "first sign-in",
        curve);
  }

  /** One person asks for the dead service, and waits; so many others like them. */
  private static void haveWait(Running running, int people) {
    Future<RecordMetadata> _ = running.send(Usher.DEAD_APPLICATION, ORIGINAL);
    running.await(
        "one account waits",
        LONGEST,
        () ->
            running
                    .database()
                    .getCollection("accounts")
                    .countDocuments(
                        Filters.and(
                            Filters.eq("work.owner", null),
                            Filters.gt("work.due", InstantSource.system().instant())))
                == 1);
    running.awaitDone(1);
    new Clones(running.database(), ORIGINAL).make(FIRST_WAITING, people);
    running.forget();
  }
}
