package dev.usher.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.events.SignIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdentityProviderTest {

  private static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");
  private static final Duration READ_WITHIN = Duration.ofSeconds(30);
  private static final Company COMPANY = Company.ofPeople(1000, 42);

  private Broker broker;

  @BeforeAll
  void start() {
    broker = Broker.startTemporary();
  }

  @AfterAll
  void close() {
    broker.close();
  }

  @Test
  void onePersonSignsInOnDemand() throws Exception {
    broker.createTopic("one", 1, Map.of());
    Person ada = COMPANY.people(Person.Kind.EMPLOYEE).getFirst();
    try (IdentityProvider provider = provider(IdentityProvider.Habits.of("one"))) {
      RecordMetadata place = provider.signIn(ada).get(30, TimeUnit.SECONDS);

      assertThat(place.topic()).isEqualTo("one");
      assertThat(provider.published()).isOne();
    }
    ConsumerRecord<String, SignIn> record = read("one", 1).getFirst();
    assertThat(record.key()).isEqualTo(ada.subject());
    assertThat(record.value().getEmail()).isEqualTo(ada.email());
    assertThat(record.value().getOccurredAt()).isEqualTo(NOW);
  }

  @Test
  void keysCanBeLeftOut() throws Exception {
    broker.createTopic("keyless", 1, Map.of());
    try (IdentityProvider provider =
        provider(IdentityProvider.Habits.of("keyless").withoutKeys())) {
      provider.signIn(COMPANY.people().getFirst()).get(30, TimeUnit.SECONDS);
    }
    assertThat(read("keyless", 1).getFirst().key()).isNull();
  }

  @Test
  void mostOfTheStreamAreRepeatsAndNewPeopleTurnUpInOrder() {
    broker.createTopic("stream", 1, Map.of());
    int expectedNew;
    try (IdentityProvider provider =
        provider(IdentityProvider.Habits.of("stream").withRepeats(0.9))) {
      provider.step(2000);
      expectedNew = provider.peopleSeen();
    }
    Set<String> subjects = new HashSet<>();
    read("stream", 2000).forEach(record -> subjects.add(record.value().getSubject()));

    assertThat(expectedNew).isBetween(120, 280);
    assertThat(subjects)
        .containsExactlyInAnyOrderElementsOf(
            COMPANY.people().subList(0, expectedNew).stream().map(Person::subject).toList());
  }

  @Test
  void theStreamRunsAtARateUntilItIsStopped() {
    broker.createTopic("rate", 1, Map.of());
    try (IdentityProvider provider = provider(IdentityProvider.Habits.of("rate"))) {
      provider.start(2000);
      read("rate", 500);
      provider.stop();
      provider.stop();
      assertThat(provider.published() + provider.failed()).isGreaterThanOrEqualTo(500);
      assertThat(provider.failed()).isZero();
    }
  }

  @Test
  void aBrokerThatIsAwayKeepsNeitherStopNorCloseWaitingLong() throws Exception {
    Broker away = Broker.startTemporary();
    String address = away.bootstrapServers();
    away.close();
    CountDownLatch signsIn = new CountDownLatch(1);
    InstantSource clock =
        () -> {
          signsIn.countDown();
          return NOW;
        };
    long start = System.nanoTime();
    try (IdentityProvider provider =
        new IdentityProvider(
            address, COMPANY, IdentityProvider.Habits.of("any"), (_, _) -> new byte[1], clock)) {
      provider.start(100_000);
      assertThat(signsIn.await(30, TimeUnit.SECONDS)).isTrue();
      provider.stop();
    }
    // Each of the hundreds that were due would wait for ten seconds.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(READ_WITHIN);
  }

  @Test
  void aPaceOwesWhatItsRateSaysAndNoMoreThanASecondsWorth() {
    long second = TimeUnit.SECONDS.toNanos(1);
    IdentityProvider.Pace pace = new IdentityProvider.Pace(300, 0);

    assertThat(IntStream.rangeClosed(1, 200).map(tick -> pace.dueAt(tick * second / 200)).sum())
        .isBetween(299, 300);
    assertThat(pace.dueAt(61 * second)).isBetween(299, 300);
    IdentityProvider.Pace slow = new IdentityProvider.Pace(0.5, 0);
    assertThat(slow.dueAt(second)).isZero();
    assertThat(slow.dueAt(2 * second)).isOne();
  }

  @Test
  void aRateOfNothingIsRefused() {
    try (IdentityProvider provider = provider(IdentityProvider.Habits.of("unused"))) {
      assertThatThrownBy(() -> provider.start(0)).hasMessageContaining("`0.0`");
      assertThatThrownBy(() -> provider.start(Double.NaN)).hasMessageContaining("`NaN`");
    }
    assertThatThrownBy(() -> IdentityProvider.Habits.of("unused").withRepeats(1.5))
        .hasMessageContaining("`1.5`");
  }

  private IdentityProvider provider(IdentityProvider.Habits habits) {
    Serializer<SignIn> serializer =
        (_, signIn) -> {
          try {
            return signIn.toByteBuffer().array();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    return new IdentityProvider(broker.bootstrapServers(), COMPANY, habits, serializer, () -> NOW);
  }

  private List<ConsumerRecord<String, SignIn>> read(String topic, int count) {
    Deserializer<SignIn> deserializer =
        (_, bytes) -> {
          try {
            return SignIn.fromByteBuffer(ByteBuffer.wrap(bytes));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    Map<String, Object> config = Map.of("bootstrap.servers", broker.bootstrapServers());
    List<ConsumerRecord<String, SignIn>> records = new ArrayList<>();
    try (KafkaConsumer<String, SignIn> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), deserializer)) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long start = System.nanoTime();
      while (records.size() < count && System.nanoTime() - start < READ_WITHIN.toNanos()) {
        consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
      }
    }
    assertThat(records.size()).isGreaterThanOrEqualTo(count);
    return records;
  }
}
