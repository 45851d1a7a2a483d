package dev.usher.provisioning.intake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Puts dead letters back onto the topics that they came from: key, value and headers as they were,
 * without what made them dead letters, and with a count of how often they were replayed. What is
 * replayed is noted, so that a second run leaves it alone; a run that is cut short may replay up to
 * {@value #BETWEEN_NOTES} again, which changes nothing.
 */
final class ReplayingDeadLetters {

  /** How often a record was replayed, as a number in text. */
  static final String REPLAYS = "usher-replays";

  /** Which dead letter it was: {@code topic-partition@offset}. */
  static final String REPLAYED_FROM = "usher-replayed-from";

  static final int BETWEEN_NOTES = 100;

  private static final String OF_DEAD_LETTERS = "kafka_dlt-";
  private static final String ORIGINAL_TIMESTAMP = "kafka_dlt-original-timestamp";
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int PATIENCE_IN_POLLS = 30;

  private final Consumer<byte[], byte[]> letters;
  private final Producer<byte[], byte[]> producer;
  private final Function<ConsumerRecord<byte[], byte[]>, @Nullable String> issuer;
  private final Selection selection;
  private final java.util.function.Consumer<String> tell;

  private long replayed;
  private long failed;
  private long before;
  private long others;

  /**
   * @param letters a consumer whose group keeps what was replayed, and that commits nothing itself
   * @param issuer tells who a dead letter is from; null if that cannot be read
   * @param tell takes a line on each dead letter that was selected
   */
  ReplayingDeadLetters(
      Consumer<byte[], byte[]> letters,
      Producer<byte[], byte[]> producer,
      Function<ConsumerRecord<byte[], byte[]>, @Nullable String> issuer,
      Selection selection,
      java.util.function.Consumer<String> tell) {
    this.letters = letters;
    this.producer = producer;
    this.issuer = issuer;
    this.selection = selection;
    this.tell = tell;
  }

  /**
   * Replays those of the topics that are selected and were there when it began.
   *
   * @param topics the topics that they came from
   * @return whether all that were selected are replayed
   */
  boolean run(List<String> topics) {
    for (String topic : topics) {
      Set<TopicPartition> partitions =
          letters.partitionsFor(topic + DeadLetters.SUFFIX).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .filter(
                  each ->
                      selection.partition() == null || selection.partition() == each.partition())
              .collect(Collectors.toSet());
      if (partitions.isEmpty()) {
        tell.accept(
            "The topic `" + topic + DeadLetters.SUFFIX + "` or its partition does not exist");
        failed++;
      }
      Map<TopicPartition, Long> beginnings = letters.beginningOffsets(partitions);
      Map<TopicPartition, Long> ends = letters.endOffsets(partitions);
      for (TopicPartition partition : partitions) {
        replay(
            topic,
            partition,
            Objects.requireNonNull(beginnings.get(partition)),
            Objects.requireNonNull(ends.get(partition)));
      }
    }
    tell.accept(
        "%s=%d failed=%d before=%d others=%d"
            .formatted(
                selection.dryRun() ? "would-replay" : "replayed",
                replayed,
                failed,
                before,
                others));
    return failed == 0;
  }

  private void replay(String topic, TopicPartition partition, long beginning, long end) {
    Replayed noted =
        Replayed.of(letters.committed(Set.of(partition)).get(partition), beginning, end);
    letters.assign(Set.of(partition));
    letters.seek(
        partition, Math.max(selection.from(), selection.again() ? beginning : noted.position()));
    long last = Math.min(end - 1, selection.to());
    int idle = 0;
    int unnoted = 0;
    while (letters.position(partition) <= last && replayed < selection.limit()) {
      List<ConsumerRecord<byte[], byte[]>> polled = letters.poll(POLL).records(partition);
      idle = polled.isEmpty() ? idle + 1 : 0;
      if (idle == PATIENCE_IN_POLLS) {
        throw new KafkaException(
            "nothing came from `%s` within %d s".formatted(partition, PATIENCE_IN_POLLS));
      }
      for (ConsumerRecord<byte[], byte[]> letter : polled) {
        if (letter.offset() <= last
            && replayed < selection.limit()
            && replay(topic, letter, noted)
            && ++unnoted == BETWEEN_NOTES) {
          letters.commitSync(Map.of(partition, noted.kept()));
          unnoted = 0;
        }
      }
    }
    if (!selection.dryRun()) {
      // Also where nothing is new: the broker forgets what is not kept anew.
      letters.commitSync(Map.of(partition, noted.kept()));
    }
  }

  /** Whether there is something new to be noted. */
  private boolean replay(String topic, ConsumerRecord<byte[], byte[]> letter, Replayed noted) {
    String reason = text(letter.headers(), DeadLetters.REASON, "no-reason");
    if (!selection.means(letter, reason)
        || (selection.issuer() != null && !selection.issuer().equals(issuer.apply(letter)))) {
      others++;
      return false;
    }
    if (noted.has(letter.offset()) && !selection.again()) {
      before++;
      return false;
    }
    String line =
        "%s %s %s".formatted(place(letter), reason, Instant.ofEpochMilli(letter.timestamp()));
    if (!noted.reaches(letter.offset()) && !selection.again()) {
      failed++;
      tell.accept(
          "%s: left alone, since %s is not replayed yet and more than %d lie between; with --again it is replayed, and not noted"
              .formatted(line, noted.position(), Replayed.REACH));
      return false;
    }
    if (selection.dryRun()) {
      replayed++;
      tell.accept("%s: would go to %s".formatted(line, topic));
      return false;
    }
    return send(topic, letter, line) && noted(letter.offset(), noted);
  }

  private static boolean noted(long offset, Replayed noted) {
    if (noted.reaches(offset)) {
      noted.add(offset);
    }
    return true;
  }

  private boolean send(String topic, ConsumerRecord<byte[], byte[]> letter, String line) {
    int replays = replays(letter.headers()) + 1;
    try {
      RecordMetadata there =
          producer
              .send(
                  new ProducerRecord<>(
                      topic, null, letter.key(), letter.value(), headers(letter, replays)))
              .get();
      replayed++;
      tell.accept(
          "%s: replayed to %s-%d@%d, for the %s time"
              .formatted(line, topic, there.partition(), there.offset(), ordinal(replays)));
      return true;
    } catch (ExecutionException e) {
      failed++;
      tell.accept("%s: Kafka did not take it: %s".formatted(line, e.getCause()));
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted", e);
    }
  }

  /** Those it came with, and no longer those that made it a dead letter. */
  private static Headers headers(ConsumerRecord<?, ?> letter, int replays) {
    RecordHeaders headers = new RecordHeaders();
    for (Header header : letter.headers()) {
      if (!header.key().startsWith(OF_DEAD_LETTERS)
          && !header.key().equals(DeadLetters.REASON)
          && !header.key().equals(DeadLetters.APPENDED_AT)
          && !header.key().equals(REPLAYS)
          && !header.key().equals(REPLAYED_FROM)) {
        headers.add(header);
      }
    }
    headers.add(DeadLetters.APPENDED_AT, appendedAt(letter));
    headers.add(REPLAYS, String.valueOf(replays).getBytes(StandardCharsets.UTF_8));
    headers.add(REPLAYED_FROM, place(letter).getBytes(StandardCharsets.UTF_8));
    return headers;
  }

  /** When the broker had the record first, so that it is judged to be as fresh as it was. */
  private static byte[] appendedAt(ConsumerRecord<?, ?> letter) {
    for (String name : List.of(DeadLetters.APPENDED_AT, ORIGINAL_TIMESTAMP)) {
      Header header = letter.headers().lastHeader(name);
      if (header != null && header.value() != null && header.value().length == Long.BYTES) {
        return header.value();
      }
    }
    return ByteBuffer.allocate(Long.BYTES).putLong(letter.timestamp()).array();
  }

  private static int replays(Headers headers) {
    try {
      return Integer.parseInt(text(headers, REPLAYS, "0"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static String place(ConsumerRecord<?, ?> record) {
    return "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
  }

  private static String text(Headers headers, String name, String absent) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? absent
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static String ordinal(int number) {
    return switch (number) {
      case 1 -> "first";
      case 2 -> "second";
      default -> String.format(Locale.ROOT, "%dth", number);
    };
  }
}
