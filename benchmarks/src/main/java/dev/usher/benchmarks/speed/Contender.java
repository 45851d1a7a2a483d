package dev.usher.benchmarks.speed;

import java.util.List;

/** One of those that are compared: a process that takes sign-ins in. */
interface Contender {

  /** How the tables call it; letters and hyphens. */
  String name();

  /** How it is started there. */
  List<String> command(Place place);

  /** Whether it is one of Kafka's share groups, which are asked about differently. */
  default boolean shares() {
    return false;
  }
}
