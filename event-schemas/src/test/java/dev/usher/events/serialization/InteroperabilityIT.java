package dev.usher.events.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.usher.events.AccountCreated;
import dev.usher.events.SignIn;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Our classes and Confluent's genuine ones, through a real registry, with one set of properties for
 * both.
 */
class InteroperabilityIT {

  private static final String CONFLUENT = "io.confluent.kafka.serializers.";

  private static RegistryProcess registry;

  @BeforeAll
  static void startRegistry() {
    registry = RegistryProcess.started();
  }

  @AfterAll
  static void stopRegistry() {
    registry.close();
  }

  @Test
  void readsWhatConfluentsSerializerWrites() {
    byte[] bytes = theirSerializer(Map.of()).serialize("identity.sign-ins", Events.signIn());

    assertThat(ourDeserializer(Map.of()).deserialize("identity.sign-ins", bytes))
        .isEqualTo(Events.signIn());
  }

  @Test
  void writesWhatConfluentsDeserializerReadsAsOurClass() {
    byte[] bytes =
        ourSerializer(Map.of()).serialize("provisioning.account-created", Events.accountCreated());

    Object read =
        theirDeserializer(Map.of("specific.avro.reader", true))
            .deserialize("provisioning.account-created", bytes);

    assertThat(read).isInstanceOf(AccountCreated.class).isEqualTo(Events.accountCreated());
  }

  @Test
  void writesWhatConfluentsDeserializerReadsAsGenericRecord() {
    byte[] bytes =
        ourSerializer(Map.of()).serialize("provisioning.account-created", Events.accountCreated());

    GenericRecord read =
        (GenericRecord)
            theirDeserializer(Map.of()).deserialize("provisioning.account-created", bytes);

    assertThat(read.get("serviceAccountId")).hasToString("U012AB3CD");
    assertThat(read.get("origin")).hasToString("CREATED");
    assertThat(read.get("occurredAt")).isEqualTo(Events.MONDAY.toEpochMilli());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TopicNameStrategy", "RecordNameStrategy", "TopicRecordNameStrategy"})
  void writesTheSameBytesAsConfluentsUnderTheSameProperties(String strategy) {
    Map<String, Object> theirs =
        Map.of(
            "value.subject.name.strategy",
            CONFLUENT + "subject." + strategy,
            "avro.remove.java.properties",
            true);
    String topic = "same-bytes-" + strategy;

    byte[] written = ourSerializer(theirs).serialize(topic, Events.signIn());

    // It may not register, so it must find under its own subject what ours has registered there.
    Map<String, Object> looking = new HashMap<>(theirs);
    looking.put("auto.register.schemas", false);
    assertThat(theirSerializer(looking).serialize(topic, Events.signIn())).isEqualTo(written);
  }

  @Test
  void findsWhatConfluentsSerializerRegistered() {
    byte[] written = theirSerializer(Map.of()).serialize("found-again", Events.signIn());

    byte[] ours =
        ourSerializer(Map.of("auto.register.schemas", false))
            .serialize("found-again", Events.signIn());
    byte[] latest =
        ourSerializer(Map.of("auto.register.schemas", false, "use.latest.version", true))
            .serialize("found-again", Events.signIn());

    assertThat(ours).isEqualTo(written);
    assertThat(latest).isEqualTo(written);
  }

  @Test
  void saysWhenTheSchemaMayNotBeRegisteredAndIsNot() {
    try (RegistryAvroSerializer serializer =
        ourSerializer(Map.of("auto.register.schemas", false))) {
      assertThatExceptionOfType(SchemaRefusedException.class)
          .isThrownBy(() -> serializer.serialize("never-registered", Events.signIn()))
          .withMessageContaining("`never-registered-value`")
          .withMessageContaining("auto.register.schemas");
    }
  }

  @Test
  void saysWhenTheRegistryFindsTheSchemaIncompatible() {
    try (RegistryAvroSerializer serializer = ourSerializer(Map.of())) {
      serializer.serialize("taken", Events.signIn());

      assertThatExceptionOfType(SchemaRefusedException.class)
          .isThrownBy(() -> serializer.serialize("taken", Events.accountCreated()))
          .withMessageContaining("409");
    }
  }

  @Test
  void tellsAnUnknownSchemaId() {
    byte[] bytes = ourSerializer(Map.of()).serialize("unknown-id", Events.signIn());
    ByteBuffer.wrap(bytes).putInt(1, 987_654);

    UnknownSchemaIdException told =
        catchThrowableOfType(
            UnknownSchemaIdException.class,
            () -> ourDeserializer(Map.of()).deserialize("unknown-id", bytes));

    assertThat(told.schemaId()).isEqualTo(987_654);
  }

  @Test
  void waitsOutARegistryThatIsKilledAndComesBack() {
    try (RegistryProcess mortal = RegistryProcess.started();
        RegistryAvroSerializer serializer =
            RegistryAvroSerializer.of(Map.of("schema.registry.url", mortal.url()));
        RegistryAvroDeserializer<SignIn> remembering =
            RegistryAvroDeserializer.of(SignIn.class, Map.of("schema.registry.url", mortal.url()));
        RegistryAvroDeserializer<SignIn> asking =
            RegistryAvroDeserializer.of(
                SignIn.class, Map.of("schema.registry.url", mortal.url()))) {
      byte[] bytes = serializer.serialize("mortal", Events.signIn());
      remembering.deserialize("mortal", bytes);

      mortal.kill();

      assertThat(remembering.deserialize("mortal", bytes)).isEqualTo(Events.signIn());
      assertThatExceptionOfType(SchemaRegistryUnavailableException.class)
          .isThrownBy(() -> asking.deserialize("mortal", bytes))
          .withMessageContaining("127.0.0.1");

      mortal.start();
      // It starts empty, and gives the first schema the first id again.
      try (RegistryAvroSerializer again =
          RegistryAvroSerializer.of(Map.of("schema.registry.url", mortal.url()))) {
        assertThat(again.serialize("mortal", Events.signIn())).isEqualTo(bytes);
      }
      assertThat(asking.deserialize("mortal", bytes)).isEqualTo(Events.signIn());
    }
  }

  private static Map<String, Object> with(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("schema.registry.url", registry.url());
    return all;
  }

  private static RegistryAvroSerializer ourSerializer(Map<String, Object> settings) {
    return RegistryAvroSerializer.of(with(settings));
  }

  private static RegistryAvroDeserializer<SignIn> ourDeserializer(Map<String, Object> settings) {
    return RegistryAvroDeserializer.of(SignIn.class, with(settings));
  }

  @SuppressWarnings("unchecked")
  private static Serializer<Object> theirSerializer(Map<String, Object> settings) {
    Serializer<Object> serializer = (Serializer<Object>) made(CONFLUENT + "KafkaAvroSerializer");
    serializer.configure(with(settings), false);
    return serializer;
  }

  @SuppressWarnings("unchecked")
  private static Deserializer<Object> theirDeserializer(Map<String, Object> settings) {
    Deserializer<Object> deserializer =
        (Deserializer<Object>) made(CONFLUENT + "KafkaAvroDeserializer");
    deserializer.configure(with(settings), false);
    return deserializer;
  }

  private static Object made(String className) {
    try {
      return Class.forName(className).getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(className, e);
    }
  }
}
