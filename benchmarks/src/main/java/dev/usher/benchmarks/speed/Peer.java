package dev.usher.benchmarks.speed;

import dev.usher.benchmarks.peers.PeerApplication;
import java.util.List;

/**
 * A peer, as a process with the heap that ours has too.
 *
 * @param intake how it takes sign-ins in
 * @param shares whether it is one of Kafka's share groups
 */
record Peer(String name, String intake, boolean shares) implements Contender {

  static final String HEAP = "-Xmx1g";

  /** How many calls may be under way where partitions are no bound; as with ours, wide open. */
  static final int AT_ONCE = 1_000;

  static final Peer TEXTBOOK = new Peer("textbook", "listener", false);
  static final Peer VIRTUAL_THREADS = new Peer("virtual-threads", "virtual-threads", false);
  static final Peer PARALLEL_CONSUMER = new Peer("parallel-consumer", "parallel-consumer", false);
  static final Peer SHARE_GROUP = new Peer("share-group", "share-group", true);

  @Override
  public List<String> command(Place place) {
    return Child.java(
        List.of(HEAP, "-cp", System.getProperty("java.class.path")),
        PeerApplication.class.getName(),
        "--spring.kafka.bootstrap-servers=" + place.bootstrapServers(),
        "--spring.kafka.properties.schema.registry.url=" + place.registryUrl(),
        "--spring.kafka.consumer.group-id=" + place.group(),
        "--spring.mongodb.uri=" + place.databaseUri(),
        "--peer.intake=" + intake,
        "--peer.sign-ins=" + place.signIns(),
        "--peer.created=" + place.created(),
        "--peer.partitions=" + place.partitions(),
        "--peer.at-once=" + AT_ONCE,
        "--peer.saas=" + place.saasUrl(0));
  }
}
