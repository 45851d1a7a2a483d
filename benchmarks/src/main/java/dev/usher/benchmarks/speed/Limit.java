package dev.usher.benchmarks.speed;

import dev.usher.benchmarks.peers.BareConsumer;
import java.util.List;

/**
 * What nobody who reads the topic can outrun.
 *
 * @param name `poll` or `decode`
 */
record Limit(String name) implements Contender {

  @Override
  public int consumers(Place place) {
    return Usher.CONSUMERS;
  }

  @Override
  public List<List<String>> commands(Place place) {
    return List.of(command(place));
  }

  private List<String> command(Place place) {
    return Child.java(
        List.of(Peer.HEAP, "-cp", System.getProperty("java.class.path")),
        BareConsumer.class.getName(),
        place.bootstrapServers(),
        place.registryUrl(),
        place.signIns(),
        place.group(),
        Integer.toString(Usher.CONSUMERS),
        name);
  }
}
