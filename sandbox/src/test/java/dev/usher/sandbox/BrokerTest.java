package dev.usher.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrokerTest {

  private static final int A_LOT = 12 * 1024 * 1024;

  private Broker broker;

  @BeforeAll
  void start(@TempDir Path folder) {
    broker = Broker.start(folder);
  }

  @AfterAll
  void close() {
    broker.close();
    broker.close();
  }

  @Test
  void whatWasAcknowledgedIsStillThereAfterARestartAtTheSameAddress() throws Exception {
    broker.createTopic("kept", 2, Map.of());
    String address = broker.bootstrapServers();
    publish("kept", "before".getBytes(UTF_8));

    broker.stop();
    broker.stop();
    broker.restart();
    publish("kept", "after".getBytes(UTF_8));

    assertThat(broker.bootstrapServers()).isEqualTo(address);
    assertThat(read("kept", 2))
        .extracting(record -> new String(record.value(), UTF_8))
        .containsExactlyInAnyOrder("before", "after");
  }

  @Test
  void aRecordOfTwelveMegabytesPasses() throws Exception {
    broker.createTopic("large", 1, Map.of());

    publish("large", new byte[A_LOT]);

    assertThat(read("large", 1)).extracting(record -> record.value().length).containsExactly(A_LOT);
  }

  @Test
  void topicsAreNotCreatedByUse() {
    assertThatThrownBy(() -> publish("misspelt", new byte[1]))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("misspelt");
  }

  @Test
  void aTopicThatExistsIsRefusedByName() {
    broker.createTopic("twice", 1, Map.of());

    assertThatThrownBy(() -> broker.createTopic("twice", 1, Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("`twice`");
  }

  @Test
  void shareGroupsAreServed() throws Exception {
    broker.createTopic("shared", 1, Map.of());
    Map<String, Object> config =
        Map.of("bootstrap.servers", broker.bootstrapServers(), "group.id", "sharing");
    try (KafkaShareConsumer<byte[], byte[]> consumer =
        new KafkaShareConsumer<>(
            config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of("shared"));
      int received = 0;
      for (int i = 0; i < 30 && received == 0; i++) {
        // A share group starts at the end of the log: publish until it has joined.
        publish("shared", new byte[] {1});
        received = consumer.poll(Duration.ofMillis(500)).count();
      }
      assertThat(received).isPositive();
    }
  }

  private void publish(String topic, byte[] value) throws Exception {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "max.request.size",
            A_LOT + 1024,
            "max.block.ms",
            3000);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, value)).get();
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "group.id",
            "readers-of-" + topic,
            "auto.offset.reset",
            "earliest");
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(topic));
      for (int i = 0; i < 30 && records.size() < count; i++) {
        consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
      }
    }
    return records;
  }
}
