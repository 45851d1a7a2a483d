package dev.usher.benchmarks.speed;

import dev.usher.benchmarks.peers.PeerApplication;
import java.util.List;

/**
 * A peer, as a process with the heap that ours has too.
 *
 * @param intake how it takes sign-ins in
 * @param atOnce how many calls may be under way where partitions are no bound
 */
record Peer(String name, String intake, int atOnce) implements Contender {

  static final String HEAP = "-Xmx1g";

  /** As with ours, wide open. */
  static final int AT_ONCE = 1_000;

  private static final String SHARE = "share-group";
  private static final String PARALLEL = "parallel-consumer";

  static final Peer TEXTBOOK = new Peer("textbook", "listener", AT_ONCE);
  static final Peer VIRTUAL_THREADS = new Peer("virtual-threads", "virtual-threads", AT_ONCE);

  /** No peer but a limit: the least that there is to do for an account. */
  static final Peer FLOOR = new Peer("floor", "bulk", AT_ONCE);

  /** The same with all that our guarantees have to keep. */
  static final Peer DURABLE_FLOOR = new Peer("durable-floor", "durable-bulk", AT_ONCE);

  static final Peer PARALLEL_CONSUMER = new Peer(PARALLEL, PARALLEL, AT_ONCE);
  static final Peer SHARE_GROUP = new Peer(SHARE, SHARE, AT_ONCE);

  @Override
  public int consumers(Place place) {
    return intake.equals(PARALLEL) ? 1 : place.partitions();
  }

  @Override
  public boolean shares() {
    return intake.equals(SHARE);
  }

  @Override
  public List<List<String>> commands(Place place) {
    return List.of(command(place));
  }

  private List<String> command(Place place) {
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
        "--peer.at-once=" + atOnce,
        "--peer.saas=" + place.saasUrl(0));
  }
}
