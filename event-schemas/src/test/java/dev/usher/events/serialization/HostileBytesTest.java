package dev.usher.events.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.usher.events.SignIn;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.avro.Schema;

/**
 * Whatever the bytes are, they are read or refused with one of the declared exceptions, within
 * bounded memory.
 */
class HostileBytesTest {

  private static final int ID = 7;

  /** A writer with everything that a reader must skip: all that can declare a length. */
  private static final int SKIPPED_ID = 8;

  /** Beyond this a few bytes must have been believed about a length. */
  private static final long MOST_BYTES_ALLOCATED = 1 << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final Schema SKIPPED =
      new Schema.Parser()
          .parse(
              """
                {"type": "record", "name": "SignIn", "namespace": "dev.usher.events", "fields": [
                  {"name": "a", "type": {"type": "array", "items": "string"}},
                  {"name": "b", "type": "bytes"},
                  {"name": "c", "type": {"type": "map", "values": {"type": "array", "items": "long"}}},
                  {"name": "d", "type": ["null", {"type": "fixed", "name": "F", "size": 16}]},
                  {"name": "occurredAt", "type": "long"}, {"name": "issuer", "type": "string"},
                  {"name": "subject", "type": "string"}]}""");

  private static final FaultyRegistry registry =
      new FaultyRegistry().knows(ID, SignIn.getClassSchema()).knows(SKIPPED_ID, SKIPPED);
  private static final RegistryAvroDeserializer<SignIn> deserializer =
      RegistryAvroDeserializer.of(SignIn.class, Map.of("schema.registry.url", registry.url()));

  @BeforeContainer
  static void start() {
    read(FaultyRegistry.record(ID));
    read(FaultyRegistry.record(SKIPPED_ID));
  }

  @AfterContainer
  static void stop() {
    deserializer.close();
    registry.close();
  }

  @Property(tries = 2_000)
  void anyBytes(@ForAll byte[] bytes) {
    mustStayBounded(bytes);
  }

  @Property(tries = 10_000)
  void anyBytesAfterAGoodHeader(@ForAll("avro") byte[] avro, @ForAll boolean skipped) {
    mustStayBounded(FaultyRegistry.record(skipped ? SKIPPED_ID : ID, avro));
  }

  @Property(tries = 10_000)
  void aGoodRecordWithSomeBytesChanged(@ForAll long seed) {
    byte[] bytes = RegistryAvroSerializerTest.bytes(ID, Events.signIn());
    Random random = new Random(seed);
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes[5 + random.nextInt(bytes.length - 5)] = (byte) random.nextInt();
    }
    mustStayBounded(bytes);
  }

  /** Small numbers and the bytes of the largest ones, so that lengths and indexes are met. */
  @Provide
  Arbitrary<byte[]> avro() {
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(4, Arbitraries.bytes().between((byte) 0, (byte) 8)),
            net.jqwik.api.Tuple.of(
                2, Arbitraries.of((byte) 0xff, (byte) 0xfe, (byte) 0x0f, (byte) 0x01)),
            net.jqwik.api.Tuple.of(1, Arbitraries.bytes()))
        .array(byte[].class)
        .ofMaxSize(200);
  }

  private static void mustStayBounded(byte[] bytes) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    read(bytes);
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_BYTES_ALLOCATED);
  }

  private static void read(byte[] bytes) {
    try {
      assertThat(deserializer.decode(bytes, 0, bytes.length)).isNotNull();
    } catch (UnreadableRecordException e) {
      assertThat(e.reason()).isNotNull();
    } catch (UnknownSchemaIdException e) {
      assertThat(e.schemaId()).isNotIn(ID, SKIPPED_ID);
    }
  }
}
