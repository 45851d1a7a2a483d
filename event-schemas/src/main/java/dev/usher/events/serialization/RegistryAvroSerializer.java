package dev.usher.events.serialization;

import dev.usher.events.serialization.RegistrySettings.Registration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes records in Confluent's wire format: the byte 0x00, four bytes of schema id (big-endian),
 * and Avro's binary encoding (Avro 1.12). Registers the schema of the record's class at the first
 * record for a topic, or looks it up (`auto.register.schemas`), or writes in the newest schema of
 * the subject (`use.latest.version`).
 *
 * <p>Takes Confluent's settings under their names. Safe for use by many threads, as a producer is.
 * Remembers at most `max.schemas.per.subject` (1,000) pairs of topic and schema.
 */
public final class RegistryAvroSerializer implements Serializer<SpecificRecord> {

  static {
    EventClasses.trust();
  }

  private static final byte MAGIC = 0;
  private static final int USUAL_LENGTH = 512;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What Avro's and Confluent's classes write into a schema for Java alone. */
  private static final List<String> JAVA_PROPERTIES =
      List.of("avro.java.string", "java-class", "java-key-class", "java-element-class");

  private record Destination(String topic, Schema schema) {}

  /** How records of one schema are written to one topic. */
  private record Writing(int id, DatumWriter<SpecificRecord> writer) {}

  private final ConcurrentMap<Destination, Writing> writings = new ConcurrentHashMap<>();
  private final OneAtATime<Destination, Writing> asking = new OneAtATime<>();
  private @Nullable SchemaRegistryClient client;

  /** For Kafka, which then calls {@link #configure}. */
  public RegistryAvroSerializer() {}

  /**
   * A serializer of values.
   *
   * @throws org.apache.kafka.common.config.ConfigException if a setting is wrong
   */
  public static RegistryAvroSerializer of(Map<String, ?> configs) {
    RegistryAvroSerializer serializer = new RegistryAvroSerializer();
    serializer.configure(configs, false);
    return serializer;
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    RegistrySettings settings = RegistrySettings.of(configs, isKey);
    close();
    client = new SchemaRegistryClient(settings);
    writings.clear();
  }

  /**
   * Writes a record; null, which is a tombstone, stays null.
   *
   * @throws SchemaRefusedException if the registry will not have the schema
   * @throws SchemaRegistryUnavailableException if the schema's id is not remembered and no registry
   *     answers
   * @throws SerializationException if the record does not fit its schema, for example for lack of a
   *     mandatory field
   */
  @Override
  public byte @Nullable [] serialize(String topic, @Nullable SpecificRecord value) {
    if (value == null) {
      return null;
    }
    Writing writing = writing(new Destination(topic, value.getSchema()));
    ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_LENGTH);
    out.write(MAGIC);
    out.write(writing.id >>> 24);
    out.write(writing.id >>> 16);
    out.write(writing.id >>> 8);
    out.write(writing.id);
    try {
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      writing.writer.write(value, encoder);
      encoder.flush();
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(
          "a `%s` for topic `%s` does not fit its schema: %s"
              .formatted(value.getSchema().getFullName(), topic, e.getMessage()),
          e);
    }
    return out.toByteArray();
  }

  private Writing writing(Destination destination) {
    Writing writing = writings.get(destination);
    if (writing != null) {
      return writing;
    }
    if (client == null) {
      throw new IllegalStateException("not configured: call `configure` first");
    }
    SchemaRegistryClient registry = client;
    return asking.ask(destination, () -> remembered(destination, registry));
  }

  private Writing remembered(Destination destination, SchemaRegistryClient registry) {
    Writing remembered = writings.get(destination);
    if (remembered != null) {
      return remembered;
    }
    Writing learned = learn(destination, registry);
    if (writings.size() >= registry.settings().schemaBound()) {
      writings.clear();
    }
    writings.put(destination, learned);
    return learned;
  }

  private static Writing learn(Destination destination, SchemaRegistryClient client) {
    RegistrySettings settings = client.settings();
    Schema schema = destination.schema;
    String subject = settings.naming().subject(destination.topic, settings.isKey(), schema);
    DatumWriter<SpecificRecord> writer =
        new SpecificDatumWriter<>(schema, SpecificData.getForSchema(schema));
    if (settings.registration() == Registration.USE_LATEST) {
      SchemaRegistryClient.Registered latest = client.latest(subject);
      return new Writing(latest.id(), inLatest(subject, schema, writer, latest.schema()));
    }
    String text =
        settings.withoutJavaProperties() ? withoutJavaProperties(schema) : schema.toString();
    return new Writing(client.idOf(subject, schema, text), writer);
  }

  /** Writes a record as whoever reads it with the latest schema would see it. */
  private static DatumWriter<SpecificRecord> inLatest(
      String subject, Schema ours, DatumWriter<SpecificRecord> writer, Schema latest) {
    if (SchemaCompatibility.checkReaderWriterCompatibility(latest, ours).getType()
        != SchemaCompatibilityType.COMPATIBLE) {
      throw new SchemaRefusedException(
          subject,
          "a `%s` cannot be written in the newest schema under subject `%s`: they are not compatible"
              .formatted(ours.getFullName(), subject));
    }
    GenericData model = new GenericData();
    GenericDatumWriter<Object> latestWriter = new GenericDatumWriter<>(latest, model);
    return new SpecificDatumWriter<>(ours) {
      @Override
      public void write(SpecificRecord value, org.apache.avro.io.Encoder out) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_LENGTH);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        writer.write(value, encoder);
        encoder.flush();
        Object seen =
            new GenericDatumReader<>(ours, latest, model)
                .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
        latestWriter.write(seen, out);
      }
    };
  }

  /** The schema as it stands in its file. */
  private static String withoutJavaProperties(Schema schema) {
    JsonNode tree = JSON.readTree(schema.toString());
    removeJavaProperties(tree);
    try {
      return new Schema.Parser().parse(tree.toString()).toString();
    } catch (AvroRuntimeException e) {
      throw new IllegalStateException("a schema without its properties is a schema", e);
    }
  }

  private static void removeJavaProperties(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(JAVA_PROPERTIES);
    }
    node.forEach(RegistryAvroSerializer::removeJavaProperties);
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
  }
}
