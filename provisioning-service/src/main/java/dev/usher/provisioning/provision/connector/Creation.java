package dev.usher.provisioning.provision.connector;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a service answered when it was asked to create an account. */
public sealed interface Creation {

  /**
   * It is there.
   *
   * @param id the service's own id of it
   * @param userName its name there
   */
  record Created(String id, String userName) implements Creation {}

  /** Something of that name stands there already; whose it is, {@link Connector#find} tells. */
  record Conflict() implements Creation {}

  /**
   * Not now, and surely not done.
   *
   * @param why in a sentence without secrets
   * @param after how long the service asks to be left alone; null if it does not say
   */
  record NotNow(String why, @Nullable Duration after) implements Creation {}

  /**
   * Nobody knows whether it was done: the request left, and no answer that says so came.
   *
   * @param why in a sentence without secrets
   * @param after how long the service asks to be left alone; null if it does not say
   * @param answered whether the service, not some gateway before it, has answered; if not, the
   *     request may still be on its way
   */
  record Unknown(String why, @Nullable Duration after, boolean answered) implements Creation {}

  /**
   * No, for good.
   *
   * @param why in a sentence without personal data and secrets
   * @param words the service's own, bounded; may be personal
   */
  record Rejected(String why, String words) implements Creation {}
}
