package dev.usher.provisioning.provision;

import java.time.Duration;

/** How fast a service may be asked. Used by one thread at a time. */
interface Pace {

  /**
   * Takes a permit, or says when there may be one.
   *
   * @param wanted how many are waiting for one, this one included
   * @return zero if the permit is taken; else how long until it is worth asking again
   */
  Duration take(int wanted);

  /** The service asks to be left alone for that long. */
  default void pause(Duration time) {}

  /** No limit. */
  static Pace unlimited() {
    return _ -> Duration.ZERO;
  }
}
