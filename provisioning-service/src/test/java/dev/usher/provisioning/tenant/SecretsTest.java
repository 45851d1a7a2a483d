package dev.usher.provisioning.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySourcesPropertyResolver;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class SecretsTest {

  private final Map<String, String> properties = new HashMap<>();
  private final Secrets secrets = new Secrets(properties::get);

  @Test
  void aReferenceIsResolvedInItsOwnTenantsNamespaceAlone() {
    properties.put("usher.secrets.acme.TOKEN", "one");
    properties.put("usher.secrets.globex.TOKEN", "two");

    assertThat(secrets.resolve("acme", "${TOKEN}")).contains("one");
    assertThat(secrets.resolve("globex", "${TOKEN}")).contains("two");
    assertThat(secrets.resolve("initech", "${TOKEN}")).isEmpty();
  }

  @Test
  void aSecretIsReadAtEachUseWithoutTheLineEndOfItsFile() {
    properties.put("usher.secrets.acme.TOKEN", " one\n");
    assertThat(secrets.resolve("acme", "${TOKEN}")).contains("one");

    properties.put("usher.secrets.acme.TOKEN", "two");
    assertThat(secrets.resolve("acme", "${TOKEN}")).contains("two");

    properties.put("usher.secrets.acme.TOKEN", " \n");
    assertThat(secrets.resolve("acme", "${TOKEN}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "TOKEN",
        "$TOKEN",
        "${}",
        "${token}",
        "${1TOKEN}",
        "${../globex/TOKEN}",
        "${globex.TOKEN}",
        "${TOKEN}x",
        "x${TOKEN}",
        "${${TOKEN}}",
        "${TOKEN:default}",
        "${TOKEN}\n"
      })
  void whatIsNoReferenceIsNeitherTakenNorQuoted(String text) {
    assertThat(Secrets.isReference(text)).isFalse();
    assertThatThrownBy(() -> secrets.resolve("acme", text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a reference such as `${NAME}`");
  }

  /** As Spring maps names to the environment's: this is why {@link Secrets#reaches} is asked. */
  @Test
  void inTheEnvironmentTwoTenantsNamesCanBeOne() {
    MutablePropertySources environment = new MutablePropertySources();
    environment.addFirst(
        new SystemEnvironmentPropertySource(
            "environment", Map.of("USHER_SECRETS_ACME_EU_TOKEN", "theirs")));
    Secrets fromEnvironment =
        new Secrets(new PropertySourcesPropertyResolver(environment)::getProperty);

    assertThat(fromEnvironment.resolve("acme-eu", "${TOKEN}")).contains("theirs");
    assertThat(fromEnvironment.resolve("acme", "${EU_TOKEN}")).contains("theirs");
    assertThat(Secrets.reaches("acme", "${EU_TOKEN}", "acme-eu")).isTrue();
    assertThat(Secrets.reaches("acme-eu", "${TOKEN}", "acme")).isFalse();
    assertThat(Secrets.reaches("acme", "${EUROPE_TOKEN}", "acme-eu")).isFalse();
    assertThat(Secrets.reaches("acme", "${EU_WEST_TOKEN}", "acme-eu-west")).isTrue();
    assertThat(Secrets.reaches("acme", "${TOKEN}", "acme")).isFalse();
  }
}
