package dev.usher.benchmarks.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {

  @TempDir Path folder;

  private static Report found() {
    Report report = new Report();
    report.table(
        "repeat",
        new Report.Table("repeat: rates", List.of("", "median"), List.of(List.of("usher", "7"))));
    report.ratio("repeat", Target.REPEAT_VS_DECODE, 0.4999);
    report.curve(
        new Report.Chart("growth", "cost", "people", "µs"), "repeat", Map.of(1.0, 2.0, 3.0, 4.0));
    return report;
  }

  @Test
  void aTableGoesWhereThePageHasAPlaceForItsScenarioAndNowhereElse() throws IOException {
    Path page =
        Files.writeString(
            folder.resolve("page.md"),
            """
            Before
            <!-- machine: written by benchmarks/run -->
            <!-- end of machine -->
            <!-- repeat: written by benchmarks/run -->
            an older run
            <!-- end of repeat -->
            After
            """);

    found().save(page, folder.resolve("charts"));

    assertThat(page)
        .content()
        .startsWith("Before\n<!-- machine")
        .contains("| usher | 7 |")
        .doesNotContain("an older run")
        .endsWith("<!-- end of repeat -->\nAfter\n");
    assertThat(folder.resolve("charts/growth.png")).isNotEmptyFile();
  }

  @Test
  void aPageWithoutThePlaceIsRefused() throws IOException {
    Path page = Files.writeString(folder.resolve("page.md"), "no place\n");
    assertThatThrownBy(() -> found().save(page, folder)).hasMessageContaining("`machine`");
  }

  @Test
  void theFiguresNameEachTargetFlatly() throws IOException {
    found().write(folder);
    assertThat(folder.resolve("results.json"))
        .content()
        .contains("\"ratios\" : {\n    \"repeat_vs_decode\" : 0.5\n  }");
  }

  @Test
  void aBoundIsMetFromItsOwnSideOnly() {
    assertThat(Target.REPEAT_VS_DECODE.isMet(0.5)).isTrue();
    assertThat(Target.REPEAT_VS_DECODE.isMet(0.49)).isFalse();
    assertThat(Target.RSS_MB.isMet(299)).isTrue();
    assertThat(Target.RSS_MB.isMet(301)).isFalse();
  }
}
