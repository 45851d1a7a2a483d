package dev.usher.events.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.usher.events.AccountCreated;
import dev.usher.events.Origin;
import dev.usher.events.SignIn;
import dev.usher.events.serialization.UnreadableRecordException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryAvroDeserializerTest {

  private static final String TOPIC = "identity.sign-ins";
  private static final int ID = 7;

  private final FaultyRegistry registry = new FaultyRegistry().knows(ID, SignIn.getClassSchema());
  private final RegistryAvroDeserializer<SignIn> deserializer =
      RegistryAvroDeserializer.of(SignIn.class, settings(Map.of()));

  @AfterEach
  void stop() {
    deserializer.close();
    registry.close();
  }

  @Test
  void readsEveryField() {
    assertThat(deserializer.deserialize(TOPIC, bytes(Events.signIn()))).isEqualTo(Events.signIn());
  }

  @Test
  void leavesATombstoneNull() {
    assertThat(deserializer.deserialize(TOPIC, (byte[]) null)).isNull();
  }

  @Test
  void readsARecordThatStandsWithinAnArray() {
    byte[] record = bytes(Events.signIn());
    byte[] around = new byte[record.length + 20];
    Arrays.fill(around, (byte) 0x55);
    System.arraycopy(record, 0, around, 9, record.length);

    assertThat(deserializer.decode(around, 9, record.length)).isEqualTo(Events.signIn());
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> deserializer.decode(around, 9, around.length));
  }

  @Test
  void asksForASchemaOnce() {
    for (int i = 0; i < 100; i++) {
      deserializer.deserialize(TOPIC, bytes(Events.signIn()));
    }

    assertThat(registry.requests).hasSize(1);
  }

  @Test
  void asksForASchemaOnceThoughManyThreadsWantIt() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    registry.fails(
        exchange -> {
          arrived.countDown();
          await(released);
          FaultyRegistry.answer(
              exchange,
              200,
              FaultyRegistry.json().put("schema", SignIn.getClassSchema().toString()).toString());
        });
    try (SchemaRegistryClient shared = SchemaRegistryClient.connect(settings(Map.of()));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<SignIn>> read =
          IntStream.range(0, 50)
              .mapToObj(
                  _ ->
                      threads.submit(
                          () ->
                              RegistryAvroDeserializer.of(SignIn.class, shared)
                                  .decode(
                                      bytes(Events.signIn()), 0, bytes(Events.signIn()).length)))
              .toList();
      arrived.await();
      released.countDown();
      for (Future<SignIn> each : read) {
        assertThat(each.get()).isEqualTo(Events.signIn());
      }
    }
    assertThat(registry.requests).hasSize(1);
  }

  @Test
  void failsNobodyElseWhenOneWhoWaitsIsInterrupted() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    registry.fails(
        exchange -> {
          arrived.countDown();
          await(released);
          FaultyRegistry.answer(
              exchange,
              200,
              FaultyRegistry.json().put("schema", SignIn.getClassSchema().toString()).toString());
        });
    byte[] record = bytes(Events.signIn());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<SignIn> first = threads.submit(() -> deserializer.decode(record, 0, record.length));
      arrived.await();
      Future<SignIn> second = threads.submit(() -> deserializer.decode(record, 0, record.length));
      first.cancel(true);
      released.countDown();

      assertThat(second.get()).isEqualTo(Events.signIn());
    }
    assertThat(registry.requests).hasSize(1);
  }

  @Test
  void readsABufferOnTheHeapAndOneThatIsNot() {
    byte[] record = bytes(Events.signIn());
    ByteBuffer heap = ByteBuffer.allocate(record.length + 9).position(4).slice().position(2);
    heap.put(record).flip().position(2);
    ByteBuffer direct = ByteBuffer.allocateDirect(record.length).put(record).flip();

    for (ByteBuffer buffer : List.of(heap, direct)) {
      assertThat(deserializer.deserialize(TOPIC, new RecordHeaders(), buffer))
          .isEqualTo(Events.signIn());
      assertThat(buffer.remaining()).isEqualTo(record.length);
    }
    assertThat(deserializer.deserialize(TOPIC, new RecordHeaders(), (ByteBuffer) null)).isNull();
  }

  @Test
  void isReadByManyThreadsAtOnce() throws Exception {
    byte[] record = bytes(Events.signIn());
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Boolean>> read =
          IntStream.range(0, 8)
              .mapToObj(
                  _ ->
                      threads.submit(
                          () -> {
                            for (int i = 0; i < 5_000; i++) {
                              if (!deserializer
                                  .decode(record, 0, record.length)
                                  .equals(Events.signIn())) {
                                return false;
                              }
                            }
                            return true;
                          }))
              .toList();
      for (Future<Boolean> each : read) {
        assertThat(each.get()).isTrue();
      }
    }
  }

  @Test
  void findsTheClassByTheWritersNameIfNoneIsSet() {
    registry.knows(8, AccountCreated.getClassSchema());
    try (RegistryAvroDeserializer<?> untyped = new RegistryAvroDeserializer<>()) {
      untyped.configure(settings(Map.of("specific.avro.reader", "true")), false);

      assertThat((Object) untyped.deserialize(TOPIC, bytes(Events.signIn())))
          .isEqualTo(Events.signIn());
      assertThat((Object) untyped.deserialize(TOPIC, bytes(8, Events.accountCreated())))
          .isEqualTo(Events.accountCreated());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.lang.Thread",
        "dev.usher.events.serialization.EventClasses",
        "no.such.Event"
      })
  void makesNoClassThatIsNoEvent(String name) {
    registry.knows(9, SchemaBuilder.record(name).fields().endRecord());
    try (RegistryAvroDeserializer<?> untyped = new RegistryAvroDeserializer<>()) {
      untyped.configure(settings(Map.of()), false);

      assertReason(
          Reason.UNRESOLVABLE_SCHEMA, () -> untyped.deserialize(TOPIC, FaultyRegistry.record(9)));
    }
  }

  @Test
  void takesTheClassFromTheSettingsForValuesAndForKeys() {
    for (boolean isKey : new boolean[] {true, false}) {
      try (RegistryAvroDeserializer<SignIn> configured = new RegistryAvroDeserializer<>()) {
        String setting = isKey ? "specific.avro.key.type" : "specific.avro.value.type";
        configured.configure(settings(Map.of(setting, SignIn.class.getName())), isKey);

        assertThat(configured.deserialize(TOPIC, bytes(Events.signIn())))
            .isEqualTo(Events.signIn());
      }
    }
  }

  // Evolution.

  @Test
  void readsAnOlderWriterThatKnewFewerFields() {
    Schema older =
        SchemaBuilder.record("SignIn")
            .namespace("dev.usher.events")
            .fields()
            .requiredString("subject")
            .requiredString("issuer")
            .requiredLong("occurredAt")
            .endRecord();
    registry.knows(1, older);
    GenericRecord record = new GenericData.Record(older);
    record.put("subject", "s");
    record.put("issuer", "i");
    record.put("occurredAt", Events.MONDAY.toEpochMilli());

    assertThat(deserializer.deserialize(TOPIC, FaultyRegistry.record(1, avro(older, record))))
        .isEqualTo(
            SignIn.newBuilder()
                .setSubject("s")
                .setIssuer("i")
                .setOccurredAt(Events.MONDAY)
                .build());
  }

  @Test
  void readsANewerWriterThatKnowsMoreFieldsAndMoreSymbols() {
    Schema ours = AccountCreated.getClassSchema();
    String newerText =
        ours.toString()
            .replace(
                "\"INVITATION_ACCEPTED\",\"UNKNOWN\"",
                "\"INVITATION_ACCEPTED\",\"MERGED\",\"UNKNOWN\"")
            .replaceFirst(
                "\"fields\":\\[",
                "\"fields\":[{\"name\":\"mood\",\"type\":{\"type\":\"array\",\"items\":\"string\"},\"default\":[]},");
    Schema newer = new Schema.Parser().parse(newerText);
    registry.knows(2, newer);
    GenericRecord record = new GenericData.Record(newer);
    for (Schema.Field field : newer.getFields()) {
      if (field.hasDefaultValue()) {
        record.put(field.name(), GenericData.get().getDefaultValue(field));
      }
    }
    record.put("mood", List.of("glad", "busy"));
    record.put("eventId", "e");
    record.put("accountVersion", 1L);
    record.put("occurredAt", Events.MONDAY.toEpochMilli());
    for (String text : List.of("tenant", "issuer", "subject", "service", "serviceAccountId")) {
      record.put(text, text);
    }
    record.put("origin", new GenericData.EnumSymbol(newer.getField("origin").schema(), "MERGED"));
    try (RegistryAvroDeserializer<AccountCreated> accounts =
        RegistryAvroDeserializer.of(AccountCreated.class, settings(Map.of()))) {

      byte[] bytes = FaultyRegistry.record(2, avro(newer, record));
      AccountCreated read = accounts.decode(bytes, 0, bytes.length);

      assertThat(read.getOrigin()).isEqualTo(Origin.UNKNOWN);
      assertThat(read.getServiceAccountId()).isEqualTo("serviceAccountId");
    }
  }

  @Test
  void readsASchemaThatRefersToOthers() {
    Schema kind =
        SchemaBuilder.enumeration("UserKind")
            .namespace("dev.usher.events")
            .symbols("MEMBER", "UNKNOWN");
    String text =
        """
        {"type": "record", "name": "SignIn", "namespace": "dev.usher.events", "fields": [
          {"name": "occurredAt", "type": "long"}, {"name": "issuer", "type": "string"},
          {"name": "subject", "type": "string"}, {"name": "userKind", "type": "dev.usher.events.UserKind"}]}""";
    var referring = FaultyRegistry.json().put("schema", text);
    referring
        .putArray("references")
        .addObject()
        .put("name", "dev.usher.events.UserKind")
        .put("subject", "user kind")
        .put("version", 3);
    registry.knows("/schemas/ids/3", referring);
    registry.knows(
        "/subjects/user%20kind/versions/3?deleted=true",
        FaultyRegistry.json().put("schema", kind.toString()));

    byte[] bytes =
        FaultyRegistry.record(3, (byte) 0, (byte) 2, (byte) 'i', (byte) 2, (byte) 's', (byte) 0);
    assertThat(deserializer.decode(bytes, 0, bytes.length).getUserKind()).hasToString("MEMBER");
  }

  // Bytes that can never be read.

  @ParameterizedTest
  @CsvSource({
    "'', TOO_SHORT",
    "00000000, TOO_SHORT",
    "0100000007, WRONG_MAGIC_BYTE",
    "00ffffffff, IMPOSSIBLE_SCHEMA_ID",
    "0000000007, TRUNCATED",
    "000000000705, MALFORMED",
    // Strings of 2,147,483,639 and of 2,147,483,647 bytes; arrays in Java end between the two.
    "000000000702eeffffff0f, TRUNCATED",
    "000000000702feffffff0f, MALFORMED",
  })
  void saysWhatIsWrongWithTheBytes(String hex, Reason reason) {
    assertReason(reason, () -> deserializer.deserialize(TOPIC, HexFormat.of().parseHex(hex)));
  }

  @Test
  void saysThatARecordIsTruncatedWhereverItIsCut() {
    byte[] whole = bytes(Events.signIn());
    for (int length = 5; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertReason(Reason.TRUNCATED, () -> deserializer.deserialize(TOPIC, cut));
    }
  }

  @Test
  void saysThatBytesFollow() {
    byte[] whole = bytes(Events.signIn());
    assertReason(
        Reason.TRAILING_BYTES,
        () -> deserializer.deserialize(TOPIC, Arrays.copyOf(whole, whole.length + 1)));
  }

  @Test
  void saysThatASchemaCannotBeResolved() {
    registry.knows(
        10,
        SchemaBuilder.record("dev.usher.events.SignIn")
            .fields()
            .requiredString("other")
            .endRecord());
    registry.knows(
        "/schemas/ids/11", FaultyRegistry.json().put("schema", "{\"type\": \"recrod\"}"));
    registry.knows(
        "/schemas/ids/12",
        FaultyRegistry.json().put("schema", "message M {}").put("schemaType", "PROTOBUF"));
    registry.knows(13, Schema.create(Schema.Type.INT));

    for (int id : new int[] {10, 11, 12, 13}) {
      assertReason(
          Reason.UNRESOLVABLE_SCHEMA,
          () -> deserializer.deserialize(TOPIC, FaultyRegistry.record(id, (byte) 0)));
    }
  }

  @Test
  void asksOnceForASchemaThatCannotBeUsed() {
    registry.knows(
        "/schemas/ids/11", FaultyRegistry.json().put("schema", "{\"type\": \"recrod\"}"));
    for (int i = 0; i < 3; i++) {
      assertReason(
          Reason.UNRESOLVABLE_SCHEMA,
          () -> deserializer.deserialize(TOPIC, FaultyRegistry.record(11, (byte) 0)));
    }

    assertThat(registry.requests).hasSize(1);
  }

  @Test
  void survivesBytesThatNestWithoutEnd() {
    Schema chain =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "SignIn", "namespace": "dev.usher.events", "fields": [
                  {"name": "chain", "type": {"type": "record", "name": "Link", "fields": [
                    {"name": "next", "type": ["null", "Link"]}]}},
                  {"name": "occurredAt", "type": "long"}, {"name": "issuer", "type": "string"},
                  {"name": "subject", "type": "string"}]}""");
    registry.knows(14, chain);
    byte[] nested = new byte[1_000_000];
    Arrays.fill(nested, (byte) 2);

    assertReason(
        Reason.MALFORMED, () -> deserializer.deserialize(TOPIC, FaultyRegistry.record(14, nested)));
  }

  @Test
  void quotesNothingOfTheRecord() {
    byte[] record = bytes(Events.signIn());
    byte[] cut = Arrays.copyOf(record, record.length - 1);

    UnreadableRecordException told =
        catchThrowableOfType(
            UnreadableRecordException.class, () -> deserializer.deserialize(TOPIC, cut));

    assertThat(told).hasMessageContaining("schema 7").hasMessageNotContaining("grete");
  }

  // A registry that does not know, or does not answer.

  @Test
  void remembersNothingOfAnIdThatIsNotKnown() {
    byte[] record = bytes(20, Events.signIn());
    UnknownSchemaIdException told =
        catchThrowableOfType(
            UnknownSchemaIdException.class, () -> deserializer.deserialize(TOPIC, record));
    assertThat(told.schemaId()).isEqualTo(20);

    registry.knows(20, SignIn.getClassSchema());
    assertThat(deserializer.deserialize(TOPIC, record)).isEqualTo(Events.signIn());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          500 | oops                          | answered 500
          503 |                               | answered 503
          429 |                               | answered 429
          401 |                               | basic.auth.user.info
          403 |                               | basic.auth.user.info
          302 |                               | schema.registry.url
          400 | {"error_code": 400}           | schema.registry.url
          404 | <html>Not here</html>         | schema.registry.url
          404 | {"error_code": 40401}         | schema.registry.url
          404 | {"error_code": 404}           | schema.registry.url
          200 | <html>Please log in</html>    | schema.registry.url
          200 | {}                            | schema
          200 | {"schema": 5}                 | schema
          200 | []                            | schema.registry.url
          """)
  void waitsOutARegistryThatIsUnwell(int status, String body, String hint) {
    registry.failsWith(status, body == null ? "" : body);
    assertThatExceptionOfType(SchemaRegistryUnavailableException.class)
        .isThrownBy(() -> deserializer.deserialize(TOPIC, bytes(Events.signIn())))
        .withMessageContaining(hint);

    registry.recovers();
    assertThat(deserializer.deserialize(TOPIC, bytes(Events.signIn()))).isEqualTo(Events.signIn());
  }

  @Test
  void waitsNoLongerThanItsTimeLimit() {
    CountDownLatch never = new CountDownLatch(1);
    try (RegistryAvroDeserializer<SignIn> impatient =
        RegistryAvroDeserializer.of(SignIn.class, settings(Map.of("http.read.timeout.ms", 50)))) {
      // Neither when no answer comes, nor when it begins and does not end.
      for (FaultyRegistry.Fault slow :
          List.<FaultyRegistry.Fault>of(
              _ -> await(never),
              exchange -> {
                exchange.sendResponseHeaders(200, 100);
                exchange.getResponseBody().write('{');
                exchange.getResponseBody().flush();
                await(never);
              })) {
        registry.fails(slow);
        assertThatExceptionOfType(SchemaRegistryUnavailableException.class)
            .isThrownBy(() -> impatient.deserialize(TOPIC, bytes(Events.signIn())))
            .withMessageContaining(registry.url());
      }
    } finally {
      never.countDown();
    }
  }

  @Test
  void takesNoAnswerBeyondItsBound() {
    registry.failsWith(200, "{\"schema\": \"" + "x".repeat(5 << 20) + "\"}");

    assertThatExceptionOfType(SchemaRegistryUnavailableException.class)
        .isThrownBy(() -> deserializer.deserialize(TOPIC, bytes(Events.signIn())));
  }

  @Test
  void turnsToTheNextRegistryAndStaysThere() {
    try (FaultyRegistry second =
            new FaultyRegistry()
                .knows(1, SignIn.getClassSchema())
                .knows(2, SignIn.getClassSchema());
        RegistryAvroDeserializer<SignIn> both =
            RegistryAvroDeserializer.of(
                SignIn.class,
                Map.of("schema.registry.url", registry.url() + " , " + second.url() + "/"))) {
      registry.failsWith(503, "");

      both.deserialize(TOPIC, bytes(1, Events.signIn()));
      both.deserialize(TOPIC, bytes(2, Events.signIn()));

      assertThat(registry.requests).hasSize(1);
      assertThat(second.requests).hasSize(2);
    }
  }

  @Test
  void namesEveryRegistryThatDidNotAnswerAndNoPassword() {
    registry.close();
    String url =
        registry.url().replace("//", "//usher:pa55@")
            + ","
            + registry.url().replace("127.0.0.1", "localhost");
    try (RegistryAvroDeserializer<SignIn> nobody =
        RegistryAvroDeserializer.of(SignIn.class, Map.of("schema.registry.url", url))) {

      assertThatExceptionOfType(SchemaRegistryUnavailableException.class)
          .isThrownBy(() -> nobody.deserialize(TOPIC, bytes(Events.signIn())))
          .withMessageContaining("127.0.0.1")
          .withMessageContaining("localhost")
          .withMessageNotContaining("pa55");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "basic.auth.credentials.source=USER_INFO;basic.auth.user.info=usher:pa55, Basic dXNoZXI6cGE1NQ==",
    "schema.registry.basic.auth.credentials.source=USER_INFO;schema.registry.basic.auth.user.info=usher:pa55, Basic dXNoZXI6cGE1NQ==",
    "bearer.auth.token=t0ken, Bearer t0ken",
    "bearer.auth.credentials.source=STATIC_TOKEN;bearer.auth.token=t0ken, Bearer t0ken",
    "schema.registry.url=http://usher:pa55@, Basic dXNoZXI6cGE1NQ==",
    "basic.auth.credentials.source=URL, ''",
  })
  void showsItsCredentials(String properties, String header) {
    HashMap<String, Object> settings = new HashMap<>(settings(Map.of()));
    for (String property : properties.split(";", -1)) {
      String[] pair = property.split("=", 2);
      settings.put(
          pair[0], pair[0].endsWith("url") ? registry.url().replace("http://", pair[1]) : pair[1]);
    }
    try (RegistryAvroDeserializer<SignIn> credited =
        RegistryAvroDeserializer.of(SignIn.class, settings)) {
      credited.deserialize(TOPIC, bytes(Events.signIn()));

      assertThat(registry.requests)
          .extracting(FaultyRegistry.Request::authorization)
          .containsExactly(header);
    }
  }

  @Test
  void forgetsRatherThanGrows() {
    try (RegistryAvroDeserializer<SignIn> forgetful =
        RegistryAvroDeserializer.of(SignIn.class, settings(Map.of("max.schemas.per.subject", 3)))) {
      for (int id = 1; id <= 10; id++) {
        registry.knows(id, SignIn.getClassSchema());
        assertThat(forgetful.deserialize(TOPIC, bytes(id, Events.signIn())))
            .isEqualTo(Events.signIn());
      }
    }
  }

  private Map<String, Object> settings(Map<String, Object> others) {
    HashMap<String, Object> all = new HashMap<>(others);
    all.put("schema.registry.url", registry.url());
    return all;
  }

  private static void assertReason(Reason reason, ThrowingCallable reading) {
    UnreadableRecordException told = catchThrowableOfType(UnreadableRecordException.class, reading);
    assertThat(told).isNotNull().isInstanceOf(KafkaException.class);
    assertThat(told.reason()).isEqualTo(reason);
  }

  private static byte[] bytes(SignIn event) {
    return bytes(ID, event);
  }

  private static byte[] bytes(int id, SpecificRecordBase event) {
    return RegistryAvroSerializerTest.bytes(id, event);
  }

  private static byte[] avro(Schema schema, GenericRecord record) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
