package dev.usher.provisioning.intake;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.listener.BatchConsumerAwareMessageListener;

/**
 * Takes records of one kind in by the batch. Returns only when all that a batch calls for is
 * durable, so that the container commits nothing too early; throws when something is not to be had
 * now, so that the container waits and delivers the batch again.
 *
 * @param <T> what a record is to admission
 */
final class Intake<T> implements BatchConsumerAwareMessageListener<byte[], byte[]> {

  /**
   * A batch costs as much as several of its records. Small ones follow each other no faster than
   * that, so that each has what came meanwhile; whoever comes alone waits for nobody.
   */
  static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

  static final int SMALL = 50;

  private final IntakeObserver.Kind kind;
  private final RecordReader<?, T> reader;
  private final java.util.function.Consumer<Iterable<T>> admission;
  private final DeadLetters deadLetters;
  private final IntakeProgress progress;
  private final List<IntakeObserver> observers;
  private final LongSupplier nanoTime;
  private final LongConsumer pause;

  /**
   * @param admission goes through these once, and returns when all that they call for is durable;
   *     may be asked again
   * @param pause waits for so many nanoseconds at most, and for none if they are less than one
   */
  Intake(
      IntakeObserver.Kind kind,
      RecordReader<?, T> reader,
      java.util.function.Consumer<Iterable<T>> admission,
      DeadLetters deadLetters,
      IntakeProgress progress,
      List<IntakeObserver> observers,
      LongSupplier nanoTime,
      LongConsumer pause) {
    this.kind = kind;
    this.reader = reader;
    this.admission = admission;
    this.deadLetters = deadLetters;
    this.progress = progress;
    this.observers = List.copyOf(observers);
    this.nanoTime = nanoTime;
    this.pause = pause;
  }

  @Override
  public void onMessage(
      List<ConsumerRecord<byte[], byte[]>> batch, @Nullable Consumer<?, ?> consumer) {
    Objects.requireNonNull(consumer, "the container gives its consumer");
    long began = nanoTime.getAsLong();
    progress.started(batch, consumer);
    try {
      process(batch);
    } catch (RuntimeException e) {
      progress.failed(batch, e);
      throw e;
    }
    progress.done(batch, consumer);
    if (batch.size() < SMALL) {
      pause.accept(began + PACE_NANOS - nanoTime.getAsLong());
    }
  }

  private void process(List<ConsumerRecord<byte[], byte[]>> batch) {
    Map<ConsumerRecord<byte[], byte[]>, UnreadableInputException> unreadable =
        new LinkedHashMap<>();
    admission.accept(() -> new ReadableOnes(batch.iterator(), unreadable));
    // Last, so that what is done again because of the others does not repeat the dead letters.
    deadLetters.bury(unreadable);
    observers.forEach(observer -> observer.taken(kind, batch.size()));
  }

  /**
   * The records that can be read, each read when it is asked for: most are done with at once, and
   * so leave no more behind than one at a time, however large the batch.
   */
  private final class ReadableOnes implements Iterator<T> {

    private final Iterator<ConsumerRecord<byte[], byte[]>> records;
    private final Map<ConsumerRecord<byte[], byte[]>, UnreadableInputException> unreadable;
    private @Nullable T next;

    private ReadableOnes(
        Iterator<ConsumerRecord<byte[], byte[]>> records,
        Map<ConsumerRecord<byte[], byte[]>, UnreadableInputException> unreadable) {
      this.records = records;
      this.unreadable = unreadable;
    }

    @Override
    public boolean hasNext() {
      while (next == null && records.hasNext()) {
        ConsumerRecord<byte[], byte[]> record = records.next();
        try {
          next = reader.read(record);
        } catch (UnreadableInputException e) {
          unreadable.put(record, e);
        }
      }
      return next != null;
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      T read = Objects.requireNonNull(next);
      next = null;
      return read;
    }
  }
}
