package dev.usher.provisioning.person;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long people are remembered.
 *
 * @param retention how long after the last sign-in, decision or event; at least 1 d. That somebody
 *     has left stays remembered, so that a late sign-in does not let them in
 */
@ConfigurationProperties("usher.person")
record PersonProperties(@DefaultValue("400d") Duration retention) {

  private static final Duration SHORTEST_RETENTION = Duration.ofDays(1);

  PersonProperties {
    if (retention.compareTo(SHORTEST_RETENTION) < 0) {
      throw new IllegalArgumentException(
          "`usher.person.retention` is `" + retention + "`; expected at least 1 d");
    }
  }
}
