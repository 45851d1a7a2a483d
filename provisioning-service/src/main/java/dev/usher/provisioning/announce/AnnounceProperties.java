package dev.usher.provisioning.announce;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How announcements are made.
 *
 * @param deliveryTimeout how long Kafka may take to acknowledge one before it goes back to wait
 * @param retryAfter how long one that Kafka did not take waits
 */
@ConfigurationProperties("usher.announce")
record AnnounceProperties(
    @DefaultValue("10s") Duration deliveryTimeout, @DefaultValue("5s") Duration retryAfter) {

  AnnounceProperties {
    if (!deliveryTimeout.isPositive() || !retryAfter.isPositive()) {
      throw new IllegalArgumentException(
          "`usher.announce.delivery-timeout` and `retry-after` must be more than 0");
    }
  }
}
