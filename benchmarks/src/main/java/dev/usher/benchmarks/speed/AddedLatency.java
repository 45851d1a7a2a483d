package dev.usher.benchmarks.speed;

import dev.usher.benchmarks.speed.Topics.Appended;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How long after a first sign-in its account is announced, by the broker's timestamps of both
 * records, less what the service itself took. Sign-ins leave on a schedule, whatever has become of
 * those before: who is late is late for all who wait behind.
 */
record AddedLatency() implements Scenario {

  private static final Duration LATENCY = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /** More than 1,000 a second for 50 ms need. */
  private static final int CONCURRENCY = 200;

  private static final int FULL_LOAD = 1_000;
  private static final int MANY = 20_000;
  private static final List<Integer> LOADS = List.of(1, FULL_LOAD / 2, FULL_LOAD);

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public void run(Surroundings around, Effort effort, Report report) {
    List<Running> all = new ArrayList<>();
    try {
      for (Contender each :
          List.of(
              Usher.of("usher", 1, CONCURRENCY), Peer.VIRTUAL_THREADS, Peer.PARALLEL_CONSUMER)) {
        all.add(Running.start(each, around));
      }
      measure(all, around, effort, report);
    } finally {
      all.forEach(Running::close);
    }
  }

  private void measure(List<Running> all, Surroundings around, Effort effort, Report report) {
    Map<String, Found> found = new LinkedHashMap<>();
    for (Running each : all) {
      // Many at once, then at full load for as long as rates still change: what is measured is not
      // how fast a JVM learns.
      each.signInFirst(MANY, LATENCY, LONGEST);
      signIn(each, around, FULL_LOAD, effort.secondsOfWarmUp());
      LOADS.forEach(load -> found.put(key(each, load), new Found(each.name(), load)));
    }
    List<Running> order = new ArrayList<>(all);
    for (int round = 0; round < effort.rounds(); round++) {
      for (int load : LOADS) {
        for (Running each : order) {
          Objects.requireNonNull(found.get(key(each, load)))
              .add(
                  signIn(
                      each,
                      around,
                      load,
                      load == 1 ? effort.secondsAtOnePerSecond() : effort.seconds() + 1));
        }
      }
      Collections.rotate(order, 1);
    }
    tell(found, report);
  }

  private static String key(Running contender, int load) {
    return contender.name() + " at " + load;
  }

  /** All of one contender at one load. */
  private record Found(String contender, int load, List<List<Double>> rounds, List<Double> late) {

    Found(String contender, int load) {
      this(contender, load, new ArrayList<>(), new ArrayList<>());
    }

    void add(Sample sample) {
      rounds.add(sample.millis);
      late.add(sample.lateMillis);
      System.out.printf(
          "latency: %s at %d/s: p50 %s ms, p99 %s ms, the sender at most %s ms late%n",
          contender,
          load,
          Report.number(Series.quantile(sample.millis, 0.5)),
          Report.number(Series.quantile(sample.millis, 0.99)),
          Report.number(sample.lateMillis));
    }

    Series byRound(double share) {
      Series series = new Series("%s at %d/s, p%.0f".formatted(contender, load, share * 100));
      rounds.forEach(round -> series.values().add(Series.quantile(round, share)));
      return series;
    }

    List<Double> pooled() {
      return rounds.stream().flatMap(List::stream).toList();
    }
  }

  private record Sample(List<Double> millis, double lateMillis) {}

  /** Has people sign in at that rate for so long; how much each waited in vain. */
  private static Sample signIn(Running contender, Surroundings around, int rate, int seconds) {
    Place place = contender.place();
    around.saas().reset(place.saasTenant(0), LATENCY);
    Map<TopicPartition, Long> signedInFrom = around.topics().ends(place.signIns());
    Map<TopicPartition, Long> announcedFrom = around.topics().ends(place.created());
    int people = rate * seconds;
    around.collectGarbage();
    double late = onSchedule(contender, rate, people);
    long end = announcedFrom.values().stream().mapToLong(Long::longValue).sum() + people;
    contender.await(
        "%d accounts announced".formatted(people),
        LONGEST,
        () -> around.topics().end(place.created()) >= end);
    Map<String, Long> signedIn = new HashMap<>();
    for (Appended each : around.topics().signedIn(place.signIns(), signedInFrom)) {
      signedIn.put(each.subject(), each.at());
    }
    Map<Long, Long> took = new HashMap<>();
    around
        .saas()
        .times(place.saasTenant(0))
        .forEach((userName, micros) -> took.put(number(userName), micros));
    List<Double> millis = new ArrayList<>();
    for (Appended each : around.topics().announced(place.created(), announcedFrom)) {
      long all = each.at() - Objects.requireNonNull(signedIn.get(each.subject()));
      millis.add(all - Objects.requireNonNull(took.get(number(each.subject()))) / 1_000.0);
    }
    if (millis.size() != people || took.size() != people) {
      throw new IllegalStateException(
          "%s: %d announcements and %d accounts of %d people"
              .formatted(contender.name(), millis.size(), took.size(), people));
    }
    contender.awaitDone(people);
    contender.forget();
    return new Sample(millis, late);
  }

  /** Sends each at its time; by how many milliseconds the latest of them left too late. */
  private static double onSchedule(Running contender, int rate, int people) {
    long first = contender.newPeople(people);
    long began = System.nanoTime();
    long between = Duration.ofSeconds(1).toNanos() / rate;
    long latest = 0;
    for (int i = 0; i < people; i++) {
      long due = began + i * between;
      long wait = due - System.nanoTime();
      if (wait > 0) {
        Waiting.pause(Duration.ofNanos(wait));
      }
      Future<RecordMetadata> _ = contender.send(first + i);
      latest = Math.max(latest, System.nanoTime() - due);
    }
    return latest / 1e6;
  }

  private static long number(String name) {
    return Long.parseLong(name.replaceAll("\\D", ""));
  }

  private void tell(Map<String, Found> found, Report report) {
    List<List<String>> rows = new ArrayList<>();
    for (Found each : found.values()) {
      Series p50 = each.byRound(0.5);
      Series p99 = each.byRound(0.99);
      report.rounds(name(), p50);
      report.rounds(name(), p99);
      rows.add(
          List.of(
              each.contender + " at " + each.load + "/s",
              Report.number(p50.median()),
              Report.number(p99.median()),
              Report.number(p99.least()),
              Report.number(p99.most()),
              Report.number(Series.quantile(each.pooled(), 1)),
              Report.number(Series.quantile(each.late, 1))));
      report.curve(
          new Report.Chart(
              "latency", "added latency at %d/s".formatted(each.load), "percentile", "ms"),
          each.contender,
          percentiles(each.pooled()));
      if (each.contender.equals("usher") && each.load == FULL_LOAD) {
        report.ratio(name(), Target.LATENCY_ADDED_P50_MS, p50.median());
        report.ratio(name(), Target.LATENCY_ADDED_P99_MS, p99.median());
      }
    }
    report.table(
        name(),
        new Report.Table(
            "latency: from sign-in to announcement, over the service's own %d ms, in ms"
                .formatted(LATENCY.toMillis()),
            List.of("", "p50", "p99", "least p99", "most p99", "longest", "sender late"),
            rows));
  }

  private static Map<Double, Double> percentiles(List<Double> millis) {
    Map<Double, Double> curve = new LinkedHashMap<>();
    for (double share : new double[] {0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.999}) {
      curve.put(share * 100, Series.quantile(millis, share));
    }
    return curve;
  }
}
