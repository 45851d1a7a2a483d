package dev.usher.provisioning.tenant;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which topics there are, and who may speak on them.
 *
 * @param signIns where sign-ins come in; at least one
 * @param accountCreated where {@code AccountCreated} goes out
 * @param accountChanged where {@code AccountChanged} goes out
 */
@ConfigurationProperties("usher.topics")
public record TopicProperties(
    List<Input> signIns,
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
    signIns = signIns == null ? List.of(new Input("identity.sign-ins", Set.of(ANY))) : signIns;
    if (signIns.isEmpty()) {
      throw new IllegalArgumentException("`usher.topics.sign-ins` names no topic");
    }
    Set<String> names = new HashSet<>();
    for (Input input : signIns) {
      if (!names.add(input.topic())) {
        throw new IllegalArgumentException(
            "`usher.topics.sign-ins` names `" + input.topic() + "` twice");
      }
    }
    signIns = List.copyOf(signIns);
  }

  /** The names of the topics that sign-ins come in on. */
  public List<String> signInTopics() {
    return signIns.stream().map(Input::topic).toList();
  }

  /** Who may speak on which topic. */
  public SpeakingRights speakingRights() {
    return new SpeakingRights(
        signIns.stream().collect(Collectors.toMap(Input::topic, Input::issuers)));
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
