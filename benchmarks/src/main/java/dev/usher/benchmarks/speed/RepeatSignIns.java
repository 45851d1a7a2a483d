package dev.usher.benchmarks.speed;

import com.mongodb.client.model.Filters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Repeats: people all of whose accounts at ten services are settled sign in again and again. Ours
 * and the limits read the same records of one topic, one after the other, in groups of their own;
 * what counts is how many they have committed a second.
 */
record RepeatSignIns() implements Scenario {

  private static final int SERVICES = 10;
  private static final long SEED = 42;
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(10);

  @Override
  public String name() {
    return "repeat";
  }

  @Override
  public void run(Surroundings around, Effort effort, Report report) {
    List<Running> all = new ArrayList<>();
    try {
      Running usher = Running.start(Usher.of("usher", SERVICES, FirstSignIns.BULKHEAD), around);
      all.add(usher);
      List<byte[]> known = getToKnow(usher, around, effort.knownPeople());
      for (String limit : List.of("decode", "poll")) {
        all.add(
            Running.start(new Limit(limit), around.beside(usher.place(), limit), around));
      }
      measure(all, known, around, effort, report);
    } finally {
      all.forEach(Running::close);
    }
  }

  /** Has everybody sign in for the first time; their sign-ins as bytes. */
  private static List<byte[]> getToKnow(Running usher, Surroundings around, int people) {
    List<byte[]> signIns = new ArrayList<>();
    for (int service = 0; service < SERVICES; service++) {
      around.saas().reset(usher.place().saasTenant(service), Duration.ZERO);
    }
    for (int person = 0; person < people; person++) {
      signIns.add(around.people().signIn(usher.place().signIns(), person));
      Future<RecordMetadata> _ = usher.send(person);
    }
    usher.await(
        "%d people's accounts announced".formatted(people),
        LONGEST,
        () -> around.topics().end(usher.place().created()) >= (long) people * SERVICES);
    usher.await(
        "their accounts are settled",
        LONGEST,
        () ->
            usher
                    .database()
                    .getCollection("accounts")
                    .countDocuments(Filters.exists("work", false))
                == (long) people * SERVICES);
    return signIns;
  }

  private void measure(
      List<Running> all,
      List<byte[]> known,
      Surroundings around,
      Effort effort,
      Report report) {
    Comparison comparison = new Comparison(name(), all);
    RandomGenerator random = new Random(SEED);
    List<Running> order = new ArrayList<>(all);
    for (int round = -effort.warmUps(); round < effort.rounds(); round++) {
      all.forEach(each -> each.process().pause());
      fill(all.getFirst().place().signIns(), known, effort.repeats(), random, around);
      for (Running each : order) {
        Drained drained = drain(each, around);
        System.out.printf(
            "%s, round %d: %s did %d sign-ins, %s/s%n",
            name(), round, each.name(), effort.repeats(), Report.number(drained.rate));
        if (round >= 0) {
          comparison.note(each.name(), drained.rate, drained.cpuMicros / effort.repeats());
        }
      }
      around.topics().truncate(all.getFirst().place().signIns());
      Collections.rotate(order, 1);
    }
    checkThatNothingWasCreated(all.getFirst(), around, known.size());
    comparison.tell(
        "sign-ins of people whose accounts at %d services are settled, done/s"
            .formatted(SERVICES),
        "decode",
        report);
    report.ratio(
        "repeat_vs_decode", comparison.rates("usher").times(comparison.rates("decode")));
  }

  private static void fill(
      String topic, List<byte[]> known, int repeats, RandomGenerator random, Surroundings around) {
    for (int i = 0; i < repeats; i++) {
      int person = random.nextInt(known.size());
      Future<RecordMetadata> _ =
          around
              .producer()
              .send(
                  new ProducerRecord<>(
                      topic,
                      People.subject(person).getBytes(StandardCharsets.UTF_8),
                      known.get(person)));
    }
    around.producer().flush();
  }

  private record Drained(double rate, double cpuMicros) {}

  /** Lets it go until it has committed all; the rate counts from its first commit to its last. */
  private static Drained drain(Running contender, Surroundings around) {
    Place place = contender.place();
    long end = around.topics().end(place.signIns());
    long before = around.topics().committed(place.group(), place.signIns());
    Duration cpuBefore = contender.process().cpu();
    contender.process().resume();
    long[] first = new long[2];
    contender.await(
        "the sign-ins are committed",
        LONGEST,
        LOOK,
        () -> {
          long committed = around.topics().committed(place.group(), place.signIns());
          if (first[0] == 0 && committed > before) {
            first[0] = System.nanoTime();
            first[1] = committed;
          }
          return committed >= end;
        });
    double seconds = (System.nanoTime() - first[0]) / 1e9;
    return new Drained(
        (end - first[1]) / seconds,
        contender.process().cpu().minus(cpuBefore).toNanos() / 1_000.0);
  }

  private static void checkThatNothingWasCreated(
      Running usher, Surroundings around, int people) {
    for (int service = 0; service < SERVICES; service++) {
      Saas.Counts counts = around.saas().counts(usher.place().saasTenant(service));
      if (counts.accounts() != people || counts.conflicts() != 0) {
        throw new IllegalStateException(
            "service %d has %s; expected %d accounts".formatted(service, counts, people));
      }
    }
    long announced = around.topics().end(usher.place().created());
    if (announced != (long) people * SERVICES) {
      throw new IllegalStateException("%d announcements after the repeats".formatted(announced));
    }
  }
}
