package dev.usher.provisioning.provision;

import dev.usher.provisioning.account.Account;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often, and for how long, an account is tried.
 *
 * @param quickTries how many tries in a row, in memory, before the account goes back to wait
 * @param quickBackoff the longest wait before the second; it doubles from there, with full jitter
 * @param longestQuickWait a service that asks for more than this is left alone in the database
 * @param backoff the wait after the first row of tries; it doubles from there, with full jitter
 * @param longestBackoff the longest wait
 * @param giveUpAfter how long an account is tried before it fails
 * @param lateEffect how long a create that was not answered may still take effect in the service;
 *     until then the account is looked for and not created again
 * @param circuitOpenFor how long a service that fails is left alone
 * @param longestPause how long a service that is asked too much can put accounts off at most
 * @param drainTimeout how long tries under way may go on when the service stops
 */
@ConfigurationProperties("usher.provision")
record ProvisionProperties(
    @DefaultValue("3") int quickTries,
    @DefaultValue("200ms") Duration quickBackoff,
    @DefaultValue("3s") Duration longestQuickWait,
    @DefaultValue("1m") Duration backoff,
    @DefaultValue("6h") Duration longestBackoff,
    @DefaultValue("3d") Duration giveUpAfter,
    @DefaultValue("20s") Duration lateEffect,
    @DefaultValue("10s") Duration circuitOpenFor,
    @DefaultValue("1d") Duration longestPause,
    @DefaultValue("5s") Duration drainTimeout) {

  ProvisionProperties {
    if (quickTries < 1 || quickTries > 10) {
      throw new IllegalArgumentException(
          "`usher.provision.quick-tries` is `" + quickTries + "`; expected 1 to 10");
    }
    if (lateEffect.compareTo(Account.LATE_EFFECT_LIMIT) > 0) {
      throw new IllegalArgumentException(
          "`usher.provision.late-effect` is `"
              + lateEffect
              + "`; expected at most "
              + Account.LATE_EFFECT_LIMIT);
    }
    for (Duration time :
        new Duration[] {
          quickBackoff,
          longestQuickWait,
          backoff,
          longestBackoff,
          giveUpAfter,
          lateEffect,
          circuitOpenFor,
          longestPause,
          drainTimeout
        }) {
      if (!time.isPositive()) {
        throw new IllegalArgumentException(
            "A time of `usher.provision` is `" + time + "`; expected more than 0");
      }
    }
  }
}
