package dev.usher.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.events.AccountCreated;
import dev.usher.events.IdentityChange;
import dev.usher.events.SignIn;
import dev.usher.provisioning.intake.ReplayCommandLine;
import dev.usher.provisioning.testing.SandboxNeighbours;
import dev.usher.provisioning.testing.TestBed;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** Dead letters come back after what was wrong is mended, once and as they were. */
final class ReplayDeadLettersIT {

  private @Nullable TestBed open;

  @BeforeEach
  void makeBed() {
    open = new TestBed(SandboxNeighbours.shared(), "slack").openTenant();
  }

  @AfterEach
  void close() {
    bed().close();
  }

  private TestBed bed() {
    if (open == null) {
      throw new IllegalStateException("made before each test");
    }
    return open;
  }

  /** What the command said, with its exit status as the last line. */
  private List<String> replay(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    bed().settings().forEach((name, value) -> all.add("--" + name + "=" + value));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int status =
        new ReplayCommandLine(new PrintStream(said, true, StandardCharsets.UTF_8)).run(all);
    List<String> lines = new ArrayList<>(said.toString(StandardCharsets.UTF_8).lines().toList());
    lines.add("exit " + status);
    return lines;
  }

  @Test
  void afterAFixTheDeadLettersOfOneReasonAreReplayedOnceAndLeadToTheirAccounts() {
    bed().with("usher.intake.max-record-size", "1KB");
    ConfigurableApplicationContext service = bed().start();
    bed().publish("garbage", new byte[] {1, 2, 3});
    bed().publish(large("ada").build());
    bed().publish(large("grace").build());
    bed().awaitDeadLetters(3);
    service.close();
    bed().with("usher.intake.max-record-size", "256KB").start();

    assertThat(replay("--reason", "too-large", "--dry-run"))
        .anySatisfy(line -> assertThat(line).contains("too-large").contains("would go to"))
        .endsWith("would-replay=2 failed=0 before=0 others=1", "exit 0");
    assertThat(bed().await(bed().signIns(), new ByteArrayDeserializer(), 3)).hasSize(3);

    assertThat(replay("--reason", "too-large"))
        .endsWith("replayed=2 failed=0 before=0 others=1", "exit 0");
    assertThat(bed().awaitCreated(2))
        .extracting(AccountCreated::getSubject)
        .containsExactlyInAnyOrder("ada", "grace");

    assertThat(replay()).endsWith("replayed=1 failed=0 before=2 others=0", "exit 0");
    bed().awaitDeadLetters(4);
    assertThat(replay("--reason", "too-large"))
        .as("nothing is left but garbage, which is a dead letter again")
        .endsWith("replayed=0 failed=0 before=0 others=1", "exit 0");
  }

  @Test
  void aReplayedRecordIsAsItWasAndALoopShows() {
    bed().start();
    byte[] garbage = {1, 2, 3};
    RecordMetadata first =
        bed().publish(bed().signIns(), 1, "a key", garbage, Map.of("traceparent", "00-ab-cd-01"));
    bed().awaitDeadLetters(1);

    assertThat(replay("--topic", bed().signIns(), "--offsets", "0-0"))
        .first()
        .asString()
        .contains("not-a-sign-in")
        .contains("for the first time");
    ConsumerRecord<String, byte[]> again = bed().awaitDeadLetters(2).getLast();
    assertThat(again.key()).isEqualTo("a key");
    assertThat(again.value()).isEqualTo(garbage);
    assertThat(header(again, "traceparent")).isEqualTo("00-ab-cd-01");
    assertThat(header(again, "usher-replays")).isEqualTo("1");
    assertThat(header(again, "usher-replayed-from")).isEqualTo(bed().deadLetters() + "-0@0");
    assertThat(ByteBuffer.wrap(value(again, "usher-appended-at")).getLong())
        .isEqualTo(first.timestamp());
    assertThat(again.headers().headers("usher-reason")).hasSize(1);

    assertThat(replay("--again"))
        .anySatisfy(line -> assertThat(line).contains("for the first time"))
        .anySatisfy(line -> assertThat(line).contains("for the second time"))
        .endsWith("replayed=2 failed=0 before=0 others=0", "exit 0");
  }

  @Test
  void theyAreSelectedByIssuerAndTopicAndBounded() {
    bed().with("usher.intake.max-record-size", "1KB").start();
    bed().publish(large("ada").build());
    bed().publish(large("eve").setIssuer("https://other.example").build());
    bed()
        .publish(
            TestBed.change("ada", IdentityChange.UPDATED)
                .setDisplayName("a".repeat(2_000))
                .build());
    bed().awaitDeadLetters(2);
    bed().await(bed().identityChanges() + "-dlt", new ByteArrayDeserializer(), 1);

    assertThat(replay("--dry-run", "--issuer", TestBed.ISSUER, "--topic", bed().signIns()))
        .endsWith("would-replay=1 failed=0 before=0 others=1", "exit 0");
    assertThat(replay("--dry-run", "--issuer", TestBed.ISSUER))
        .endsWith("would-replay=2 failed=0 before=0 others=1", "exit 0");
    assertThat(replay("--dry-run", "--limit", "1"))
        .endsWith("would-replay=1 failed=0 before=0 others=0", "exit 0");
    assertThat(replay("--topic", "someones-topic"))
        .first()
        .asString()
        .contains("`someones-topic`")
        .contains(bed().signIns());
    assertThat(replay("--everything")).first().isEqualTo("`--everything` is no option");
    assertThat(replay("--everything")).endsWith("exit 2");
  }

  private static SignIn.Builder large(String subject) {
    return TestBed.signIn(subject).setGivenName("a".repeat(2_000));
  }

  private static String header(ConsumerRecord<?, ?> record, String name) {
    return new String(value(record, name), StandardCharsets.UTF_8);
  }

  private static byte[] value(ConsumerRecord<?, ?> record, String name) {
    Header header = record.headers().lastHeader(name);
    assertThat(header).as(name).isNotNull();
    return header.value();
  }
}
