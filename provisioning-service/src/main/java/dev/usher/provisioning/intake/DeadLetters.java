package dev.usher.provisioning.intake;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
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

  static final String REASON = "usher-reason";

  private final DefaultKafkaProducerFactory<byte[], byte[]> producers;
  private final DeadLetterPublishingRecoverer publisher;

  /**
   * @param producers of a producer that takes the largest dead letter
   * @param timeout how long Kafka may take to acknowledge one
   */
  DeadLetters(DefaultKafkaProducerFactory<byte[], byte[]> producers, Duration timeout) {
    this.producers = producers;
    KafkaTemplate<byte[], byte[]> kafka = new KafkaTemplate<>(producers);
    // The default one logs keys and payloads of what could not be sent.
    kafka.setProducerListener(new ProducerListener<>() {});
    publisher =
        new DeadLetterPublishingRecoverer(
            kafka, (record, _) -> new TopicPartition(record.topic() + "-dlt", -1));
    publisher.setHeadersFunction(
        (_, failure) -> {
          RecordHeaders headers = new RecordHeaders();
          if (failure instanceof UnreadableSignInException unreadable) {
            headers.add(REASON, unreadable.reason().getBytes(StandardCharsets.UTF_8));
          }
          return headers;
        });
    publisher.excludeHeader(HeadersToAdd.EX_STACKTRACE);
    publisher.setFailIfSendResultIsError(true);
    publisher.setWaitForSendResultTimeout(timeout);
    publisher.setTimeoutBuffer(0);
  }

  /** Returns once Kafka has the dead letter; throws if it did not take it. */
  void publish(ConsumerRecord<byte[], byte[]> record, UnreadableSignInException why) {
    publisher.accept(record, null, why);
  }

  @Override
  public void close() {
    producers.destroy();
  }
}
