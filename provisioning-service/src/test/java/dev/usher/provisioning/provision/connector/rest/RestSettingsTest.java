package dev.usher.provisioning.provision.connector.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.policy.Problem;
import dev.usher.policy.Service;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.testing.Acme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a tenant's file says of a service that has a recipe. */
class RestSettingsTest {

  private static final Outbound OUTSIDE = new Outbound(false);

  private static Service service(String... settings) {
    return Acme.slack(
        "{type: rest, token: \"${GITHUB_TOKEN}\", %s}".formatted(String.join(", ", settings)));
  }

  private static List<String> problems(RestConnectors connectors, Service service) {
    return connectors.problems(service).stream().map(Problem::toString).toList();
  }

  private static List<String> problems(String... settings) {
    return problems(new RestConnectors(OUTSIDE), service(settings));
  }

  @Test
  void aGoodServiceHasNoProblems() {
    assertThat(
            problems("recipe: github-organization", "settings: {org: acme, role: billing_manager}"))
        .isEmpty();
    assertThat(problems("recipe: google-workspace")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '!',
      value = {
        "recipe: github | `github` is no recipe; expected one of `github-organization`, `google-workspace`",
        "url: \"https://a.example\" | `null` is no recipe",
        "recipe: github-organization | the recipe needs `org` under `settings`; expected such as `acme`",
        "recipe: github-organization, settings: {org: a/b} | acme.yaml:9:100: `a/b` is no `org`; expected such as `acme`",
        "recipe: github-organization, settings: {org: acme, rule: x} | `rule` is no setting of the recipe; expected one of `org`, `role`",
        "recipe: github-organization, settings: {org: acme, role: admin} | `admin` is no `role`",
        "recipe: github-organization, settings: acme | `acme` is no `settings`; expected a mapping",
        "recipe: signed-webhook | expected such as `https://tools.example.com/usher`",
        "recipe: zoom, url: \"http://api.zoom.us/v2\" | would carry secrets in the clear"
      })
  void aMistakeIsToldWithWhatWouldBeRight(String settings, String message) {
    assertThat(problems(settings)).singleElement().asString().contains(message);
  }

  @Test
  void aSecretDoesNotResolveInASetting() {
    assertThat(problems("recipe: github-organization", "settings: {org: \"${GITHUB_TOKEN}\"}"))
        .singleElement()
        .asString()
        .contains("a reference to a secret is no `org`")
        .doesNotContain("GITHUB_TOKEN");
  }

  @Test
  void whatTheTenantsFileSaysGoesBeforeTheRecipe() {
    RestConnectors connectors = new RestConnectors(OUTSIDE);

    Limits plain = connectors.limits(service("recipe: zoom"));
    assertThat(plain.quota()).isNotNull().extracting(Limits.Rate::count).isEqualTo(10_000);
    assertThat(plain.shared()).isTrue();
    assertThat(connectors.limits(service("recipe: zoom", "quota: 500/day")).quota())
        .isNotNull()
        .extracting(Limits.Rate::count)
        .isEqualTo(500);
  }

  @Test
  void anOperatorsRecipeStandsBesideOursAndGoesBeforeOneOfTheSameName(@TempDir Path directory)
      throws IOException {
    Files.writeString(directory.resolve("pebble.yaml"), Kitchen.recipe(Kitchen.PLAIN));
    Files.writeString(directory.resolve("zoom.yaml"), Kitchen.recipe(Kitchen.PLAIN));
    RestConnectors connectors = new RestConnectors(OUTSIDE, directory);

    assertThat(
            problems(connectors, service("recipe: pebble", "url: \"https://api.pebble.example\"")))
        .isEmpty();
    assertThat(problems(connectors, service("recipe: zoom")))
        .singleElement()
        .asString()
        .contains("https://api.pebble.example");
    assertThat(problems(connectors, service("recipe: pebbel")))
        .singleElement()
        .asString()
        .contains("`pebble`", "`zoom`");
  }

  @Test
  void allThatIsWrongWithAnOperatorsRecipeKeepsTheServiceFromStarting(@TempDir Path directory)
      throws IOException {
    Files.writeString(
        directory.resolve("pebble.yaml"),
        Kitchen.recipe(Kitchen.PLAIN).replace("person.displayName", "person.nickName"));

    assertThatThrownBy(() -> new RestConnectors(OUTSIDE, directory))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("pebble.yaml:14:", "unknown `person.nickName`");
  }
}
