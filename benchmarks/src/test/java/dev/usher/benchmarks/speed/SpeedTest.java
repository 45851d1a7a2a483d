package dev.usher.benchmarks.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SpeedTest {

  @ParameterizedTest
  @MethodSource("dev.usher.benchmarks.speed.Speed#all")
  void thePageAboutPerformanceHasAPlaceForEachScenario(Scenario scenario) throws IOException {
    assertThat(Files.readString(Path.of("..", "docs", "performance.md")))
        .contains("<!-- %s: written by benchmarks/run -->\n".formatted(scenario.name()))
        .contains("<!-- end of %s -->".formatted(scenario.name()));
  }
}
