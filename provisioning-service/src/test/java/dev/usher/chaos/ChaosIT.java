package dev.usher.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A run that is small enough for each build; the command runs any size. */
@Execution(ExecutionMode.CONCURRENT)
final class ChaosIT {

  /**
   * As {@code -Dusher.chaos.seed} says; a fixed one else, so that a build does what the last did.
   */
  private static final long SEED = Long.getLong("usher.chaos.seed", 4);

  @Test
  void nothingIsLostAndNothingDoubleThoughInstancesAreKilledAndServicesFail(@TempDir Path folder)
      throws IOException, InterruptedException {
    Tally tally = new ChaosRun(Settings.small(SEED), folder, System.out::println).run();

    System.out.println(tally.line());
    assertThat(tally.findings()).as(tally.line()).isEmpty();
    assertThat(tally.clean()).isTrue();
    assertThat(tally.kills()).isEqualTo(Settings.small(SEED).kills());
    assertThat(tally.announced()).as("people are permitted at all").isGreaterThan(300);
    assertThat(tally.accounts()).isEqualTo(tally.announced());
  }
}
