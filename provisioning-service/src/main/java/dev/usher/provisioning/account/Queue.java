package dev.usher.provisioning.account;

import dev.usher.provisioning.tenant.ServiceKey;
import org.jspecify.annotations.Nullable;

/**
 * What kind of work an account waits for: an attempt at one service, or its announcement. A service
 * that is down holds up its own queue only.
 *
 * @param service the service that an attempt waits for; null for announcements
 */
public record Queue(@Nullable ServiceKey service) {

  /** The queue of those that wait to be announced. */
  static final Queue ANNOUNCEMENTS = new Queue(null);

  private static final String ANNOUNCE = "announce";
  private static final String ATTEMPT = "attempt:";

  /** The queue in which the account's next piece of work waits. */
  static Queue of(Account account) {
    return account.task().orElseThrow() == Task.ANNOUNCE
        ? ANNOUNCEMENTS
        : new Queue(account.key().serviceKey());
  }

  static Queue parse(String text) {
    return text.equals(ANNOUNCE)
        ? ANNOUNCEMENTS
        : new Queue(ServiceKey.parse(text.substring(ATTEMPT.length())));
  }

  @Override
  public String toString() {
    return service == null ? ANNOUNCE : ATTEMPT + service;
  }
}
