package dev.usher.provisioning.intake;

import dev.usher.provisioning.admission.Admission;
import dev.usher.provisioning.person.SignIn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;

/**
 * Takes sign-ins in by the batch. Returns only when all that a batch calls for is durable, so that
 * the container commits nothing too early; throws when something is not to be had now, so that the
 * container waits and delivers the batch again.
 */
final class SignInListener implements ConsumerAwareRebalanceListener {

  private static final Logger log = LoggerFactory.getLogger(SignInListener.class);

  private final SignInReader reader;
  private final Admission admission;
  private final DeadLetters deadLetters;
  private final IntakeProgress progress;
  private final List<IntakeObserver> observers;
  private final Set<Place> buried = ConcurrentHashMap.newKeySet();

  /** Where a record stands. */
  private record Place(TopicPartition partition, long offset) {}

  SignInListener(
      SignInReader reader,
      Admission admission,
      DeadLetters deadLetters,
      IntakeProgress progress,
      List<IntakeObserver> observers) {
    this.reader = reader;
    this.admission = admission;
    this.deadLetters = deadLetters;
    this.progress = progress;
    this.observers = List.copyOf(observers);
  }

  @KafkaListener(id = "sign-ins", idIsGroup = false, topics = "#{@signInTopics}", batch = "true")
  void take(List<ConsumerRecord<byte[], byte[]>> batch, Consumer<?, ?> consumer) {
    progress.started(batch, consumer);
    try {
      process(batch);
    } catch (RuntimeException e) {
      progress.failed(batch, e);
      throw e;
    }
    progress.done(batch, consumer);
  }

  private void process(List<ConsumerRecord<byte[], byte[]>> batch) {
    List<SignIn> signIns = new ArrayList<>(batch.size());
    Map<ConsumerRecord<byte[], byte[]>, UnreadableSignInException> unreadable =
        new LinkedHashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      try {
        signIns.add(reader.read(record));
      } catch (UnreadableSignInException e) {
        unreadable.put(record, e);
      }
    }
    admission.admit(signIns);
    // Last, so that what is done again because of the others does not repeat the dead letters; and
    // each once, though the batch comes again because of one that Kafka does not take.
    for (Map.Entry<ConsumerRecord<byte[], byte[]>, UnreadableSignInException> each :
        unreadable.entrySet()) {
      if (!buried.contains(place(each.getKey()))) {
        bury(each.getKey(), each.getValue());
        buried.add(place(each.getKey()));
      }
    }
    unreadable.keySet().forEach(record -> buried.remove(place(record)));
    observers.forEach(observer -> observer.taken(batch.size()));
  }

  private static Place place(ConsumerRecord<?, ?> record) {
    return new Place(new TopicPartition(record.topic(), record.partition()), record.offset());
  }

  private void bury(ConsumerRecord<byte[], byte[]> record, UnreadableSignInException why) {
    try {
      deadLetters.publish(record, why);
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

  private void forget(Collection<TopicPartition> partitions) {
    progress.revoked(partitions);
    buried.removeIf(place -> partitions.contains(place.partition()));
  }

  @Override
  public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    progress.assigned(partitions);
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
}
