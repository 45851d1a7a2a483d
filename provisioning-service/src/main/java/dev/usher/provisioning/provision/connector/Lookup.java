package dev.usher.provisioning.provision.connector;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a service answered when it was asked for an account. */
public sealed interface Lookup {

  /**
   * Ours: it carries our {@code externalId}.
   *
   * @param id the service's own id of it
   * @param userName its name there
   */
  record Ours(String id, String userName) implements Lookup {}

  /** Somebody else's, or nobody's, stands under the name. */
  record SomebodyElses() implements Lookup {}

  /** Nothing is there. */
  record Absent() implements Lookup {}

  /**
   * No answer now.
   *
   * @param why in a sentence without secrets
   * @param after how long the service asks to be left alone; null if it does not say
   */
  record NotNow(String why, @Nullable Duration after) implements Lookup {}
}
