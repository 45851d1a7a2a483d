package dev.usher.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a fault within a text of a settings file is told. */
class ConnectorTest {

  private static String place(String file, String path, int line, int column) {
    List<Problem> problems = new ArrayList<>();
    Connector connector = Connector.read(new TenantSource("a.yaml", file), problems);
    assertThat(problems).isEmpty();
    return connector.problem(path, line, column, "it").toString();
  }

  @Test
  void aFaultWithinATextIsToldWhereItStands() {
    assertThat(place("a: {b: abcdef}\n", "a.b", 1, 3)).isEqualTo("a.yaml:1:11: it");
    assertThat(place("a:\n  - 'abcdef'\n", "a[0]", 1, 3)).isEqualTo("a.yaml:2:9: it");
    assertThat(place("a: |\n  abc\n  def\n", "a", 2, 1)).isEqualTo("a.yaml:3:4: it");
  }

  @Test
  void whereTheTextHasMovedTheSettingsPlaceStandsIn() {
    assertThat(place("a: >\n  abc\n  def\n", "a", 1, 5)).isEqualTo("a.yaml:1:4: it");
    assertThat(place("a: 'it''s'\n", "a", 1, 3)).isEqualTo("a.yaml:1:4: it");
  }

  @Test
  void whereThereIsNoTextTheNearestSettingStandsIn() {
    assertThat(place("a: {b: c}\n", "a.d", 1, 3)).isEqualTo("a.yaml:1:4: it");
  }
}
