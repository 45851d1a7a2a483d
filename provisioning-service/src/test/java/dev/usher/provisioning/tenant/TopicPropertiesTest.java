package dev.usher.provisioning.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.provisioning.tenant.TopicProperties.Input;
import dev.usher.provisioning.tenant.TopicProperties.SpeakingRights;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TopicPropertiesTest {

  private static TopicProperties bound(Map<String, String> properties) {
    return new Binder(new MapConfigurationPropertySource(properties))
        .bindOrCreate("usher.topics", TopicProperties.class);
  }

  @Test
  void withoutSettingsAnyIssuerSpeaksOnTheOneTopic() {
    TopicProperties topics = bound(Map.of());

    assertThat(topics.signInTopics()).containsExactly("identity.sign-ins");
    assertThat(topics.identityChangeTopics()).containsExactly("identity.changes");
    assertThat(topics.inputTopics()).containsExactly("identity.sign-ins", "identity.changes");
    assertThat(topics.accountCreated()).isEqualTo("provisioning.account-created");
    assertThat(topics.accountChanged()).isEqualTo("provisioning.account-changed");
    assertThat(topics.speakingRights().allow("https://id.example", "identity.sign-ins")).isTrue();
    assertThat(topics.speakingRights().allow("https://id.example", "identity.changes")).isTrue();
  }

  @Test
  void anIssuerSpeaksOnItsOwnTopicAndOnNoOther() {
    SpeakingRights rights =
        bound(
                Map.of(
                    "usher.topics.sign-ins[0].topic", "acme",
                    "usher.topics.sign-ins[0].issuers", "https://id.acme.example",
                    "usher.topics.sign-ins[1].topic", "anybody",
                    "usher.topics.identity-changes[0].topic", "acme-directory",
                    "usher.topics.identity-changes[0].issuers", "https://id.acme.example"))
            .speakingRights();

    assertThat(rights.allow("https://id.acme.example", "acme")).isTrue();
    assertThat(rights.allow("https://id.globex.example", "acme")).isFalse();
    assertThat(rights.allow("https://id.globex.example", "anybody")).isTrue();
    assertThat(rights.allow("https://id.acme.example", "unknown")).isFalse();
    assertThat(rights.allow("https://id.acme.example", "acme-directory")).isTrue();
    assertThat(rights.allow("https://id.globex.example", "acme-directory")).isFalse();
    // A claim that spells the word for "any" is no issuer's.
    assertThat(rights.allow("*", "acme")).isFalse();
  }

  @Test
  void noTopicAndOneNamedTwiceAreRefused() {
    Input input = new Input("twice", Set.of("*"));
    List<Input> inputs = List.of(input);
    List<Input> others = List.of(new Input("once", Set.of("*")));
    assertThatThrownBy(() -> new TopicProperties(List.of(), inputs, "a", "b"))
        .hasMessageContaining("`usher.topics.sign-ins`");
    assertThatThrownBy(() -> new TopicProperties(inputs, List.of(), "a", "b"))
        .hasMessageContaining("`usher.topics.identity-changes`");
    assertThatThrownBy(() -> new TopicProperties(List.of(input, input), others, "a", "b"))
        .hasMessageContaining("`twice`");
    assertThatThrownBy(() -> new TopicProperties(inputs, inputs, "a", "b"))
        .as("a topic is for one kind of event")
        .hasMessageContaining("`twice`");
  }
}
