package dev.usher.provisioning.intake;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** How far behind intake is, for each partition that this instance has. */
public final class IntakeProgress {

  private final InstantSource clock;
  private final Map<TopicPartition, Position> positions = new ConcurrentHashMap<>();
  private final Set<String> missing = ConcurrentHashMap.newKeySet();

  /**
   * @param waitingSince the timestamp of the oldest record not yet done; null if all are done
   * @param records how many are not yet done, as far as is known
   * @param waitingFor what their last failure said; null if they did not fail
   */
  private record Position(
      @Nullable Instant waitingSince, long records, @Nullable String waitingFor) {}

  IntakeProgress(InstantSource clock) {
    this.clock = clock;
  }

  /** The age of the oldest record of the topic that is not done yet, in seconds; 0 if all are. */
  public double lagSeconds(String topic) {
    Instant now = clock.instant();
    return positions.entrySet().stream()
        .filter(entry -> entry.getKey().topic().equals(topic))
        .mapToDouble(entry -> age(entry.getValue().waitingSince(), now))
        .max()
        .orElse(0);
  }

  /** How many records of the topic are not done yet. */
  public long lagRecords(String topic) {
    return positions.entrySet().stream()
        .filter(entry -> entry.getKey().topic().equals(topic))
        .mapToLong(entry -> entry.getValue().records())
        .sum();
  }

  /** How many partitions this instance has. */
  public int partitions() {
    return positions.size();
  }

  /** What intake waits for, by topic, as the last failure said; empty while it goes on. */
  public Map<String, String> waitingFor() {
    Map<String, String> waiting = new TreeMap<>();
    positions.forEach(
        (partition, position) -> {
          if (position.waitingFor() != null) {
            waiting.put(partition.topic(), position.waitingFor());
          }
        });
    return waiting;
  }

  /** The topics that are to be read and do not exist, as far as this instance has looked. */
  public Set<String> missingTopics() {
    return new TreeSet<>(missing);
  }

  /** Whether that is news. */
  boolean missing(String topic, boolean now) {
    return now ? missing.add(topic) : missing.remove(topic);
  }

  void assigned(Collection<TopicPartition> partitions) {
    partitions.forEach(partition -> positions.put(partition, new Position(null, 0, null)));
  }

  void revoked(Collection<TopicPartition> partitions) {
    positions.keySet().removeAll(partitions);
  }

  /**
   * @param batch as the consumer returned it, so that each partition's records stand together
   */
  void started(List<ConsumerRecord<byte[], byte[]>> batch, Consumer<?, ?> consumer) {
    for (int i = 0; i < batch.size(); i++) {
      ConsumerRecord<byte[], byte[]> record = batch.get(i);
      if (i == 0 || !together(record, batch.get(i - 1))) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Position first =
            new Position(
                Instant.ofEpochMilli(record.timestamp()),
                Math.max(1, remaining(consumer, partition)),
                null);
        // A batch that comes again still waits for what it waited for.
        positions.computeIfPresent(
            partition,
            (_, before) ->
                new Position(first.waitingSince(), first.records(), before.waitingFor()));
      }
    }
  }

  /** The counterpart of {@link #started}. */
  void done(List<ConsumerRecord<byte[], byte[]>> batch, Consumer<?, ?> consumer) {
    for (int i = 0; i < batch.size(); i++) {
      ConsumerRecord<byte[], byte[]> record = batch.get(i);
      if (i + 1 == batch.size() || !together(record, batch.get(i + 1))) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        long left = remaining(consumer, partition);
        Position next =
            new Position(left == 0 ? null : Instant.ofEpochMilli(record.timestamp()), left, null);
        positions.computeIfPresent(partition, (_, _) -> next);
      }
    }
  }

  void failed(List<ConsumerRecord<byte[], byte[]>> batch, RuntimeException why) {
    String waitingFor = why.getClass().getSimpleName() + ": " + why.getMessage();
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      positions.computeIfPresent(
          new TopicPartition(record.topic(), record.partition()),
          (_, before) -> new Position(before.waitingSince(), before.records(), waitingFor));
    }
  }

  private static long remaining(Consumer<?, ?> consumer, TopicPartition partition) {
    return consumer.currentLag(partition).orElse(0);
  }

  private static boolean together(ConsumerRecord<?, ?> one, ConsumerRecord<?, ?> other) {
    return one.partition() == other.partition() && one.topic().equals(other.topic());
  }

  private static double age(@Nullable Instant since, Instant now) {
    return since == null ? 0 : Math.max(0, (now.toEpochMilli() - since.toEpochMilli()) / 1_000.0);
  }
}
