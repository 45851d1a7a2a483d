package dev.usher.events.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.usher.events.SignIn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class RegistryAvroSerializerTest {

  private static final String TOPIC = "identity.sign-ins";

  private final FaultyRegistry registry =
      new FaultyRegistry()
          .knows(
              "/subjects/identity.sign-ins-value/versions",
              FaultyRegistry.json().put("id", 0x01020304));

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void writesMagicByteBigEndianIdAndAvro() {
    byte[] bytes = serialize(Map.of());

    assertThat(bytes).isEqualTo(bytes(0x01020304, Events.signIn()));
    assertThat(Arrays.copyOf(bytes, 5)).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void leavesATombstoneNull() {
    try (RegistryAvroSerializer serializer = serializer(Map.of())) {
      assertThat(serializer.serialize(TOPIC, null)).isNull();
    }
    assertThat(registry.requests).isEmpty();
  }

  @Test
  void registersASchemaOnce() {
    try (RegistryAvroSerializer serializer = serializer(Map.of())) {
      for (int i = 0; i < 10; i++) {
        serializer.serialize(TOPIC, Events.signIn());
      }
    }

    assertThat(registry.requests).hasSize(1);
    assertThat(registered()).isEqualTo(SignIn.getClassSchema());
  }

  @Test
  void registersASchemaOnceThoughManyThreadsWantIt() throws Exception {
    try (RegistryAvroSerializer serializer = serializer(Map.of());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> written =
          IntStream.range(0, 50)
              .mapToObj(_ -> threads.submit(() -> serializer.serialize(TOPIC, Events.signIn())))
              .toList();
      for (Future<byte[]> each : written) {
        assertThat(each.get()).isEqualTo(bytes(0x01020304, Events.signIn()));
      }
    }
    assertThat(registry.requests).hasSize(1);
  }

  @Test
  void leavesOutWhatIsForJavaAloneWhereToldTo() {
    serialize(Map.of("avro.remove.java.properties", true));

    assertThat(registry.requests.getFirst().body()).doesNotContain("java");
    assertThat(registered().getFields()).hasSameSizeAs(SignIn.getClassSchema().getFields());
  }

  @ParameterizedTest
  @CsvSource({
    "TopicNameStrategy, false, identity.sign-ins-value",
    "TopicNameStrategy, true, identity.sign-ins-key",
    "io.confluent.kafka.serializers.subject.RecordNameStrategy, false, dev.usher.events.SignIn",
    "TopicRecordNameStrategy, true, identity.sign-ins-dev.usher.events.SignIn",
  })
  void namesItsSubjectAsConfluentDoes(String strategy, boolean isKey, String subject) {
    registry.knows("/subjects/" + subject + "/versions", FaultyRegistry.json().put("id", 1));
    try (RegistryAvroSerializer serializer = new RegistryAvroSerializer()) {
      String setting = isKey ? "key.subject.name.strategy" : "value.subject.name.strategy";
      serializer.configure(Map.of("schema.registry.url", registry.url(), setting, strategy), isKey);

      assertThat(serializer.serialize(TOPIC, Events.signIn())).startsWith(0, 0, 0, 0, 1);
    }
  }

  @Test
  void looksUpWhatItMayNotRegister() {
    registry.knows("/subjects/identity.sign-ins-value", FaultyRegistry.json().put("id", 5));

    assertThat(serialize(Map.of("auto.register.schemas", "false"))).startsWith(0, 0, 0, 0, 5);
  }

  @Test
  void asksForNormalizationWhereToldTo() {
    registry.knows(
        "/subjects/identity.sign-ins-value/versions?normalize=true",
        FaultyRegistry.json().put("id", 6));

    assertThat(serialize(Map.of("normalize.schemas", true))).startsWith(0, 0, 0, 0, 6);
  }

  @Test
  void writesInTheNewestSchemaOfTheSubjectWhereToldTo() throws IOException {
    Schema newest =
        SchemaBuilder.record("SignIn")
            .namespace("dev.usher.events")
            .fields()
            .requiredString("subject")
            .optionalString("mood")
            .endRecord();
    registry.knows(
        "/subjects/identity.sign-ins-value/versions/latest",
        FaultyRegistry.json().put("id", 9).put("schema", newest.toString()));

    byte[] bytes = serialize(Map.of("auto.register.schemas", false, "use.latest.version", true));

    assertThat(bytes).startsWith(0, 0, 0, 0, 9);
    GenericRecord read =
        new GenericDatumReader<GenericRecord>(newest)
            .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
    assertThat(read.get("subject")).hasToString(Events.signIn().getSubject());
    assertThat(read.get("mood")).isNull();
  }

  @Test
  void refusesToWriteInANewestSchemaThatDoesNotFit() {
    Schema newest =
        SchemaBuilder.record("dev.usher.events.SignIn").fields().requiredInt("other").endRecord();
    registry.knows(
        "/subjects/identity.sign-ins-value/versions/latest",
        FaultyRegistry.json().put("id", 9).put("schema", newest.toString()));

    assertThatExceptionOfType(SchemaRefusedException.class)
        .isThrownBy(
            () -> serialize(Map.of("auto.register.schemas", false, "use.latest.version", true)))
        .withMessageContaining("not compatible");
  }

  @ParameterizedTest
  @CsvSource({"409, 409", "422, 42201", "404, 40401"})
  void saysThatTheRegistryRefusesTheSchema(int status, int code) {
    registry.failsWith(status, "{\"error_code\": %d, \"message\": \"because\"}".formatted(code));

    assertThatExceptionOfType(SchemaRefusedException.class)
        .isThrownBy(() -> serialize(Map.of()))
        .withMessageContaining("`identity.sign-ins-value`")
        .withMessageContaining("because");
  }

  @Test
  void waitsOutARegistryThatIsUnwell() {
    try (RegistryAvroSerializer serializer = serializer(Map.of())) {
      registry.failsWith(503, "");
      assertThatExceptionOfType(SchemaRegistryUnavailableException.class)
          .isThrownBy(() -> serializer.serialize(TOPIC, Events.signIn()));

      registry.recovers();
      assertThat(serializer.serialize(TOPIC, Events.signIn())).isNotEmpty();
    }
  }

  @Test
  void saysWhichEventDoesNotFitItsSchema() {
    try (RegistryAvroSerializer serializer = serializer(Map.of())) {
      assertThatExceptionOfType(SerializationException.class)
          .isThrownBy(() -> serializer.serialize(TOPIC, new SignIn()))
          .withMessageContaining("`dev.usher.events.SignIn`")
          .withMessageContaining(TOPIC);
    }
  }

  private Schema registered() {
    return new Schema.Parser()
        .parse(
            JsonMapper.shared()
                .readTree(registry.requests.getFirst().body())
                .path("schema")
                .asString());
  }

  private byte[] serialize(Map<String, Object> settings) {
    try (RegistryAvroSerializer serializer = serializer(settings)) {
      byte[] bytes = serializer.serialize(TOPIC, Events.signIn());
      return bytes == null ? new byte[0] : bytes;
    }
  }

  private RegistryAvroSerializer serializer(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("schema.registry.url", registry.url());
    return RegistryAvroSerializer.of(all);
  }

  /** A record as Avro and the wire format have it, written without our serializer. */
  static byte[] bytes(int id, SpecificRecordBase event) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new SpecificDatumWriter<>(event.getSchema(), event.getSpecificData()).write(event, encoder);
      encoder.flush();
      return FaultyRegistry.record(id, out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
