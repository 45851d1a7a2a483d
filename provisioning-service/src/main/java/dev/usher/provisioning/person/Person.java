package dev.usher.provisioning.person;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a person.
 *
 * @param key who they are
 * @param standing what their issuer says of their being there; null if it said nothing yet
 * @param decisions the decision in force for each service, by its id
 * @param lastSeen when they last signed in to each application, by its name; as of the last {@link
 *     PersonStore#seen}
 */
public record Person(
    PersonKey key,
    @Nullable Standing standing,
    Map<String, KeptDecision> decisions,
    Map<String, Instant> lastSeen) {

  public Person {
    decisions = Map.copyOf(decisions);
    lastSeen = Map.copyOf(lastSeen);
  }
}
