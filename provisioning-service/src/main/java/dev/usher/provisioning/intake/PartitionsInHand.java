package dev.usher.provisioning.intake;

import java.time.Duration;
import java.util.Collection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;

/**
 * Keeps up with which partitions this instance has, and says so where a topic that it reads does
 * not exist: the service starts all the same, and reads it once it is there.
 */
final class PartitionsInHand implements ConsumerAwareRebalanceListener {

  private static final Logger log = LoggerFactory.getLogger(PartitionsInHand.class);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

  private final IntakeProgress progress;
  private final DeadLetters deadLetters;

  PartitionsInHand(IntakeProgress progress, DeadLetters deadLetters) {
    this.progress = progress;
    this.deadLetters = deadLetters;
  }

  @Override
  public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    progress.assigned(partitions);
    consumer.subscription().forEach(topic -> lookFor(topic, consumer));
  }

  private void lookFor(String topic, Consumer<?, ?> consumer) {
    boolean missing;
    try {
      missing = consumer.partitionsFor(topic, LONGEST_LOOK).isEmpty();
    } catch (KafkaException e) {
      log.warn("Whether the topic `{}` exists is not known: {}", topic, e.toString());
      return;
    }
    if (progress.missing(topic, missing)) {
      if (missing) {
        log.warn(
            "The topic `{}` does not exist; nothing is read from it until it does."
                + " `examples/create-topics` creates it",
            topic);
      } else {
        log.info("The topic `{}` exists by now", topic);
      }
    }
  }

  @Override
  public void onPartitionsRevokedAfterCommit(
      Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    forget(partitions);
  }

  @Override
  public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    forget(partitions);
  }

  private void forget(Collection<TopicPartition> partitions) {
    progress.revoked(partitions);
    deadLetters.revoked(partitions);
  }
}
