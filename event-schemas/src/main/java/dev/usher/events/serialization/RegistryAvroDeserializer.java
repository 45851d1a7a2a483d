package dev.usher.events.serialization;

import dev.usher.events.serialization.UnreadableRecordException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.FastReaderBuilder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads records in Confluent's wire format: the byte 0x00, four bytes of schema id (big-endian),
 * and Avro's binary encoding (Avro 1.12) in the schema with that id. Whatever schema a record was
 * written with, it is read with that of the generated class, by Avro's rules of schema resolution.
 *
 * <p>Takes Confluent's settings under their names; what they call `specific.avro.reader` is always
 * on. The class to make is the setting `specific.avro.value.type` (for keys
 * `specific.avro.key.type`); without it, it is the one on the class path that has the name of the
 * writer's schema.
 *
 * <p>Safe for use by many threads. A record takes memory in proportion to its own length, whatever
 * lengths it declares.
 *
 * @param <T> the generated class
 */
public final class RegistryAvroDeserializer<T extends SpecificRecord> implements Deserializer<T> {

  static {
    EventClasses.trust();
  }

  private static final byte MAGIC = 0;
  private static final int HEADER = 5;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  /**
   * A decoder that has read more than this is not kept, since its buffers have grown with what it
   * read. One that is kept holds on to the array it read last, which for Kafka is at most one
   * fetch.
   */
  private static final int LARGEST_KEPT = 1 << 16;

  private final AtomicReference<@Nullable BinaryDecoder> spare = new AtomicReference<>();
  private @Nullable SchemaRegistryClient client;
  private boolean clientIsOurs;
  private Optional<Class<? extends SpecificRecord>> type = Optional.empty();
  private ById<Reading> readings = new ById<>(1);
  private volatile @Nullable Reading last;

  /** For Kafka, which then calls {@link #configure}. */
  public RegistryAvroDeserializer() {}

  /**
   * A deserializer of values of one class, with a client of its own.
   *
   * @throws org.apache.kafka.common.config.ConfigException if a setting is wrong
   */
  public static <T extends SpecificRecord> RegistryAvroDeserializer<T> of(
      Class<T> type, Map<String, ?> configs) {
    RegistryAvroDeserializer<T> deserializer = new RegistryAvroDeserializer<>();
    deserializer.configure(configs, false);
    deserializer.type = Optional.of(type);
    return deserializer;
  }

  /** A deserializer of one class that shares a client, which it does not close. */
  public static <T extends SpecificRecord> RegistryAvroDeserializer<T> of(
      Class<T> type, SchemaRegistryClient client) {
    RegistryAvroDeserializer<T> deserializer = new RegistryAvroDeserializer<>();
    deserializer.use(client, false);
    deserializer.type = Optional.of(type);
    return deserializer;
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    RegistrySettings.mustReadSpecific(configs);
    RegistrySettings settings = RegistrySettings.of(configs, isKey);
    close();
    use(new SchemaRegistryClient(settings), true);
    type = settings.readerType();
  }

  private void use(SchemaRegistryClient registry, boolean ours) {
    client = registry;
    clientIsOurs = ours;
    readings = new ById<>(registry.settings().schemaBound());
    last = null;
  }

  /**
   * Reads a record; null, which is a tombstone, stays null.
   *
   * @throws UnreadableRecordException if the bytes can never be read
   * @throws UnknownSchemaIdException if the registry does not know their schema
   * @throws SchemaRegistryUnavailableException if their schema is not remembered and no registry
   *     answers
   */
  @Override
  public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
    return bytes == null ? null : decode(bytes, 0, bytes.length);
  }

  /** As {@link #deserialize(String, byte[])}, without the copy that Kafka would make. */
  @Override
  public @Nullable T deserialize(String topic, Headers headers, @Nullable ByteBuffer bytes) {
    if (bytes == null) {
      return null;
    }
    if (bytes.hasArray()) {
      return decode(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return decode(copy, 0, copy.length);
  }

  /**
   * Reads a record that stands somewhere in an array, for callers that decode by themselves. Waits
   * for the registry if the writer's schema is not remembered, at most its time limits on each of
   * its URLs.
   *
   * @throws IndexOutOfBoundsException if the range is not within the array
   * @throws UnreadableRecordException if the bytes can never be read
   * @throws UnknownSchemaIdException if the registry does not know their schema
   * @throws SchemaRegistryUnavailableException if their schema is not remembered and no registry
   *     answers
   */
  public T decode(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    Reading reading = reading(schemaId(bytes, offset, length));
    BinaryDecoder decoder =
        DecoderFactory.get()
            .binaryDecoder(bytes, offset + HEADER, length - HEADER, spare.getAndSet(null));
    try {
      @SuppressWarnings("unchecked") // The reader makes the class whose schema it was built with.
      T value = (T) reading.reader.read(null, decoder);
      if (!decoder.isEnd()) {
        throw new UnreadableRecordException(
            Reason.TRAILING_BYTES, "bytes follow the end of the value in schema " + reading.id);
      }
      return value;
    } catch (UnreadableRecordException e) {
      throw e;
    } catch (EOFException e) {
      throw unreadable(reading, Reason.TRUNCATED, e);
    } catch (AvroTypeException e) {
      throw unreadable(
          reading, reading.compatible ? Reason.MALFORMED : Reason.UNRESOLVABLE_SCHEMA, e);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // Avro has no one exception for bytes that are wrong: it also throws those of arrays, numbers
      // and nesting.
      throw unreadable(reading, Reason.MALFORMED, e);
    } finally {
      if (length <= LARGEST_KEPT) {
        spare.set(decoder);
      }
    }
  }

  private static int schemaId(byte[] bytes, int offset, int length) {
    if (length < HEADER) {
      throw new UnreadableRecordException(
          Reason.TOO_SHORT, "%d bytes; expected at least %d".formatted(length, HEADER));
    }
    if (bytes[offset] != MAGIC) {
      throw new UnreadableRecordException(
          Reason.WRONG_MAGIC_BYTE,
          "the first byte is 0x%02x; expected 0x00".formatted(bytes[offset]));
    }
    int id = (int) INT.get(bytes, offset + 1);
    if (id < 0) {
      throw new UnreadableRecordException(
          Reason.IMPOSSIBLE_SCHEMA_ID, "the schema id is %d; expected 0 or more".formatted(id));
    }
    return id;
  }

  private static UnreadableRecordException unreadable(
      Reading reading, Reason reason, Throwable cause) {
    // Avro's messages can quote the bytes, so the class of its exception must do.
    return new UnreadableRecordException(
        reason,
        "not a value in schema %d (%s) that can be read as `%s`: %s"
            .formatted(reading.id, reading.writer, reading.name, cause.getClass().getSimpleName()),
        cause);
  }

  /** How records in one writer's schema are read. */
  private record Reading(
      int id, String writer, String name, DatumReader<Object> reader, boolean compatible) {}

  private Reading reading(int id) {
    Reading latest = last;
    if (latest != null && latest.id == id) {
      return latest;
    }
    Reading reading = readings.get(id);
    if (reading == null) {
      if (client == null) {
        throw new IllegalStateException("not configured: call `configure` first");
      }
      reading = learn(id, client.schema(id));
      readings.put(id, reading);
    }
    last = reading;
    return reading;
  }

  private Reading learn(int id, Schema writer) {
    Class<? extends SpecificRecord> target = type.orElseGet(() -> named(id, writer));
    try {
      SpecificData model = SpecificData.getForClass(target);
      Schema ours = model.getSchema(target);
      return new Reading(
          id,
          writer.getFullName(),
          target.getName(),
          new FastReaderBuilder(model).createDatumReader(writer, ours),
          SchemaCompatibility.checkReaderWriterCompatibility(ours, writer).getType()
              == SchemaCompatibilityType.COMPATIBLE);
    } catch (IOException | AvroRuntimeException e) {
      throw new UnreadableRecordException(
          Reason.UNRESOLVABLE_SCHEMA,
          "schema %d (%s) cannot be resolved to `%s`: %s"
              .formatted(id, writer.getFullName(), target.getName(), e.getMessage()),
          e);
    }
  }

  /**
   * The class that has the name of the writer's schema, which is not made unless it is one that
   * Avro generated.
   */
  private static Class<? extends SpecificRecord> named(int id, Schema writer) {
    try {
      Class<?> named =
          Class.forName(
              SpecificData.getClassName(writer),
              false,
              RegistryAvroDeserializer.class.getClassLoader());
      return named.asSubclass(SpecificRecord.class);
    } catch (ClassNotFoundException | ClassCastException | LinkageError e) {
      throw new UnreadableRecordException(
          Reason.UNRESOLVABLE_SCHEMA,
          "schema %d is of `%s`, and there is no generated class of that name; set `specific.avro.value.type`"
              .formatted(id, writer.getFullName()),
          e);
    }
  }

  @Override
  public void close() {
    if (client != null && clientIsOurs) {
      client.close();
    }
  }
}
