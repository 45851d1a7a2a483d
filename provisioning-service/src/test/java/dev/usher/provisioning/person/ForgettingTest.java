package dev.usher.provisioning.person;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ForgettingTest {

  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");

  private final InMemoryPersonStore store = new InMemoryPersonStore();
  private final Forgetting forgetting =
      new Forgetting(store, Duration.ofDays(400), InstantSource.fixed(NOW));

  @Test
  void aStepForgetsWhoeverIsPastTheRetention() {
    PersonKey old = new PersonKey("acme", "staff", "old");
    PersonKey recent = new PersonKey("acme", "staff", "recent");
    Instant limit = NOW.minus(Duration.ofDays(400));
    store.apply(Map.of(old, present(limit.minusMillis(1)), recent, present(limit)));

    assertThat(forgetting.step()).isEqualTo(1);
    assertThat(forgetting.step()).isZero();

    assertThat(store.find(List.of(old, recent))).containsOnlyKeys(recent);
  }

  @Test
  void aRetentionOfLessThanADayIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PersonProperties(Duration.ofHours(23)))
        .withMessageContaining("`usher.person.retention` is `PT23H`; expected at least 1 d");
  }

  private static Standing present(Instant at) {
    return new Standing(Standing.Kind.PRESENT, at, null);
  }
}
