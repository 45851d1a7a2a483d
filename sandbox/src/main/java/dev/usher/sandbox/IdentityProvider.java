package dev.usher.sandbox;

import dev.usher.events.SignIn;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the sign-ins of a {@link Company} to a topic: one on demand, or a stream at a rate, in
 * which people whom it has seen before return and new ones turn up in the company's order. Safe for
 * use by several threads.
 */
public final class IdentityProvider implements AutoCloseable {

  private static final Duration TICK = Duration.ofMillis(5);
  private static final double HIGHEST_RATE = 1_000_000;
  private static final Duration MOST_CAUGHT_UP = Duration.ofSeconds(1);
  private static final Duration STEP_ENDS_WITHIN = Duration.ofSeconds(2);
  private static final int LONGEST_BLOCK_MILLIS = 10_000;

  /**
   * How it publishes.
   *
   * @param topic where to
   * @param keyed whether a record's key is the subject; some publishers send none
   * @param repeats the share of sign-ins of people who were seen before, from 0 to 1
   * @param seed for who comes next and what their sign-in is like
   */
  public record Habits(String topic, boolean keyed, double repeats, long seed) {
    public Habits {
      if (!(repeats >= 0 && repeats <= 1)) {
        throw new IllegalArgumentException(
            "`%s` is no share of repeats; it should be from 0 to 1".formatted(repeats));
      }
    }

    /** Keyed by subject, and 99 of 100 sign-ins are of people who were seen before. */
    public static Habits of(String topic) {
      return new Habits(topic, true, 0.99, 1);
    }

    /** The same without keys. */
    public Habits withoutKeys() {
      return new Habits(topic, false, repeats, seed);
    }

    /** The same with another share of repeats. */
    public Habits withRepeats(double share) {
      return new Habits(topic, keyed, share, seed);
    }

    /** The same with another seed. */
    public Habits withSeed(long other) {
      return new Habits(topic, keyed, repeats, other);
    }
  }

  private final Company company;
  private final Habits habits;
  private final InstantSource clock;
  private final KafkaProducer<String, SignIn> producer;
  private final LongAdder published = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final SplittableRandom random;
  private int seen;
  private @Nullable ScheduledExecutorService ticking;

  /**
   * Makes one that is silent until asked.
   *
   * @param bootstrapServers of the broker
   * @param serializer writes the records' values; configured by the caller and closed here
   * @param clock tells when people sign in
   */
  public IdentityProvider(
      String bootstrapServers,
      Company company,
      Habits habits,
      Serializer<? super SignIn> serializer,
      InstantSource clock) {
    this.company = company;
    this.habits = habits;
    this.clock = clock;
    this.random = new SplittableRandom(habits.seed());
    this.producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                // A lone sign-in leaves at once; at high rates batches form while others are away.
                ProducerConfig.LINGER_MS_CONFIG,
                0,
                ProducerConfig.BATCH_SIZE_CONFIG,
                128 * 1024,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                Broker.LARGEST_RECORD,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                LONGEST_BLOCK_MILLIS,
                ProducerConfig.ENABLE_METRICS_PUSH_CONFIG,
                false),
            new StringSerializer(),
            new OfSignIns(serializer));
  }

  /**
   * Publishes one successful sign-in of this person, now.
   *
   * @return done when the broker has acknowledged it, with its place in the topic
   */
  public Future<RecordMetadata> signIn(Person person) {
    SignIn signIn;
    synchronized (this) {
      signIn = Company.successfulSignIn(person, clock.instant(), random);
    }
    return publish(signIn);
  }

  /** Publishes this sign-in as it is, with what may be wrong with it. */
  public Future<RecordMetadata> publish(SignIn signIn) {
    String key = habits.keyed() ? signIn.getSubject() : null;
    return producer.send(
        new ProducerRecord<>(habits.topic(), key, signIn),
        (_, failure) -> (failure == null ? published : failed).increment());
  }

  /** Publishes this many sign-ins of the stream, as fast as it can; what the rate's clock calls. */
  public void step(int signIns) {
    for (int i = 0; i < signIns; i++) {
      var _ = publish(next());
    }
  }

  private synchronized SignIn next() {
    List<Person> people = company.people();
    boolean isNew = seen < people.size() && (seen == 0 || random.nextDouble() >= habits.repeats());
    Person person = people.get(isNew ? seen++ : random.nextInt(seen));
    return Company.signIn(person, clock.instant(), random);
  }

  /**
   * Publishes from now on at this rate, in steps every 5 ms; a rate that was there before ends.
   * After an outage of the broker at most one second's worth is caught up on.
   *
   * @param perSecond sign-ins a second, above 0 and up to 1,000,000
   */
  public synchronized void start(double perSecond) {
    if (!(perSecond > 0 && perSecond <= HIGHEST_RATE)) {
      throw new IllegalArgumentException(
          "`%s` sign-ins a second; it should be above 0 and at most %s"
              .formatted(perSecond, HIGHEST_RATE));
    }
    stop();
    ScheduledExecutorService starting =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("identity-provider").factory());
    ticking = starting;
    Pace pace = new Pace(perSecond, System.nanoTime());
    var _ =
        starting.scheduleAtFixedRate(
            () -> stepUnlessRefused(pace.dueAt(System.nanoTime())),
            0,
            TICK.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void stepUnlessRefused(int due) {
    try {
      step(due);
    } catch (RuntimeException e) {
      // A schedule ends at its first exception; the next tick may fare better.
      failed.increment();
    }
  }

  /** A serializer of more than sign-ins, put to this one use. */
  private record OfSignIns(Serializer<? super SignIn> whole) implements Serializer<SignIn> {
    @Override
    public byte[] serialize(String topic, SignIn signIn) {
      return whole.serialize(topic, signIn);
    }

    @Override
    public byte[] serialize(String topic, Headers headers, SignIn signIn) {
      return whole.serialize(topic, headers, signIn);
    }

    @Override
    public void close() {
      whole.close();
    }
  }

  /** How many sign-ins are due, by a monotonic clock. */
  static final class Pace {
    private final double perNano;
    private final double most;
    private long last;
    private double owed;

    Pace(double perSecond, long now) {
      this.perNano = perSecond / TimeUnit.SECONDS.toNanos(1);
      this.most = Math.max(1, perSecond * MOST_CAUGHT_UP.toSeconds());
      this.last = now;
    }

    int dueAt(long now) {
      owed = Math.min(most, owed + (now - last) * perNano);
      last = now;
      int due = (int) owed;
      owed -= due;
      return due;
    }
  }

  /** Ends the stream; what was sent is still acknowledged. Stopping twice does nothing. */
  public void stop() {
    ScheduledExecutorService stopping;
    synchronized (this) {
      stopping = ticking;
      ticking = null;
    }
    if (stopping != null) {
      end(stopping);
    }
  }

  /** A step that waits for a broker that is away is not waited for. */
  private static void end(ScheduledExecutorService stopping) {
    stopping.shutdown();
    try {
      if (!stopping.awaitTermination(STEP_ENDS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        stopping.shutdownNow();
      }
    } catch (InterruptedException _) {
      stopping.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  /** How many sign-ins the broker has acknowledged. */
  public long published() {
    return published.sum();
  }

  /** How many sign-ins could not be published. */
  public long failed() {
    return failed.sum();
  }

  /** How many of the company's people have turned up in the stream. */
  public synchronized int peopleSeen() {
    return seen;
  }

  /** Stops, waits a few seconds for what was sent to be acknowledged, and lets go of the broker. */
  @Override
  public void close() {
    stop();
    producer.close(Duration.ofSeconds(5));
  }
}
