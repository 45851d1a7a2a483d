package dev.usher.benchmarks.speed;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import dev.usher.benchmarks.speed.Topics.Appended;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** A contender at its place, started and ready. */
final class Running implements AutoCloseable {

  private static final Duration READY = Duration.ofMinutes(4);
  private static final Duration DONE = Duration.ofSeconds(60);
  private static final Duration OFTEN = Duration.ofMillis(50);

  /** Nobody is the same as anybody in an earlier round, or of another contender. */
  private static final AtomicLong NEXT_PERSON = new AtomicLong(1_000_000);

  /** The broker's, which runs in this JVM. */
  private final InstantSource clock = InstantSource.system();

  private final Contender contender;
  private final Place place;
  private final Surroundings around;
  private final List<Child> processes;

  private Running(Contender contender, Place place, Surroundings around, List<Child> processes) {
    this.contender = contender;
    this.place = place;
    this.around = around;
    this.processes = processes;
  }

  /** Starts it at a place of its own; it is ready when it reads its topic. */
  static Running start(Contender contender, Surroundings around) {
    return start(contender, around.place(contender.name()), around);
  }

  static Running start(Contender contender, Place place, Surroundings around) {
    around.saas().reset(place.saasTenant(0), Duration.ZERO);
    Running running =
        new Running(contender, place, around, started(contender.commands(place), place));
    running.awaitReady();
    return running;
  }

  private static List<Child> started(List<List<String>> commands, Place place) {
    List<Child> processes = new ArrayList<>();
    for (List<String> command : commands) {
      processes.add(
          Child.start(command, place.folder().resolve("log-%d".formatted(processes.size()))));
    }
    return processes;
  }

  private void awaitReady() {
    try {
      Waiting.until(
          contender.name() + " reads its topic",
          READY,
          OFTEN,
          () -> {
            if (processes.stream().anyMatch(each -> !each.isAlive())) {
              throw new IllegalStateException("it is gone");
            }
            return around.topics().members(place.group(), contender.shares())
                == contender.consumers(place);
          });
    } catch (IllegalStateException e) {
      String ended = ended();
      close();
      throw new IllegalStateException(contender.name() + ": " + ended, e);
    }
  }

  String name() {
    return contender.name();
  }

  Place place() {
    return place;
  }

  /** Keeps it from running until {@link #resume}. */
  void pause() {
    processes.forEach(Child::pause);
  }

  void resume() {
    processes.forEach(Child::resume);
  }

  /** The time that it has had of the processors. */
  Duration cpu() {
    return processes.stream().map(Child::cpu).reduce(Duration.ZERO, Duration::plus);
  }

  /** The memory that it has. */
  long residentMegabytes() {
    return processes.stream().mapToLong(Child::residentMegabytes).sum();
  }

  private String ended() {
    return processes.stream().map(Child::ended).collect(Collectors.joining("\n"));
  }

  /**
   * What it did with a number of people who signed in for the first time.
   *
   * @param rate accounts a second, from when it was let go to the last announcement
   * @param steadyRate the same from when a tenth was announced, for what is limited by waves of
   *     calls, the first of which is for nothing
   * @param cpuMicros of the contender's own processes, for each account
   * @param neighboursMicros of broker, database and SaaS, for each account
   */
  record FirstSignIns(
      int people, double rate, double steadyRate, double cpuMicros, double neighboursMicros) {}

  /**
   * Has the people sign in while it stands still, lets it go, and waits until it has announced all
   * of them. Sees to it that each has one account in the service, one in the database, and one
   * announcement; then all are forgotten.
   */
  FirstSignIns signInFirst(int people, Duration latency, Duration atMost) {
    around.saas().reset(place.saasTenant(0), latency);
    Map<TopicPartition, Long> before = around.topics().ends(place.created());
    long waiting = waiting();
    long first = newPeople(people);
    pause();
    for (long person = first; person < first + people; person++) {
      Future<RecordMetadata> _ = send(person);
    }
    around.producer().flush();
    Duration cpuBefore = cpu();
    Duration neighboursBefore = around.cpu();
    long released = clock.millis();
    resume();
    long end = before.values().stream().mapToLong(Long::longValue).sum() + people;
    await(
        "%d accounts announced".formatted(people),
        atMost,
        () -> around.topics().end(place.created()) >= end);
    double cpu = cpu().minus(cpuBefore).toNanos() / 1_000.0 / people;
    double neighbours = around.cpu().minus(neighboursBefore).toNanos() / 1_000.0 / people;
    List<Appended> announced = around.topics().announced(place.created(), before);
    check(people, announced);
    require("accounts that wait", waiting, waiting());
    forget();
    List<Long> times = announced.stream().map(Appended::at).sorted().toList();
    int tenth = people / 10;
    return new FirstSignIns(
        people,
        rate(people, released, times.getLast()),
        rate(people - tenth, times.get(tenth - 1), times.getLast()),
        cpu,
        neighbours);
  }

  private static double rate(int count, long fromMillis, long toMillis) {
    return count * 1_000.0 / Math.max(1, toMillis - fromMillis);
  }

  /** The first of so many people in a row who have never signed in. */
  long newPeople(int count) {
    return NEXT_PERSON.getAndAdd(count);
  }

  /** Publishes a sign-in of the person, without waiting for the broker. */
  Future<RecordMetadata> send(long person) {
    return send(person, around.people().signIn(place.signIns(), person));
  }

  /** The same, to that application. */
  Future<RecordMetadata> send(String application, long person) {
    return send(person, around.people().signIn(place.signIns(), application, person));
  }

  private Future<RecordMetadata> send(long person, byte[] signIn) {
    return around
        .producer()
        .send(
            new ProducerRecord<>(
                place.signIns(), People.subject(person).getBytes(StandardCharsets.UTF_8), signIn));
  }

  /** Waits for something that it is to do. */
  void await(String what, Duration atMost, BooleanSupplier done) {
    await(what, atMost, OFTEN, done);
  }

  void await(String what, Duration atMost, Duration between, BooleanSupplier done) {
    try {
      Waiting.until(what, atMost, between, done);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          "%s: %d announced, %s, %s"
              .formatted(
                  name(),
                  around.topics().end(place.created()),
                  around.saas().counts(place.saasTenant(0)),
                  ended()),
          e);
    }
  }

  private void check(int people, List<Appended> announced) {
    Set<String> subjects = new HashSet<>();
    announced.forEach(each -> subjects.add(each.subject()));
    require("announcements", people, announced.size());
    require("people announced", people, subjects.size());
    Saas.Counts counts = around.saas().counts(place.saasTenant(0));
    require("accounts in the service", people, counts.accounts());
    require("conflicts in the service", 0, counts.conflicts());
    awaitDone(people);
  }

  /** Ours notes afterwards that Kafka has an announcement, and is done with it only then. */
  void awaitDone(long accounts) {
    await(
        "%d accounts are done in the database".formatted(accounts),
        DONE,
        () ->
            database().getCollection("accounts").countDocuments(Filters.exists("work", false))
                == accounts);
  }

  /** How many accounts in the database are not done. */
  private long waiting() {
    return database().getCollection("accounts").countDocuments(Filters.exists("work"));
  }

  private void require(String what, long expected, long found) {
    if (expected != found) {
      throw new IllegalStateException(
          "%s: %d %s; expected %d".formatted(name(), found, what, expected));
    }
  }

  MongoDatabase database() {
    return around.mongo().getDatabase(place.name());
  }

  /**
   * Empties topics and database, but for what waits there, so that each round begins with the same.
   */
  void forget() {
    for (String name : database().listCollectionNames()) {
      // An instance's own document is its heart.
      if (!name.equals("instances")) {
        database().getCollection(name).deleteMany(Filters.exists("work", false));
      }
    }
    around.topics().truncate(place.signIns());
    around.topics().truncate(place.created());
  }

  @Override
  public void close() {
    processes.forEach(Child::close);
  }
}
