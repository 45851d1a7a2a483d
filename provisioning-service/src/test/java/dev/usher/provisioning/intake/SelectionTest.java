package dev.usher.provisioning.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** Which dead letters are meant by which words. */
final class SelectionTest {

  private static final Instant AT = Instant.parse("2026-03-02T08:00:00Z");

  private static ConsumerRecord<byte[], byte[]> letter(int partition, long offset) {
    return new ConsumerRecord<>(
        "identity.sign-ins-dlt",
        partition,
        offset,
        AT.toEpochMilli(),
        TimestampType.LOG_APPEND_TIME,
        0,
        0,
        new byte[0],
        new byte[0],
        new RecordHeaders(),
        Optional.empty());
  }

  private static boolean means(String... words) {
    return Selection.of(List.of(words)).means(letter(1, 7), "too-large");
  }

  @Test
  void withoutWordsAllAreMeantUpToALimit() {
    assertThat(means()).isTrue();
    assertThat(Selection.of(List.of()).limit()).isEqualTo(1_000);
    assertThat(Selection.of(List.of()).dryRun()).isFalse();
    assertThat(Selection.of(List.of("--dry-run", "--limit", "3")).dryRun()).isTrue();
  }

  @Test
  void eachWordNarrowsThem() {
    assertThat(means("--reason", "no-issuer")).isFalse();
    assertThat(means("--reason", "no-issuer", "--reason", "too-large")).isTrue();
    assertThat(means("--partition", "0")).isFalse();
    assertThat(means("--partition", "1")).isTrue();
    assertThat(means("--offsets", "8-9")).isFalse();
    assertThat(means("--offsets", "7-7")).isTrue();
    assertThat(means("--offsets", "7")).isTrue();
    assertThat(means("--offsets", "6")).isFalse();
    assertThat(means("--since", "2026-03-02T08:00:00.001Z")).isFalse();
    assertThat(means("--since", "2026-03-02T08:00:00Z", "--until", "2026-03-02T08:00:00Z"))
        .isTrue();
    assertThat(means("--until", "2026-03-02T07:59:59Z")).isFalse();
  }

  @Test
  void whatIsNotUnderstoodIsQuotedWithWhatWouldBeRight() {
    assertThatThrownBy(() -> means("--raeson", "x")).hasMessage("`--raeson` is no option");
    assertThatThrownBy(() -> means("--reason")).hasMessage("`--reason` has no value");
    assertThatThrownBy(() -> means("--topic", "--dry-run")).hasMessage("`--topic` has no value");
    assertThatThrownBy(() -> means("--offsets", "9-8"))
        .hasMessage("`--offsets` is `8`; expected a number from 9 on");
    assertThatThrownBy(() -> means("--limit", "0"))
        .hasMessage("`--limit` is `0`; expected a number from 1 on");
    assertThatThrownBy(() -> means("--since", "yesterday"))
        .hasMessageContaining("expected a time such as `2026-03-02T08:00:00Z`");
  }
}
