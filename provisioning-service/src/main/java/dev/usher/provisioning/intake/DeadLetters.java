package dev.usher.provisioning.intake;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer.HeaderNames.HeadersToAdd;
import org.springframework.kafka.support.ProducerListener;

/**
 * Where records go that can never be read: the topic of the same name with {@code -dlt} behind it,
 * their bytes untouched, the reason in the header {@code usher-reason}, and where they came from in
 * Spring Kafka's headers.
 */
final class DeadLetters implements AutoCloseable {

  /** What a topic's dead letters have behind its name. */
  static final String SUFFIX = "-dlt";

  /** Why a record is one. */
  static final String REASON = "usher-reason";

  /** When the broker had a replayed record first, in milliseconds since 1970, as eight bytes. */
  static final String APPENDED_AT = "usher-appended-at";

  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

  private final DefaultKafkaProducerFactory<byte[], byte[]> producers;
  private final DeadLetterPublishingRecoverer publisher;
  private final List<IntakeObserver> observers;

  /** Those of batches that are not done, so that each is sent once though its batch comes again. */
  private final Set<Place> buried = ConcurrentHashMap.newKeySet();

  /** Where a record stands. */
  private record Place(TopicPartition partition, long offset) {

    static Place of(ConsumerRecord<?, ?> record) {
      return new Place(new TopicPartition(record.topic(), record.partition()), record.offset());
    }
  }

  /**
   * @param producers of a producer that takes the largest dead letter
   * @param timeout how long Kafka may take to acknowledge one
   */
  DeadLetters(
      DefaultKafkaProducerFactory<byte[], byte[]> producers,
      Duration timeout,
      List<IntakeObserver> observers) {
    this.producers = producers;
    this.observers = List.copyOf(observers);
    KafkaTemplate<byte[], byte[]> kafka = new KafkaTemplate<>(producers);
    // The default one logs keys and payloads of what could not be sent.
    kafka.setProducerListener(new ProducerListener<>() {});
    publisher =
        new DeadLetterPublishingRecoverer(
            kafka, (record, _) -> new TopicPartition(record.topic() + SUFFIX, -1));
    publisher.setHeadersFunction(
        (_, failure) -> {
          RecordHeaders headers = new RecordHeaders();
          if (failure instanceof UnreadableInputException unreadable) {
            headers.add(REASON, unreadable.reason().getBytes(StandardCharsets.UTF_8));
          }
          return headers;
        });
    publisher.excludeHeader(HeadersToAdd.EX_STACKTRACE);
    publisher.setFailIfSendResultIsError(true);
    publisher.setWaitForSendResultTimeout(timeout);
    publisher.setTimeoutBuffer(0);
  }

  /**
   * Sends those of a batch, each once though the batch comes again because of one that Kafka does
   * not take. Returns once Kafka has all of them; throws if it did not take one.
   */
  void bury(Map<ConsumerRecord<byte[], byte[]>, UnreadableInputException> unreadable) {
    unreadable.forEach(
        (record, why) -> {
          if (!buried.contains(Place.of(record))) {
            bury(record, why);
            buried.add(Place.of(record));
          }
        });
    unreadable.keySet().forEach(record -> buried.remove(Place.of(record)));
  }

  private void bury(ConsumerRecord<byte[], byte[]> record, UnreadableInputException why) {
    try {
      publisher.accept(record, null, why);
    } catch (RuntimeException e) {
      log.error(
          "Kafka does not take the dead letter for {}-{}@{}; its consumer waits until it does",
          record.topic(),
          record.partition(),
          record.offset(),
          e);
      throw e;
    }
    log.warn(
        "Dead letter: {}-{}@{}: {} ({})",
        record.topic(),
        record.partition(),
        record.offset(),
        why.getMessage(),
        why.reason());
    observers.forEach(observer -> observer.buried(record.topic(), why.reason()));
  }

  /** The partitions are another consumer's now. */
  void revoked(Collection<TopicPartition> partitions) {
    buried.removeIf(place -> partitions.contains(place.partition()));
  }

  @Override
  public void close() {
    producers.destroy();
  }
}
