package dev.usher.provisioning.provision.connector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.policy.Connector;
import dev.usher.policy.Problem;
import dev.usher.provisioning.testing.Acme;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {

  private static Connector connector(String settings) {
    return Acme.slack("{" + settings + "}").connector();
  }

  @Test
  void withoutSettingsTheyAreSane() {
    assertThat(Limits.of(connector("type: scim")))
        .isEqualTo(new Limits(20, null, 1, null, false, Duration.ofSeconds(5)));
  }

  @ParameterizedTest
  @CsvSource({"180/min, 180, PT1M", "5/s, 5, PT1S", "1000/h, 1000, PT1H"})
  void ratesAreRead(String rate, int count, Duration per) {
    Connector connector = connector("rate-limit: " + rate);

    assertThat(Limits.problems(connector)).isEmpty();
    assertThat(Limits.of(connector).rate()).isEqualTo(new Limits.Rate(count, per));
  }

  @Test
  void allOfThemAreRead() {
    assertThat(
            Limits.of(
                connector(
                    "concurrency: 7, timeout: 250ms, rate-limit: 1/s, burst: 3, quota: 900/day, limits-shared: true")))
        .isEqualTo(
            new Limits(
                7,
                new Limits.Rate(1, Duration.ofSeconds(1)),
                3,
                new Limits.Rate(900, Duration.ofDays(1)),
                true,
                Duration.ofMillis(250)));
  }

  @Test
  void whatTheFileSaysCountsBeforeWhatIsKnownOfTheKind() {
    Connector file = connector("burst: 3, limits-shared: false");
    Connector kind = connector("burst: 20, rate-limit: 180/min, limits-shared: true");

    assertThat(Limits.of(file, kind))
        .isEqualTo(
            new Limits(
                20,
                new Limits.Rate(180, Duration.ofMinutes(1)),
                3,
                null,
                false,
                Duration.ofSeconds(5)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "concurrency: 0",
        "concurrency: -1",
        "concurrency: 10001",
        "concurrency: many",
        "concurrency: 1.5",
        "rate-limit: 0/s",
        "rate-limit: 5",
        "rate-limit: 5/d",
        "rate-limit: -5/s",
        "rate-limit: 10000000/s",
        "burst: 0",
        "quota: 100/h",
        "quota: 0/day",
        "limits-shared: perhaps",
        "timeout: 0s",
        "timeout: 11s",
        "timeout: 10001ms",
        "timeout: 5",
        "timeout: 5m"
      })
  void whatIsNoLimitIsAProblemAtItsPlace(String setting) {
    assertThat(Limits.problems(connector(setting)))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.severity()).isEqualTo(Problem.Severity.ERROR);
              assertThat(problem.message())
                  .contains("`" + setting.substring(setting.indexOf(' ') + 1) + "`", "expected");
              assertThat(problem.line()).isEqualTo(9);
              assertThat(problem.column()).isEqualTo(18 + setting.indexOf(' '));
            });
  }
}
