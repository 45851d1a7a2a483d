package dev.usher.provisioning.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.events.SignIn;
import dev.usher.events.serialization.RegistryAvroDeserializer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.util.unit.DataSize;

/** How batches follow each other. */
final class IntakeTest {

  private static final TopicPartition PARTITION = new TopicPartition("identity.sign-ins", 0);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final List<Long> pauses = new ArrayList<>();
  private long nanos = Long.MAX_VALUE - 1;
  private long takes;
  private boolean down;

  private final Intake<?> intake =
      new Intake<>(
          IntakeObserver.Kind.SIGN_INS,
          new RecordReader<>(
              RegistryAvroDeserializer.of(
                  SignIn.class, Map.of("schema.registry.url", "http://127.0.0.1:9")),
              new SignInReading(),
              new IntakeProperties(
                  DataSize.ofKilobytes(256),
                  Duration.ofSeconds(30),
                  Duration.ofSeconds(5),
                  Duration.ofSeconds(10),
                  DataSize.ofMegabytes(16)),
              () -> nanos),
          this::admit,
          new DeadLetters(
              new DefaultKafkaProducerFactory<>(Map.of()), Duration.ofSeconds(1), List.of()),
          new IntakeProgress(() -> Instant.EPOCH),
          List.of(),
          () -> nanos,
          pauses::add);

  private void admit(Object signIns) {
    nanos += takes;
    if (down) {
      throw new IllegalStateException("not to be had now");
    }
  }

  private void take(int records) {
    consumer.assign(List.of(PARTITION));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, (long) records));
    intake.onMessage(
        LongStream.range(0, records)
            .mapToObj(
                offset ->
                    new ConsumerRecord<>(
                        PARTITION.topic(), PARTITION.partition(), offset, new byte[0], new byte[0]))
            .toList(),
        consumer);
  }

  @Test
  void aSmallBatchIsFollowedByTheNextWhenItsPaceAllowsAndALargeOneAtOnce() {
    takes = 1_000_000;
    take(Intake.SMALL - 1);
    assertThat(pauses).containsExactly(Intake.PACE_NANOS - takes);

    take(Intake.SMALL);
    assertThat(pauses).hasSize(1);
  }

  @Test
  void whatTookLongerThanThePaceIsFollowedAtOnce() {
    takes = Intake.PACE_NANOS;
    take(1);
    assertThat(pauses).allSatisfy(pause -> assertThat(pause).isNotPositive());
  }

  @Test
  void aBatchThatFailsIsLeftToTheContainersOwnWait() {
    down = true;
    assertThatThrownBy(() -> take(1)).isInstanceOf(IllegalStateException.class);
    assertThat(pauses).isEmpty();
  }
}
