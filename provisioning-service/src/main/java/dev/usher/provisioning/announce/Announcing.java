package dev.usher.provisioning.announce;

import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.Announcement;
import dev.usher.provisioning.account.Queue;
import dev.usher.provisioning.account.Stage;
import dev.usher.provisioning.tenant.TopicProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Kafka what became of an account: the oldest announcement first, one at a time, and the next
 * only when the document says that Kafka has the one before.
 */
final class Announcing implements Stage, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Announcing.class);

  private final Producer<String, SpecificRecord> producer;
  private final TopicProperties topics;
  private final Consumer<Account> advance;
  private final Consumer<AccountKey> drop;
  private final InstantSource clock;
  private final Duration retryAfter;
  private final List<AnnouncementObserver> observers;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param advance takes an account's next version, to be written
   * @param drop takes what is not done here any more
   */
  Announcing(
      Producer<String, SpecificRecord> producer,
      TopicProperties topics,
      Consumer<Account> advance,
      Consumer<AccountKey> drop,
      InstantSource clock,
      Duration retryAfter,
      List<AnnouncementObserver> observers) {
    this.producer = producer;
    this.topics = topics;
    this.advance = advance;
    this.drop = drop;
    this.clock = clock;
    this.retryAfter = retryAfter;
    this.observers = List.copyOf(observers);
  }

  @Override
  public int room(Queue queue) {
    return Integer.MAX_VALUE;
  }

  @Override
  public void take(Account account) {
    try {
      // A thread of its own, since a send may block for metadata, room or the registry.
      threads.execute(() -> announce(account));
    } catch (RejectedExecutionException e) {
      drop.accept(account.key());
    }
  }

  private void announce(Account account) {
    Announcement announcement = account.announcements().getFirst();
    try {
      send(account, announcement);
    } catch (RuntimeException e) {
      postpone(account, announcement, e);
    }
  }

  private void send(Account account, Announcement announcement) {
    ProducerRecord<String, SpecificRecord> record =
        new ProducerRecord<>(
            announcement.kind() == Announcement.Kind.CREATED
                ? topics.accountCreated()
                : topics.accountChanged(),
            account.key().person().toString(),
            AnnouncementEvents.event(account, announcement));
    if (Objects.equals(announcement.causationId(), account.grant().causationId())) {
      // The trace of what asked for the account, and of nothing that came later.
      header(record, "traceparent", account.grant().traceparent());
    }
    header(record, "causation-id", announcement.causationId());
    Future<RecordMetadata> _ =
        producer.send(
            record,
            (metadata, failure) -> {
              if (failure == null) {
                announced(account, announcement, Instant.ofEpochMilli(metadata.timestamp()));
              } else {
                postpone(account, announcement, failure);
              }
            });
  }

  private void announced(Account account, Announcement announcement, Instant appendedAt) {
    observers.forEach(observer -> observer.announced(account, announcement, appendedAt));
    advance.accept(account.announced(clock.instant()));
  }

  private void postpone(Account account, Announcement announcement, Exception why) {
    log.warn("`{}` is announced later: {}", account.key().inLogs(), why.toString());
    observers.forEach(observer -> observer.postponed(account, announcement));
    Instant now = clock.instant();
    advance.accept(account.postponed(now, now.plus(retryAfter)));
  }

  private static void header(ProducerRecord<?, ?> record, String name, @Nullable String value) {
    if (value != null) {
      record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Waits for what is being sent, as long as Kafka may take to acknowledge it. */
  @Override
  public void close() {
    threads.close();
    producer.close();
  }
}
