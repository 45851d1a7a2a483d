package dev.usher.benchmarks.peers;

import dev.usher.events.SignIn;
import dev.usher.events.serialization.RegistryAvroDeserializer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * No peer but a limit: polls, or polls and decodes, and does nothing. It polls as many at once as
 * ours, shares one decoder between its threads as ours does, and commits without waiting, which is
 * less than ours does.
 */
public final class BareConsumer {

  private static final Duration LONGEST_POLL = Duration.ofMillis(100);

  private final Map<String, Object> settings;
  private final String topic;
  private final Optional<RegistryAvroDeserializer<SignIn>> decoder;
  private final LongAdder seen = new LongAdder();

  private BareConsumer(
      Map<String, Object> settings,
      String topic,
      Optional<RegistryAvroDeserializer<SignIn>> decoder) {
    this.settings = settings;
    this.topic = topic;
    this.decoder = decoder;
  }

  /**
   * Runs until standard input ends.
   *
   * @param arguments bootstrap servers, the registry's URL, topic, group, threads, and `poll` or
   *     `decode`
   */
  public static void main(String[] arguments) throws IOException {
    BareConsumer consumer =
        new BareConsumer(
            Map.of(
                "bootstrap.servers",
                arguments[0],
                "group.id",
                arguments[3],
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false,
                "max.poll.records",
                2_000,
                "fetch.max.wait.ms",
                100),
            arguments[2],
            arguments[5].equals("decode")
                ? Optional.of(
                    RegistryAvroDeserializer.of(
                        SignIn.class, Map.of("schema.registry.url", arguments[1])))
                : Optional.empty());
    for (int i = 0; i < Integer.parseInt(arguments[4]); i++) {
      Thread.ofPlatform().daemon().start(consumer::consume);
    }
    while (System.in.read() >= 0) {
      // Nobody says anything; it is the end that counts.
    }
    System.exit(consumer.seen.sum() < 0 ? 1 : 0);
  }

  private void consume() {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(topic));
      while (true) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(LONGEST_POLL);
        long size = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
          size += decoder.isPresent() ? decoded(decoder.get(), record) : record.value().length;
        }
        // So that no decoding can be left out as without effect.
        seen.add(size);
        if (!records.isEmpty()) {
          consumer.commitAsync();
        }
      }
    }
  }

  private static int decoded(
      RegistryAvroDeserializer<SignIn> decoder, ConsumerRecord<byte[], byte[]> record) {
    @Nullable SignIn signIn = decoder.deserialize(record.topic(), record.value());
    return signIn == null ? 0 : signIn.getSubject().length();
  }
}
