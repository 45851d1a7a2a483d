package dev.usher.demo;

import dev.usher.events.AccountCreated;
import dev.usher.events.serialization.RegistryAvroDeserializer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A subscriber as its author would write it: reads who can be greeted. */
final class Bot implements AutoCloseable {

  private final KafkaConsumer<String, AccountCreated> consumer;
  private final Thread thread;

  Bot(String bootstrapServers, String registry, String topic, Story story) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "group.id",
            "welcome-bot",
            "auto.offset.reset",
            "earliest",
            "schema.registry.url",
            registry);
    consumer =
        new KafkaConsumer<>(
            settings,
            new StringDeserializer(),
            RegistryAvroDeserializer.of(AccountCreated.class, settings));
    consumer.subscribe(List.of(topic));
    thread = Thread.ofPlatform().name("welcome-bot").start(() -> read(story));
  }

  private void read(Story story) {
    try (consumer) {
      while (true) {
        consumer
            .poll(Duration.ofSeconds(1))
            .forEach(
                record -> story.greeted(record.value(), Instant.ofEpochMilli(record.timestamp())));
      }
    } catch (WakeupException _) {
      // The demo ends.
    }
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
