package dev.usher.benchmarks.speed;

import dev.usher.events.AccountCreated;
import dev.usher.events.serialization.RegistryAvroDeserializer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What stands in the topics, and how far groups have come: seen from outside. */
final class Topics implements AutoCloseable {

  private static final Duration LONGEST_POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String bootstrapServers;
  private final Admin admin;
  private final RegistryAvroDeserializer<AccountCreated> announcements;
  private final Map<String, List<TopicPartition>> partitions = new HashMap<>();

  Topics(String bootstrapServers, String registryUrl) {
    this.bootstrapServers = bootstrapServers;
    admin =
        Admin.create(Map.of("bootstrap.servers", bootstrapServers, "enable.metrics.push", false));
    announcements =
        RegistryAvroDeserializer.of(
            AccountCreated.class, Map.of("schema.registry.url", registryUrl));
  }

  /** A record, by whom it is of and when the broker appended it, in milliseconds. */
  record Appended(String subject, String service, long at) {}

  private List<TopicPartition> partitions(String topic) {
    return partitions.computeIfAbsent(
        topic,
        _ -> {
          TopicDescription description =
              Objects.requireNonNull(
                  got(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic));
          return description.partitions().stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
        });
  }

  /** Where the topic ends, by partition. */
  Map<TopicPartition, Long> ends(String topic) {
    Map<TopicPartition, ListOffsetsResultInfo> ends =
        got(
            admin
                .listOffsets(
                    partitions(topic).stream()
                        .collect(Collectors.toMap(each -> each, _ -> OffsetSpec.latest())))
                .all());
    Map<TopicPartition, Long> offsets = new HashMap<>();
    ends.forEach((partition, info) -> offsets.put(partition, info.offset()));
    return offsets;
  }

  /** How many records the topic has had. */
  long end(String topic) {
    return sum(ends(topic).values());
  }

  /** How many of the topic's records the group has done, by what it has committed. */
  long committed(String group, String topic) {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        got(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    return offsets.entrySet().stream()
        .filter(each -> each.getKey().topic().equals(topic) && each.getValue() != null)
        .mapToLong(each -> each.getValue().offset())
        .sum();
  }

  /** How many members the group has that are assigned something, or wait beside those. */
  int members(String group, boolean shared) {
    try {
      if (shared) {
        ShareGroupDescription description =
            got(
                Objects.requireNonNull(
                    admin.describeShareGroups(List.of(group)).describedGroups().get(group)));
        return (int)
            description.members().stream()
                .filter(member -> !member.assignment().topicPartitions().isEmpty())
                .count();
      }
      ConsumerGroupDescription description =
          got(
              Objects.requireNonNull(
                  admin.describeConsumerGroups(List.of(group)).describedGroups().get(group)));
      return description.groupState() == GroupState.STABLE ? description.members().size() : 0;
    } catch (IllegalStateException _) {
      // A group that is not there yet is an error of the broker's.
      return 0;
    }
  }

  /** Gives the room of all that stands in the topic back. */
  void truncate(String topic) {
    Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
    ends(topic).forEach((each, end) -> all.put(each, RecordsToDelete.beforeOffset(end)));
    got(admin.deleteRecords(all).all());
  }

  /** The announcements from there to the end. */
  List<Appended> announced(String topic, Map<TopicPartition, Long> from) {
    return read(topic, from).stream()
        .map(
            record -> {
              AccountCreated event =
                  Objects.requireNonNull(announcements.deserialize(topic, record.value()));
              return new Appended(event.getSubject(), event.getService(), record.timestamp());
            })
        .toList();
  }

  /** When the sign-ins from there to the end were appended; their key is the subject. */
  List<Appended> signedIn(String topic, Map<TopicPartition, Long> from) {
    return read(topic, from).stream()
        .map(
            record ->
                new Appended(
                    new String(record.key(), StandardCharsets.UTF_8), "", record.timestamp()))
        .toList();
  }

  private List<ConsumerRecord<byte[], byte[]>> read(String topic, Map<TopicPartition, Long> from) {
    long missing = end(topic) - sum(from.values());
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    long began = System.nanoTime();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "enable.metrics.push", false),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(from.keySet());
      from.forEach(consumer::seek);
      while (records.size() < missing) {
        if (System.nanoTime() - began > PATIENCE.toNanos()) {
          throw new IllegalStateException(
              "%d of %d records of `%s`".formatted(records.size(), missing, topic));
        }
        consumer.poll(LONGEST_POLL).forEach(records::add);
      }
    }
    return records;
  }

  private static long sum(Collection<Long> offsets) {
    return offsets.stream().mapToLong(Long::longValue).sum();
  }

  private static <T> T got(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    admin.close();
    announcements.close();
  }
}
