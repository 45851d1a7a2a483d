package dev.usher.provisioning.person;

import java.time.Duration;
import java.time.InstantSource;

/** Forgets people of whom nothing was heard for as long as they are to be remembered. */
final class Forgetting {

  /** Few enough that a step holds up nobody. */
  private static final int STEP = PersonStore.BATCH_LIMIT;

  private final PersonStore store;
  private final Duration retention;
  private final InstantSource clock;

  Forgetting(PersonStore store, Duration retention, InstantSource clock) {
    this.store = store;
    this.retention = retention;
    this.clock = clock;
  }

  /**
   * Takes one step of the sweep.
   *
   * @return how many people are forgotten
   */
  long step() {
    return store.expire(clock.instant().minus(retention), STEP);
  }
}
