package dev.usher.policy;

/** How a person came through the gates that all services share. */
sealed interface Passage permits Sighting, Passage.Stopped {
  /** Not through: no rule of any service is looked at. */
  record Stopped(Reason reason) implements Passage {}
}
