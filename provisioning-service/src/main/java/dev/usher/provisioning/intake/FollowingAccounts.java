package dev.usher.provisioning.intake;

import dev.usher.provisioning.person.PersonKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what all instances announce of accounts that changed, so that this one does not take for
 * settled what another has unsettled. Each instance follows on its own, without a group, from the
 * end of the topic: what changed before, it does not remember. Whenever it may have missed
 * something, everybody is forgotten. It looks at keys alone, which name the person, so that neither
 * the schema nor the registry matters; a person who is forgotten without need costs one read.
 */
final class FollowingAccounts {

  private static final Logger log = LoggerFactory.getLogger(FollowingAccounts.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);

  private final String topic;
  private final Consumer<byte[], byte[]> consumer;
  private final java.util.function.Consumer<PersonKey> forget;
  private final Runnable forgetAll;
  private final LongSupplier nanoTime;
  private final CountDownLatch stopped = new CountDownLatch(1);

  private Set<TopicPartition> followed = Set.of();
  private long lookedAtNanos;
  private boolean troubled;

  /**
   * @param consumer without a group, that says so when its position is gone
   * @param forget takes a person whose account has changed
   * @param forgetAll is asked when changes may have been missed
   */
  FollowingAccounts(
      String topic,
      Consumer<byte[], byte[]> consumer,
      java.util.function.Consumer<PersonKey> forget,
      Runnable forgetAll,
      LongSupplier nanoTime) {
    this.topic = topic;
    this.consumer = consumer;
    this.forget = forget;
    this.forgetAll = forgetAll;
    this.nanoTime = nanoTime;
  }

  /** Follows until it is stopped, on the thread that asks. */
  void run() {
    try (consumer) {
      while (stopped.getCount() > 0 && step()) {
        // Each step waits for changes by itself.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Has {@link #run} return soon. */
  void stop() {
    stopped.countDown();
    consumer.wakeup();
  }

  /**
   * Takes in what has changed since the last step, or waits a moment for it.
   *
   * @return false once it is stopped
   */
  boolean step() throws InterruptedException {
    try {
      if (followed.isEmpty()) {
        begin();
      } else if (nanoTime.getAsLong() - lookedAtNanos > BETWEEN_LOOKS.toNanos()) {
        lookForMore();
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        take(record);
      }
      return true;
    } catch (WakeupException e) {
      return false;
    } catch (KafkaException e) {
      trouble(e.toString());
      return !stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** From the end. What was read before that may be outdated, so that it counts from here only. */
  private void begin() {
    Set<TopicPartition> partitions = partitions();
    if (partitions.isEmpty()) {
      throw new KafkaException("the topic `" + topic + "` does not exist");
    }
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    // Seeking is lazy; asked for its position, the consumer makes sure of it.
    partitions.forEach(consumer::position);
    forgetAll.run();
    followed = partitions;
    if (troubled) {
      log.info("`{}` is followed again", topic);
      troubled = false;
    }
  }

  /** What was added to the topic is read from its beginning, since nothing of it is known. */
  private void lookForMore() {
    lookedAtNanos = nanoTime.getAsLong();
    Set<TopicPartition> all = partitions();
    if (!followed.containsAll(all)) {
      List<TopicPartition> added = new ArrayList<>(all);
      added.removeAll(followed);
      consumer.assign(all);
      consumer.seekToBeginning(added);
      followed = all;
    }
  }

  private Set<TopicPartition> partitions() {
    lookedAtNanos = nanoTime.getAsLong();
    Set<TopicPartition> partitions = new HashSet<>();
    consumer
        .partitionsFor(topic, LONGEST_LOOK)
        .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
    return partitions;
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    PersonKey person;
    try {
      person = PersonKey.parse(new String(record.key(), StandardCharsets.UTF_8));
    } catch (RuntimeException e) {
      // No announcement of ours, whose keys are people.
      log.debug("{}-{}@{} names no person", topic, record.partition(), record.offset());
      return;
    }
    forget.accept(person);
  }

  /** Begins anew with the next step. What is remembered meanwhile ends with its time. */
  private void trouble(String what) {
    followed = Set.of();
    if (!troubled) {
      troubled = true;
      log.warn(
          "`{}` cannot be followed: {}. Until it can, what another instance changes is known"
              + " here after `usher.admission.settled-for` at the latest",
          topic,
          what);
    }
  }
}
