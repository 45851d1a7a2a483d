package dev.usher.provisioning.admission;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What admission allows, and remembers.
 *
 * @param maxAge how old a sign-in may be when the broker gets it; older ones are replays
 * @param maxClockSkew how far in the broker's future a sign-in may be
 * @param settledPeople how many people's settled accounts are remembered; about 360 bytes each
 * @param settledFor how long they are remembered before they are read again
 * @param lastSeenLimit how many people's last sign-ins may wait to be written
 * @param lastSeenInterval how often they are written
 */
@ConfigurationProperties("usher.admission")
record AdmissionProperties(
    @DefaultValue("1d") Duration maxAge,
    @DefaultValue("5m") Duration maxClockSkew,
    @DefaultValue("100000") long settledPeople,
    @DefaultValue("5m") Duration settledFor,
    @DefaultValue("50000") int lastSeenLimit,
    @DefaultValue("5s") Duration lastSeenInterval) {

  AdmissionProperties {
    if (!maxAge.isPositive()
        || maxClockSkew.isNegative()
        || !settledFor.isPositive()
        || !lastSeenInterval.isPositive()) {
      throw new IllegalArgumentException(
          "`usher.admission.max-age`, `settled-for` and `last-seen-interval` must be more than 0,"
              + " `max-clock-skew` 0 or more");
    }
    if (settledPeople < 0 || lastSeenLimit < 1) {
      throw new IllegalArgumentException(
          "`usher.admission.settled-people` is `"
              + settledPeople
              + "`, expected 0 or more; `last-seen-limit` is `"
              + lastSeenLimit
              + "`, expected at least 1");
    }
  }
}
