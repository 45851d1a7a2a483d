package dev.usher.provisioning.intake;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.usher.events.serialization.UnknownSchemaIdException;
import dev.usher.events.serialization.UnreadableRecordException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * Reads a record's bytes, and tells what can never be read from what cannot yet.
 *
 * @param <E> the event as its schema has it
 * @param <T> what it is to admission
 */
final class RecordReader<E, T> {

  private static final int IDS_REMEMBERED = 10_000;
  private static final Duration SCHEMA_MAY_COME = Duration.ofMinutes(1);

  private final Deserializer<E> deserializer;
  private final Reading<E, T> reading;
  private final DataSize maxRecordSize;
  private final Duration unknownSchemaPatience;
  private final LongSupplier nanoTime;
  private final Cache<Integer, Long> unknownSince;

  RecordReader(
      Deserializer<E> deserializer,
      Reading<E, T> reading,
      IntakeProperties properties,
      LongSupplier nanoTime) {
    this.deserializer = deserializer;
    this.reading = reading;
    this.maxRecordSize = properties.maxRecordSize();
    this.unknownSchemaPatience = properties.unknownSchemaPatience();
    this.nanoTime = nanoTime;
    // Kept for long enough that the records behind the first one do not wait again.
    this.unknownSince =
        Caffeine.newBuilder()
            .maximumSize(IDS_REMEMBERED)
            .expireAfterAccess(unknownSchemaPatience.multipliedBy(10).plus(SCHEMA_MAY_COME))
            .build();
  }

  /**
   * Reads the record.
   *
   * @throws UnreadableInputException if it can never be read
   * @throws RuntimeException if it cannot be read now, as while the registry is down
   */
  T read(ConsumerRecord<byte[], byte[]> record) throws UnreadableInputException {
    byte @Nullable [] value = record.value();
    if (value == null) {
      throw new UnreadableInputException(
          "no-value", "The record has no value; expected %s in Avro".formatted(reading.schema()));
    }
    if (value.length > maxRecordSize.toBytes()) {
      throw new UnreadableInputException(
          "too-large",
          "The record has %d bytes; expected at most %d (`usher.intake.max-record-size`)"
              .formatted(value.length, maxRecordSize.toBytes()));
    }
    return reading.read(record, decoded(record.topic(), value));
  }

  private E decoded(String topic, byte[] value) throws UnreadableInputException {
    try {
      return deserializer.deserialize(topic, value);
    } catch (UnreadableRecordException e) {
      throw new UnreadableInputException(
          reading.notThis(),
          "The record is no %s in Avro: %s".formatted(reading.schema(), e.getMessage()),
          e);
    } catch (UnknownSchemaIdException e) {
      long now = nanoTime.getAsLong();
      long since = unknownSince.get(e.schemaId(), _ -> now);
      if (now - since < unknownSchemaPatience.toNanos()) {
        throw e;
      }
      throw new UnreadableInputException(
          "unknown-schema-id",
          "The registry still does not know schema id %d after %s (`usher.intake.unknown-schema-patience`)"
              .formatted(e.schemaId(), unknownSchemaPatience),
          e);
    }
  }
}
