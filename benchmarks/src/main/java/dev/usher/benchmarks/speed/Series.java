package dev.usher.benchmarks.speed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What one contender showed, round by round. */
record Series(String contender, List<Double> values) {

  Series(String contender) {
    this(contender, new ArrayList<>());
  }

  double median() {
    return quantile(values, 0.5);
  }

  double least() {
    return Collections.min(values);
  }

  double most() {
    return Collections.max(values);
  }

  /** Round by round, how many times the other's; and of these the median. */
  double times(Series other) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      ratios.add(values.get(i) / other.values.get(i));
    }
    return quantile(ratios, 0.5);
  }

  /** The value below which the share of the values is, drawn straight between its neighbours. */
  static double quantile(List<Double> values, double share) {
    List<Double> sorted = values.stream().sorted().toList();
    double at = share * (sorted.size() - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (at - below) * (sorted.get(above) - sorted.get(below));
  }
}
