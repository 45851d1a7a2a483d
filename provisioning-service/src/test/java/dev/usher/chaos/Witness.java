package dev.usher.chaos;

import static java.util.Objects.requireNonNull;

import dev.usher.chaos.Cast.Role;
import dev.usher.events.AccountChanged;
import dev.usher.events.AccountCreated;
import dev.usher.events.serialization.RegistryAvroDeserializer;
import dev.usher.events.serialization.SchemaRegistryUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads all that is announced, from the beginning, as any subscriber could. */
final class Witness implements AutoCloseable {

  static final String CREATED = "provisioning.account-created";
  static final String CHANGED = "provisioning.account-changed";

  private static final Duration POLL = Duration.ofMillis(200);
  private static final int MOST_UNREAD = 10_000;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final RegistryAvroDeserializer<AccountCreated> created;
  private final RegistryAvroDeserializer<AccountChanged> changed;
  private final Queue<ConsumerRecord<byte[], byte[]>> unread = new ArrayDeque<>();
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final Map<Role, Told> told = new HashMap<>();
  private final Map<Line, Versions> lines = new HashMap<>();
  private final List<String> outOfOrder = new ArrayList<>();
  private long records;
  private volatile boolean closing;

  /** What was announced of one account. */
  static final class Told {
    private final Set<String> creations = new HashSet<>();
    private final Set<String> ids = new HashSet<>();
    private String lastChange = "";

    /** That it is there, with this id in the service. */
    void created(String eventId, String id) {
      creations.add(eventId);
      ids.add(id);
    }

    /** That something else became of it. */
    void changed(String what) {
      lastChange = what;
    }

    /** The event ids under which it was announced that the account is there. */
    Set<String> creations() {
      return creations;
    }

    /** The ids in the service that were announced. */
    Set<String> ids() {
      return ids;
    }

    /** What was last said on the topic of changes; empty if nothing was. */
    String lastChange() {
      return lastChange;
    }
  }

  /** What a subscriber gets in order: one account's events in one partition. */
  private record Line(TopicPartition partition, Role role) {}

  private static final class Versions {
    private final Set<String> seen = new HashSet<>();
    private long last;
  }

  Witness(String bootstrapServers, String registryUrl) {
    Map<String, String> registry = Map.of("schema.registry.url", registryUrl);
    created = RegistryAvroDeserializer.of(AccountCreated.class, registry);
    changed = RegistryAvroDeserializer.of(AccountChanged.class, registry);
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "auto.offset.reset",
                "earliest",
                "enable.metrics.push",
                false),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : List.of(CREATED, CHANGED)) {
      consumer
          .partitionsFor(topic)
          .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    thread = Thread.ofPlatform().daemon().name("witness").start(this::run);
  }

  private void run() {
    try (consumer) {
      while (!closing) {
        if (unread.size() < MOST_UNREAD) {
          consumer.poll(POLL).forEach(unread::add);
        }
        readAll();
      }
    } catch (WakeupException _) {
      // It is over.
    }
  }

  /** Reads what has come, until something cannot be read now, as the registry is away. */
  private void readAll() {
    while (!unread.isEmpty()) {
      ConsumerRecord<byte[], byte[]> record = unread.element();
      try {
        read(record);
      } catch (SchemaRegistryUnavailableException _) {
        return;
      }
      unread.remove();
    }
  }

  private void read(ConsumerRecord<byte[], byte[]> record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    if (record.topic().equals(CREATED)) {
      AccountCreated event = requireNonNull(created.deserialize(record.topic(), record.value()));
      Role role = new Role(event.getService(), event.getSubject());
      hear(role, of -> of.created(event.getEventId(), event.getServiceAccountId()));
      order(new Line(partition, role), event.getEventId(), event.getAccountVersion());
    } else {
      AccountChanged event = requireNonNull(changed.deserialize(record.topic(), record.value()));
      Role role = new Role(event.getService(), event.getSubject());
      hear(role, of -> of.changed(event.getChange() + ": " + event.getReason()));
      order(new Line(partition, role), event.getEventId(), event.getAccountVersion());
    }
  }

  private void hear(Role role, Consumer<Told> what) {
    lock.lock();
    try {
      records++;
      what.accept(told.computeIfAbsent(role, _ -> new Told()));
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Repeats may come at any time; what comes for the first time must not be older. */
  private void order(Line line, String eventId, long version) {
    Versions versions = lines.computeIfAbsent(line, _ -> new Versions());
    if (versions.seen.add(eventId)) {
      if (version <= versions.last) {
        lock.lock();
        try {
          outOfOrder.add("%s: version %d came after %d".formatted(line, version, versions.last));
        } finally {
          lock.unlock();
        }
      }
      versions.last = Math.max(version, versions.last);
    }
  }

  /** Waits until of so many accounts something was said; whether that is so. */
  boolean awaitAccounts(int count, Duration longest) throws InterruptedException {
    long left = longest.toNanos();
    lock.lock();
    try {
      while (told.size() < count && left > 0) {
        left = more.awaitNanos(left);
      }
      return told.size() >= count;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something is said that was not said when there were {@code before} records. */
  void awaitMore(long before, Duration longest) throws InterruptedException {
    long left = longest.toNanos();
    lock.lock();
    try {
      while (records == before && left > 0) {
        left = more.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Of how many accounts something was said. */
  int accounts() {
    lock.lock();
    try {
      return told.size();
    } finally {
      lock.unlock();
    }
  }

  /** How many announcements came, repeats included. */
  long records() {
    lock.lock();
    try {
      return records;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the account was announced. */
  boolean announced(Role role) {
    lock.lock();
    try {
      Told of = told.get(role);
      return of != null && !of.creations.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** All that was said; to be asked once nothing more comes. */
  Map<Role, Told> told() {
    lock.lock();
    try {
      return Map.copyOf(told);
    } finally {
      lock.unlock();
    }
  }

  /** What came in the wrong order. */
  List<String> outOfOrder() {
    lock.lock();
    try {
      return List.copyOf(outOfOrder);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
