package dev.usher.benchmarks.speed;

import java.util.List;

/** One of those that are compared: processes that take sign-ins in, most of them one. */
interface Contender {

  /** How the tables call it; letters and hyphens. */
  String name();

  /** How its processes are started there. */
  List<List<String>> commands(Place place);

  /** How many consumers it has in its group once it is ready. */
  int consumers(Place place);

  /** Whether it is one of Kafka's share groups, which are asked about differently. */
  default boolean shares() {
    return false;
  }
}
