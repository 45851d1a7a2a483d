package dev.usher.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the command takes, and what follows from a seed. */
final class SettingsTest {

  private static final Duration LEASE = Duration.ofSeconds(20);

  @Test
  void aRunIsLargeUnlessTheCommandSaysOtherwise() {
    assertThat(settings()).isEqualTo(new Settings(7, 100_000, 20, Optional.empty()));
    assertThat(settings("--quick")).isEqualTo(Settings.quick(7));
    assertThat(settings("--quick", "--seed", "3", "--kills", "1"))
        .isEqualTo(new Settings(3, Settings.quick(3).people(), 1, Optional.empty()));
    assertThat(settings("--people", "50", "--plant", "create-not-looked-up"))
        .isEqualTo(new Settings(7, 50, 20, Optional.of(Plant.CREATE_NOT_LOOKED_UP)));
  }

  @Test
  void whatIsNotUnderstoodIsSaidWithWhatWouldBeRight() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("--sede", "3"))
        .withMessageContaining("`--sede`")
        .withMessageContaining("--seed N");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("--people", "many"))
        .withMessageContaining("`--people many`");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("--people"))
        .withMessageContaining("without a value");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("--plant", "mole"))
        .withMessageContaining("offset-committed-early");
  }

  @Test
  void theSameSeedIsTheSameTroubleInTheSameOrder() {
    assertThat(Trouble.plan(5, 20, 3, LEASE)).isEqualTo(Trouble.plan(5, 20, 3, LEASE));
    assertThat(Trouble.plan(5, 20, 3, LEASE)).isNotEqualTo(Trouble.plan(6, 20, 3, LEASE));
    assertThat(Trouble.plan(5, 20, 3, LEASE))
        .isSortedAccordingTo((one, other) -> Double.compare(one.at(), other.at()))
        .filteredOn(trouble -> trouble instanceof Trouble.Kill || trouble instanceof Trouble.Outage)
        .hasSize(20);
  }

  private static Settings settings(String... arguments) {
    return Settings.of(arguments, 7);
  }
}
