package dev.usher.provisioning.provision;

import dev.usher.provisioning.tenant.ServiceKey;
import java.time.Duration;
import java.time.Instant;

/**
 * What all instances together have used of a service's limits: one document for each service.
 *
 * <p>All methods throw {@link dev.usher.provisioning.store.StoreUnavailableException} while the
 * database cannot be reached; nobody may then ask the service.
 */
interface LimitStore {

  /**
   * What has been used.
   *
   * @param version rises with each change; 0 if nothing has been used yet
   * @param next from when on the next permit may be used
   * @param day the day (UTC, since 1970) that {@code usedToday} counts
   * @param usedToday permits of that day
   * @param pausedUntil until when the service asks to be left alone
   */
  record Used(long version, Instant next, long day, long usedToday, Instant pausedUntil) {

    static final Used NOTHING = new Used(0, Instant.EPOCH, 0, 0, Instant.EPOCH);
  }

  /** What has been used by now. */
  Used read(ServiceKey service);

  /**
   * Writes it, if what stands there has the version before it.
   *
   * @return whether it was written
   */
  boolean write(ServiceKey service, Used next);

  /** From now on the service is left alone until then, unless it is for longer already. */
  default void pause(ServiceKey service, Instant until) {
    for (int tries = 0; tries < 100; tries++) {
      Used used = read(service);
      if (!until.isAfter(used.pausedUntil())
          || write(
              service,
              new Used(used.version() + 1, used.next(), used.day(), used.usedToday(), until))) {
        return;
      }
    }
  }

  /** How long a block of permits lasts at most. */
  Duration BLOCK = Duration.ofSeconds(1);
}
