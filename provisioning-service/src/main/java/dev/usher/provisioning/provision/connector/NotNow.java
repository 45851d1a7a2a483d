package dev.usher.provisioning.provision.connector;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Not now, and surely not done.
 *
 * @param why in a sentence without personal data and secrets
 * @param cause what stands in the way
 * @param after how long the service asks to be left alone; null if it does not say
 */
public record NotNow(String why, Cause cause, @Nullable Duration after)
    implements Creation, Lookup, Change {

  /** What stands in the way. */
  public enum Cause {
    /** A limit on how fast; the service is well, and waiting for it is no trying. */
    BURST,
    /** A limit for a day or so is used up: nothing goes through until it is renewed. */
    QUOTA,
    /**
     * The service is not well, cannot be reached, or does not accept what it is configured with.
     */
    TROUBLE
  }
}
