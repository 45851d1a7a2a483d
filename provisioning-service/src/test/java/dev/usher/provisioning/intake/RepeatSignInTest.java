package dev.usher.provisioning.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import com.sun.net.httpserver.HttpServer;
import dev.usher.events.SignIn;
import dev.usher.events.UserKind;
import dev.usher.events.serialization.RegistryAvroDeserializer;
import dev.usher.events.serialization.RegistryAvroSerializer;
import dev.usher.policy.LoadResult;
import dev.usher.policy.PolicySet;
import dev.usher.policy.TenantSource;
import dev.usher.provisioning.admission.Admissions;
import dev.usher.provisioning.ops.Meters;
import dev.usher.provisioning.testing.TestBed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

/** What a repeat sign-in costs: counted, not timed. */
@Isolated("it measures code that has to be compiled by then")
final class RepeatSignInTest {

  private static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");
  private static final String TOPIC = "identity.sign-ins";
  private static final int PEOPLE = 2_000;

  /** Rounds until the compiler has seen enough to leave out what it can. */
  private static final int MOST_ROUNDS = 300;

  /**
   * What a sign-in may allocate besides what its decoding does: 770 to 840 bytes when this was
   * written, as the compiler fares.
   */
  private static final long BYTES_BESIDES_DECODING = 1_000;

  private @Nullable HttpServer server;
  private @Nullable RegistryAvroDeserializer<SignIn> deserializer;

  @BeforeEach
  void startRegistryThatKnowsSignIns() throws IOException {
    HttpServer registry =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] answer =
        JsonMapper.shared()
            .writeValueAsString(Map.of("id", 1, "schema", SignIn.getClassSchema().toString()))
            .getBytes(StandardCharsets.UTF_8);
    registry.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    registry.start();
    server = registry;
    deserializer = RegistryAvroDeserializer.of(SignIn.class, settings());
  }

  @AfterEach
  void stopRegistry() {
    if (server != null) {
      server.stop(0);
    }
  }

  private Map<String, String> settings() {
    int port = server == null ? 0 : server.getAddress().getPort();
    return Map.of("schema.registry.url", "http://127.0.0.1:" + port);
  }

  /** Ten services with three rules each. */
  private static PolicySet policies() {
    StringBuilder text =
        new StringBuilder(
            """
            tenant: acme
            issuers:
              staff: {id: "%s", vouches-for: [acme.example]}
            domains: [acme.example]
            services:
            """
                .formatted(TestBed.ISSUER));
    for (int i = 0; i < 10; i++) {
      text.append(
          """
            service-%d:
              connector: {type: scim}
              join:
                - permit: anyone-at-acme
                  domain: acme.example
                - permit: partners-from-the-office
                  domain: partner.example
                  network: [203.0.113.0/24, "2001:db8::/32"]
                  group: partners
                - forbid: interns
                  group: interns
          """
              .formatted(i)
              .indent(2));
    }
    return switch (PolicySet.load(List.of(new TenantSource("acme.yaml", text.toString())))) {
      case LoadResult.Loaded loaded -> loaded.policies();
      case LoadResult.Refused refused -> throw new AssertionError(refused.problems());
    };
  }

  private List<ConsumerRecord<byte[], byte[]>> records() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(PEOPLE);
    try (RegistryAvroSerializer serializer = RegistryAvroSerializer.of(settings())) {
      for (int i = 0; i < PEOPLE; i++) {
        SignIn signIn =
            TestBed.signIn("00u1a2b3c4d5e6f" + i)
                .setOccurredAt(NOW)
                .setApplication("0oa1slack")
                .setClientIp("203.0.113." + i % 256)
                .setForwardedFor(List.of())
                .setAuthenticationMethods(List.of("pwd", "otp"))
                .setMultiFactor(true)
                .setGroups(List.of("everyone", "engineering"))
                .setUserKind(UserKind.MEMBER)
                .setAttributes(Map.of("department", "research"))
                .build();
        records.add(
            new ConsumerRecord<>(
                TOPIC,
                0,
                i,
                NOW.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                new byte[0],
                serializer.serialize(TOPIC, signIn),
                new RecordHeaders(),
                Optional.empty()));
      }
    }
    return records;
  }

  @Test
  void aRepeatAsksNoStoreAndAllocatesLittleBesidesItsDecoding() throws Exception {
    RegistryAvroDeserializer<SignIn> decoding = Objects.requireNonNull(deserializer);
    RecordReader<SignIn, dev.usher.provisioning.person.SignIn> reader =
        new RecordReader<>(
            decoding,
            new SignInReading(),
            new IntakeProperties(
                DataSize.ofKilobytes(256),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                DataSize.ofMegabytes(16)),
            System::nanoTime);
    Admissions all =
        new Admissions(
            policies(), TOPIC, 10_000, NOW, List.of(Meters.of(new SimpleMeterRegistry())));
    List<ConsumerRecord<byte[], byte[]>> records = records();
    admit(all, reader, records);
    int asked = all.asked();
    assertThat(asked).as("everybody's first sign-in is looked up").isPositive();

    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < MOST_ROUNDS && least > BYTES_BESIDES_DECODING; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (ConsumerRecord<byte[], byte[]> record : records) {
        decoding.decode(record.value(), 0, record.value().length);
      }
      long decoded = threads.getCurrentThreadAllocatedBytes();
      admit(all, reader, records);
      long whole = threads.getCurrentThreadAllocatedBytes() - decoded;
      least = Math.min(least, (whole - (decoded - before)) / PEOPLE);
    }

    assertThat(all.asked()).as("all of them for first sign-ins").isEqualTo(asked);
    assertThat(least)
        .as("bytes of a repeat besides its decoding")
        .isLessThanOrEqualTo(BYTES_BESIDES_DECODING);
  }

  private static void admit(
      Admissions all,
      RecordReader<SignIn, dev.usher.provisioning.person.SignIn> reader,
      List<ConsumerRecord<byte[], byte[]>> records)
      throws UnreadableInputException {
    List<dev.usher.provisioning.person.SignIn> signIns = new ArrayList<>(records.size());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      signIns.add(reader.read(record));
    }
    all.admission().admit(signIns);
  }
}
