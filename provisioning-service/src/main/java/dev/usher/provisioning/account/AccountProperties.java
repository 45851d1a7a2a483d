package dev.usher.provisioning.account;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this instance works on accounts.
 *
 * @param lease how long an instance that stopped answering keeps its work; at least 15 s, since no
 *     request leaves that the lease does not outlast
 * @param leaseMargin how much longer others wait before they take it over
 * @param sweepInterval how often work that is due is looked for
 * @param inHandLimit how many accounts of one service are worked on in memory at most; the others
 *     wait in the database; about 4 KB each
 * @param inHandTotal the same for all services together
 */
@ConfigurationProperties("usher.account")
record AccountProperties(
    @DefaultValue("15s") Duration lease,
    @DefaultValue("5s") Duration leaseMargin,
    @DefaultValue("1s") Duration sweepInterval,
    @DefaultValue("5000") int inHandLimit,
    @DefaultValue("20000") int inHandTotal) {

  /** A request may take 10 s, and a heartbeat is up to a fifth of the lease old when it leaves. */
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(15);

  AccountProperties {
    if (lease.compareTo(SHORTEST_LEASE) < 0) {
      throw new IllegalArgumentException(
          "`usher.account.lease` is `" + lease + "`; expected at least 15 s");
    }
    if (leaseMargin.isNegative()) {
      throw new IllegalArgumentException(
          "`usher.account.lease-margin` is `" + leaseMargin + "`; expected 0 or more");
    }
    if (!sweepInterval.isPositive()) {
      throw new IllegalArgumentException(
          "`usher.account.sweep-interval` is `" + sweepInterval + "`; expected more than 0");
    }
    if (inHandLimit < 1) {
      throw new IllegalArgumentException(
          "`usher.account.in-hand-limit` is `" + inHandLimit + "`; expected at least 1");
    }
  }
}
