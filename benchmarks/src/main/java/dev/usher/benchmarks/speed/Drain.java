package dev.usher.benchmarks.speed;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.IntToLongFunction;
import java.util.function.LongFunction;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * A topic that is filled while nobody reads it, and how fast a contender then has it done.
 *
 * @param rate sign-ins committed a second, from the first commit to the last
 * @param seconds from when the contender is let go to its last commit
 * @param cpuMicros of the contender's own processes, for each
 * @param neighboursMicros of broker, database and SaaS, for each
 */
record Drain(double rate, double seconds, double cpuMicros, double neighboursMicros) {

  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final Duration LOOK = Duration.ofMillis(10);

  /**
   * Fills the topic with so many sign-ins.
   *
   * @param who a person's number, for each sign-in
   * @param bytes a sign-in, for each person
   */
  static void fill(
      Surroundings around,
      String topic,
      int signIns,
      IntToLongFunction who,
      LongFunction<byte[]> bytes) {
    for (int i = 0; i < signIns; i++) {
      long person = who.applyAsLong(i);
      Future<RecordMetadata> _ =
          around
              .producer()
              .send(
                  new ProducerRecord<>(
                      topic,
                      People.subject(person).getBytes(StandardCharsets.UTF_8),
                      bytes.apply(person)));
    }
    around.producer().flush();
  }

  /** Lets the contender go, which was paused, until it has committed all that is there. */
  static Drain of(Running contender, Surroundings around) {
    Place place = contender.place();
    long end = around.topics().end(place.signIns());
    long before = around.topics().committed(place.group(), place.signIns());
    Duration cpuBefore = contender.cpu();
    Duration neighboursBefore = around.cpu();
    long released = System.nanoTime();
    contender.resume();
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
    long done = System.nanoTime();
    return new Drain(
        (end - first[1]) * 1e9 / (done - first[0]),
        (done - released) / 1e9,
        contender.cpu().minus(cpuBefore).toNanos() / 1_000.0 / (end - before),
        around.cpu().minus(neighboursBefore).toNanos() / 1_000.0 / (end - before));
  }
}
