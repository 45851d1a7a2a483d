package dev.usher.provisioning.tenant;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which topics there are, and who may speak on them.
 *
 * @param signIns where sign-ins come in; at least one
 * @param identityChanges where directories tell of changes; at least one
 * @param accountCreated where {@code AccountCreated} goes out
 * @param accountChanged where {@code AccountChanged} goes out
 */
@ConfigurationProperties("usher.topics")
public record TopicProperties(
    List<Input> signIns,
    List<Input> identityChanges,
    @DefaultValue("provisioning.account-created") String accountCreated,
    @DefaultValue("provisioning.account-changed") String accountChanged) {

  /** The issuers that stand for "any". */
  private static final String ANY = "*";

  /**
   * A topic that events come in on.
   *
   * @param topic its name
   * @param issuers who may speak on it, by {@code iss}; {@code *} for any
   */
  public record Input(String topic, @DefaultValue(ANY) Set<String> issuers) {

    public Input {
      issuers = Set.copyOf(issuers);
    }
  }

  public TopicProperties {
    signIns = orDefault(signIns, "identity.sign-ins");
    identityChanges = orDefault(identityChanges, "identity.changes");
    if (signIns.isEmpty() || identityChanges.isEmpty()) {
      throw new IllegalArgumentException(
          "`usher.topics."
              + (signIns.isEmpty() ? "sign-ins" : "identity-changes")
              + "` names no topic; expected at least one");
    }
    Set<String> names = new HashSet<>();
    Stream.of(signIns, identityChanges)
        .flatMap(List::stream)
        .map(Input::topic)
        .filter(name -> !names.add(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(
                  "`usher.topics` names `"
                      + name
                      + "` twice; expected a topic for one kind of event, once");
            });
  }

  private static List<Input> orDefault(@Nullable List<Input> inputs, String name) {
    return inputs == null ? List.of(new Input(name, Set.of(ANY))) : List.copyOf(inputs);
  }

  /** The names of the topics that sign-ins come in on. */
  public List<String> signInTopics() {
    return names(signIns);
  }

  /** The names of the topics that changes of identities come in on. */
  public List<String> identityChangeTopics() {
    return names(identityChanges);
  }

  /** The names of all topics that events come in on. */
  public List<String> inputTopics() {
    return Stream.of(signIns, identityChanges).flatMap(List::stream).map(Input::topic).toList();
  }

  private static List<String> names(List<Input> inputs) {
    return inputs.stream().map(Input::topic).toList();
  }

  /** Who may speak on which topic. */
  public SpeakingRights speakingRights() {
    return new SpeakingRights(
        Stream.of(signIns, identityChanges)
            .flatMap(List::stream)
            .collect(Collectors.toMap(Input::topic, Input::issuers)));
  }

  /**
   * Who may speak on which topic: whoever can write to one topic must not be able to vouch for
   * another topic's people.
   */
  public record SpeakingRights(Map<String, Set<String>> issuersByTopic) {

    public SpeakingRights {
      issuersByTopic = Map.copyOf(issuersByTopic);
    }

    /** Whether the issuer may speak on the topic. */
    public boolean allow(String issuer, String topic) {
      Set<String> issuers = issuersByTopic.getOrDefault(topic, Set.of());
      return issuers.contains(ANY) || issuers.contains(issuer);
    }
  }
}
