package dev.usher.provisioning.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.usher.events.SignIn;
import dev.usher.events.serialization.RegistryAvroDeserializer;
import dev.usher.events.serialization.UnknownSchemaIdException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** What waits for a schema, and for how long. */
final class RecordReaderTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final AtomicLong nanos = new AtomicLong();
  private @Nullable HttpServer registry;
  private @Nullable RecordReader<SignIn, ?> reader;

  @BeforeEach
  void startRegistryThatKnowsNothing() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] notFound =
        "{\"error_code\":40403,\"message\":\"Schema not found\"}".getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(404, notFound.length);
          exchange.getResponseBody().write(notFound);
          exchange.close();
        });
    server.start();
    registry = server;
    reader =
        new RecordReader<>(
            RegistryAvroDeserializer.of(
                SignIn.class,
                Map.of("schema.registry.url", "http://127.0.0.1:" + server.getAddress().getPort())),
            new SignInReading(),
            new IntakeProperties(
                DataSize.ofKilobytes(256),
                PATIENCE,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                DataSize.ofMegabytes(16)),
            nanos::get);
  }

  @AfterEach
  void stopRegistry() {
    if (registry != null) {
      registry.stop(0);
    }
  }

  private void read(int schemaId) throws UnreadableInputException {
    byte[] value = ByteBuffer.allocate(9).put((byte) 0).putInt(schemaId).putInt(1).array();
    if (reader != null) {
      reader.read(new ConsumerRecord<>("identity.sign-ins", 0, 0, new byte[0], value));
    }
  }

  @Test
  void allRecordsOfAnUnknownSchemaAreGivenUpTogether() {
    assertThatThrownBy(() -> read(7)).isInstanceOf(UnknownSchemaIdException.class);
    nanos.addAndGet(PATIENCE.toNanos());

    for (int i = 0; i < 3; i++) {
      UnreadableInputException why =
          catchThrowableOfType(UnreadableInputException.class, () -> read(7));
      assertThat(why.reason()).isEqualTo("unknown-schema-id");
    }
    assertThatThrownBy(() -> read(8))
        .as("another one has its own patience")
        .isInstanceOf(UnknownSchemaIdException.class);
  }
}
