package dev.usher.benchmarks.speed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * First sign-ins at one service that answers after a fixed time: everybody waits in the topic when
 * a contender is let go, and what counts is how many accounts it announces a second.
 *
 * @param latency the service's
 * @param contenders the first is ours
 */
record FirstSignIns(String name, Duration latency, List<Contender> contenders, Ratios ratios)
    implements Scenario {

  /** Ours with its way to the service as narrow as a careful operator makes it. */
  static final int BULKHEAD = 100;

  private static final Duration LONGEST_ROUND = Duration.ofSeconds(90);
  private static final int LEAST = 200;
  private static final int MOST = 20_000;
  private static final int BEGIN_WITH = 1_000;

  /** Names what is to be made of the medians. */
  interface Ratios {
    void of(Comparison found, Report report);
  }

  static FirstSignIns after50Milliseconds() {
    return new FirstSignIns(
        "first-50ms",
        Duration.ofMillis(50),
        List.of(
            Usher.of("usher-open", 1, Peer.AT_ONCE),
            Usher.of("usher-bulkhead", 1, BULKHEAD),
            Peer.TEXTBOOK,
            Peer.VIRTUAL_THREADS,
            Peer.PARALLEL_CONSUMER,
            Peer.SHARE_GROUP),
        (found, report) -> {
          Series open = found.rates("usher-open");
          report.ratio(
              found.scenario(),
              Target.FIRST_50MS_VS_LIMIT,
              found.steady("usher-bulkhead").median() / (BULKHEAD / 0.050));
          report.ratio(
              found.scenario(), Target.FIRST_50MS_VS_TEXTBOOK, open.times(found.rates("textbook")));
          report.ratio(
              found.scenario(),
              Target.FIRST_50MS_VS_PARALLEL_CONSUMER,
              open.times(found.rates("parallel-consumer")));
        });
  }

  static FirstSignIns atOnce() {
    return new FirstSignIns(
        "first-0ms",
        Duration.ZERO,
        List.of(
            Usher.of("usher", 1, BULKHEAD),
            Peer.TEXTBOOK,
            Peer.VIRTUAL_THREADS,
            Peer.PARALLEL_CONSUMER,
            Peer.SHARE_GROUP,
            Peer.FLOOR,
            Peer.DURABLE_FLOOR),
        (found, report) ->
            report.ratio(
                found.scenario(),
                Target.FIRST_0MS_VS_TEXTBOOK,
                found.rates("usher").times(found.rates("textbook"))));
  }

  @Override
  public void run(Surroundings around, Effort effort, Report report) {
    List<Running> all = new ArrayList<>();
    try {
      contenders.forEach(each -> all.add(Running.start(each, around)));
      measure(all, effort, report);
    } finally {
      all.forEach(Running::close);
    }
  }

  /** How many people are to sign in after a round of that rate. */
  static int next(double rate, Effort effort) {
    return (int) Math.clamp(rate * effort.seconds(), LEAST, MOST);
  }

  private void measure(List<Running> all, Effort effort, Report report) {
    Comparison comparison = new Comparison(name, all);
    Map<String, Integer> people = new HashMap<>();
    List<Running> order = new ArrayList<>(all);
    for (int round = -effort.warmUps(); round < effort.rounds(); round++) {
      for (Running each : order) {
        Running.FirstSignIns found =
            each.signInFirst(people.getOrDefault(each.name(), BEGIN_WITH), latency, LONGEST_ROUND);
        System.out.printf(
            "%s, round %d: %s announced %d accounts, %s/s%n",
            name, round, each.name(), found.people(), Report.number(found.rate()));
        // So that each has the same time, and none of them a moment's luck.
        people.put(each.name(), next(found.rate(), effort));
        if (round >= 0) {
          comparison.note(each.name(), found.rate(), found.cpuMicros(), found.neighboursMicros());
          comparison.noteSteady(each.name(), found.steadyRate());
        }
      }
      // Nobody always comes after the same one.
      Collections.rotate(order, 1);
    }
    comparison.tell(
        "first sign-ins at a service that answers after %d ms, accounts announced/s"
            .formatted(latency.toMillis()),
        Peer.TEXTBOOK.name(),
        report);
    ratios.of(comparison, report);
  }
}
