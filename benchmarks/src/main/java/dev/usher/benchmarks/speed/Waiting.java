package dev.usher.benchmarks.speed;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another process does. */
final class Waiting {

  private Waiting() {}

  /**
   * Returns once it holds.
   *
   * @param what for the message, such as `usher is ready`
   * @throws IllegalStateException if it does not hold in time
   */
  static void until(String what, Duration atMost, Duration between, BooleanSupplier holds) {
    long began = System.nanoTime();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - began > atMost.toNanos()) {
        throw new IllegalStateException("not within %d s: %s".formatted(atMost.toSeconds(), what));
      }
      pause(between);
    }
  }

  static void pause(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }
}
