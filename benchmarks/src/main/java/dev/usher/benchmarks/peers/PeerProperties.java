package dev.usher.benchmarks.peers;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What a peer is started with.
 *
 * @param intake how sign-ins are taken in: `listener`, `virtual-threads`, `bulk`, `durable-bulk`,
 *     `parallel-consumer` or `share-group`
 * @param signIns the topic that they come from
 * @param created the topic that announcements go to
 * @param partitions how many partitions the former has
 * @param atOnce how many calls may be under way where that is not bound to partitions
 * @param saas the service's base URL
 */
@ConfigurationProperties("peer")
record PeerProperties(
    String intake, String signIns, String created, int partitions, int atOnce, URI saas) {}
