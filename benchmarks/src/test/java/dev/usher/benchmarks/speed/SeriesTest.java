package dev.usher.benchmarks.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SeriesTest {

  @Test
  void aMedianIsTheMiddleOne() {
    assertThat(new Series("a", List.of(3.0, 1.0, 2.0)).median()).isEqualTo(2);
    assertThat(new Series("a", List.of(4.0, 1.0, 2.0, 3.0)).median()).isEqualTo(2.5);
  }

  @Test
  void aQuantileBetweenTwoValuesIsDrawnStraight() {
    List<Double> values = List.of(0.0, 10.0, 20.0, 30.0, 40.0);
    assertThat(Series.quantile(values, 0)).isZero();
    assertThat(Series.quantile(values, 0.6)).isEqualTo(24);
    assertThat(Series.quantile(values, 1)).isEqualTo(40);
  }

  @Test
  void aRatioIsTakenRoundByRoundSoThatABadMomentOfTheMachineCancelsOut() {
    Series ours = new Series("ours", List.of(100.0, 10.0, 90.0));
    Series theirs = new Series("theirs", List.of(50.0, 5.0, 45.0));
    assertThat(ours.times(theirs)).isEqualTo(2);
  }
}
