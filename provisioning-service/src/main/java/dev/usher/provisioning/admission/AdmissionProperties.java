package dev.usher.provisioning.admission;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What admission allows, and remembers.
 *
 * @param maxAge how old a sign-in may be when the broker gets it; older ones are replays
 * @param maxClockSkew how far in the broker's future a sign-in may be
 * @param settledPeople how many people's settled accounts are remembered; about 250 bytes each
 * @param settledFor how long they are remembered before they are read again
 */
@ConfigurationProperties("usher.admission")
record AdmissionProperties(
    @DefaultValue("1d") Duration maxAge,
    @DefaultValue("5m") Duration maxClockSkew,
    @DefaultValue("100000") long settledPeople,
    @DefaultValue("5m") Duration settledFor) {

  AdmissionProperties {
    if (!maxAge.isPositive() || maxClockSkew.isNegative() || !settledFor.isPositive()) {
      throw new IllegalArgumentException(
          "`usher.admission.max-age` and `settled-for` must be more than 0, `max-clock-skew` 0 or more");
    }
    if (settledPeople < 0) {
      throw new IllegalArgumentException(
          "`usher.admission.settled-people` is `" + settledPeople + "`; expected 0 or more");
    }
  }
}
