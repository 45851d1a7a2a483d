package dev.usher.benchmarks.speed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.function.IntToLongFunction;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * What a sign-in costs as more and more people are known: the first of each since the service
 * started, which is read from the database, and repeats, which are not.
 */
record GrowingPeople() implements Scenario {

  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final int REPEATERS = 5_000;
  private static final long SEED = 42;

  /** No text holds this number by chance. */
  private static final long ORIGINAL = 987_654_321;

  @Override
  public String name() {
    return "growth-people";
  }

  @Override
  public void run(Surroundings around, Effort full, Report report) {
    Effort effort = full.lighter();
    List<List<String>> rows = new ArrayList<>();
    Map<Double, Double> first = new LinkedHashMap<>();
    Map<Double, Double> repeats = new LinkedHashMap<>();
    for (int people : effort.knownPeopleGrowing()) {
      Usher usher = Usher.of("usher", 1, FirstSignIns.BULKHEAD);
      try (Running running = Running.start(usher, around)) {
        know(running, around, people);
        // All of them are behind the JVM's warm-up, which the smallest number would not be.
        read(running, usher, around, 0, Math.min(people / 2, effort.readPeople()));
        Cost reading =
            read(running, usher, around, people / 2, Math.min(people / 2, effort.readPeople()));
        repeat(running, usher, around, effort.repeats());
        Cost repeating = repeat(running, usher, around, effort.repeats());
        checkThatNothingWasCreated(running, around);
        first.put((double) people, reading.micros());
        repeats.put((double) people, repeating.micros());
        rows.add(
            List.of(
                "%,d".formatted(people),
                Report.number(reading.micros()),
                Report.number(reading.commands() * 1_000),
                Report.number(repeating.micros()),
                Report.number(repeating.commands() * 1_000)));
        running.database().drop();
      }
    }
    report.table(
        name(),
        new Report.Table(
            "growth-people: what a sign-in costs as more people are known",
            List.of("known", "first µs", "commands for 1,000", "repeat µs", "commands for 1,000"),
            rows));
    Report.Chart chart =
        new Report.Chart("growth", "cost of a sign-in by people known", "people", "µs");
    report.curve(chart, "first since the start", first);
    report.curve(chart, "repeat", repeats);
  }

  private static void know(Running running, Surroundings around, int people) {
    Future<RecordMetadata> _ = running.send(ORIGINAL);
    running.await(
        "one account is announced",
        LONGEST,
        () -> around.topics().end(running.place().created()) == 1);
    running.awaitDone(1);
    new Clones(running.database(), ORIGINAL).make(0, people);
    around.topics().truncate(running.place().signIns());
  }

  /**
   * What one sign-in cost.
   *
   * @param micros of time
   * @param commands to the database
   */
  private record Cost(double micros, double commands) {}

  /** Each of these people signs in once. */
  private static Cost read(
      Running running, Usher usher, Surroundings around, long from, int people) {
    return cost(running, usher, around, people, i -> from + i);
  }

  /** A few people sign in again and again. */
  private static Cost repeat(Running running, Usher usher, Surroundings around, int signIns) {
    RandomGenerator random = new Random(SEED);
    return cost(running, usher, around, signIns, _ -> random.nextInt(REPEATERS));
  }

  private static Cost cost(
      Running running, Usher usher, Surroundings around, int signIns, IntToLongFunction who) {
    String topic = running.place().signIns();
    double before = Metrics.commands(usher);
    running.pause();
    Drain.fill(around, topic, signIns, who, person -> around.people().signIn(topic, person));
    Drain drain = Drain.of(running, around);
    around.topics().truncate(topic);
    return new Cost(1e6 * drain.seconds() / signIns, (Metrics.commands(usher) - before) / signIns);
  }

  private static void checkThatNothingWasCreated(Running running, Surroundings around) {
    long accounts = around.saas().counts(running.place().saasTenant(0)).accounts();
    long announced = around.topics().end(running.place().created());
    if (accounts != 1 || announced != 1) {
      throw new IllegalStateException(
          "%d accounts in the service and %d announcements; expected the original's alone"
              .formatted(accounts, announced));
    }
  }
}
