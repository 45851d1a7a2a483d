package dev.usher.benchmarks.speed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Repeats: people all of whose accounts at ten services are settled sign in again and again. Ours
 * and the limits read the same records of one topic, one after the other, in groups of their own;
 * what counts is how many they have committed a second.
 */
record RepeatSignIns() implements Scenario {

  static final int SERVICES = 10;

  /** For each service, which is plenty for getting to know people. */
  static final int CONCURRENCY = 10;

  private static final long SEED = 42;

  @Override
  public String name() {
    return "repeat";
  }

  @Override
  public void run(Surroundings around, Effort effort, Report report) {
    List<Running> all = new ArrayList<>();
    try {
      Running usher = Running.start(Usher.of("usher", SERVICES, CONCURRENCY), around);
      all.add(usher);
      KnownPeople known = KnownPeople.signedIn(usher, around, effort.knownPeople(), SERVICES);
      for (String limit : List.of("decode", "poll")) {
        all.add(Running.start(new Limit(limit), around.beside(usher.place(), limit), around));
      }
      measure(all, known, around, effort, report);
    } finally {
      all.forEach(Running::close);
    }
  }

  private void measure(
      List<Running> all, KnownPeople known, Surroundings around, Effort effort, Report report) {
    Comparison comparison = new Comparison(name(), all);
    RandomGenerator random = new Random(SEED);
    List<Running> order = new ArrayList<>(all);
    String topic = all.getFirst().place().signIns();
    for (int round = -effort.warmUps(); round < effort.rounds(); round++) {
      all.forEach(Running::pause);
      Drain.fill(
          around, topic, effort.repeats(), _ -> random.nextInt(known.count()), known::signIn);
      for (Running each : order) {
        Drain drain = Drain.of(each, around);
        System.out.printf(
            "%s, round %d: %s did %d sign-ins, %s/s%n",
            name(), round, each.name(), effort.repeats(), Report.number(drain.rate()));
        if (round >= 0) {
          comparison.note(each.name(), drain.rate(), drain.cpuMicros(), drain.neighboursMicros());
        }
      }
      around.topics().truncate(topic);
      Collections.rotate(order, 1);
    }
    known.checkThatNothingIsNew(all.getFirst(), around);
    comparison.tell(
        "sign-ins of people whose accounts at %d services are settled, done/s".formatted(SERVICES),
        "decode",
        report);
    report.ratio(
        name(),
        Target.REPEAT_VS_DECODE,
        comparison.rates("usher").times(comparison.rates("decode")));
  }
}
