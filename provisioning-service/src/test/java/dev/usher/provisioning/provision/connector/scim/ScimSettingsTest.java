package dev.usher.provisioning.provision.connector.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.policy.Problem;
import dev.usher.policy.Service;
import dev.usher.provisioning.provision.connector.Capabilities;
import dev.usher.provisioning.provision.connector.Capabilities.OnExisting;
import dev.usher.provisioning.provision.connector.Capabilities.Operation;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.PageOnConnectors;
import dev.usher.provisioning.tenant.Secrets;
import dev.usher.provisioning.testing.Acme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a tenant's file and a profile may say, and what comes of it. */
class ScimSettingsTest {

  private static final Outbound OUTSIDE = new Outbound(false);
  private static final Path PAGE = Path.of("../docs/connectors.md");

  private static Service service(String... settings) {
    return Acme.slack(
        "{type: scim, token: \"${SLACK_TOKEN}\", %s}".formatted(String.join(", ", settings)));
  }

  private static List<String> problems(ScimConnectors connectors, Service service) {
    return connectors.problems(service).stream().map(Problem::message).toList();
  }

  private static List<String> problems(String... settings) {
    return problems(new ScimConnectors(OUTSIDE), service(settings));
  }

  private static Capabilities capabilities(ScimConnectors connectors, Service service) {
    assertThat(connectors.problems(service)).isEmpty();
    try (Connector connector =
        connectors.connect(
            service, connectors.limits(service), new Secrets(_ -> "t"), () -> Talk.NOW)) {
      return connector.capabilities();
    }
  }

  static List<String> ours() {
    return Profiles.load(null).names();
  }

  @ParameterizedTest
  @MethodSource("ours")
  void eachProfileMakesAConnector(String profile) {
    Service service = service("profile: " + profile, "url: \"https://api.example.com/scim/v2\"");

    assertThat(capabilities(new ScimConnectors(OUTSIDE), service).operations()).isNotEmpty();
  }

  @Test
  void thePageHasAllThatEachProfileSays() throws IOException {
    Profiles profiles = Profiles.load(null);
    StringBuilder table = new StringBuilder("\n| profile | address | what else it says |\n");
    table.append("| --- | --- | --- |\n");
    for (String name : profiles.names()) {
      Map<String, Object> said = new LinkedHashMap<>(profiles.named(name).orElseThrow().settings());
      Object url = said.remove(Profiles.URL);
      Object example = said.remove(Profiles.URL_EXAMPLE);
      table.append(
          "| `%s` | %s | %s |\n"
              .formatted(
                  name,
                  url != null
                      ? "`" + url + "`"
                      : example != null ? "such as `" + example + "`" : "yours",
                  said.entrySet().stream()
                      .map(each -> "`" + each.getKey() + ": " + inYaml(each.getValue()) + "`")
                      .collect(Collectors.joining(", "))));
    }

    PageOnConnectors.has("profiles", "scim", table.append("\n").toString());
  }

  private static String inYaml(Object value) {
    return value instanceof Map<?, ?> map
        ? map.entrySet().stream()
            .map(each -> each.getKey() + ": " + each.getValue())
            .collect(Collectors.joining(", ", "{", "}"))
        : value.toString();
  }

  @Test
  void thePageNamesEachSetting() throws IOException {
    assertThat(Files.readString(PAGE))
        .contains(Dialect.SETTINGS.stream().map(each -> "`" + each + "`").toList())
        .contains(Limits.SETTINGS.stream().map(each -> "`" + each + "`").toList());
  }

  @Test
  void nothingIsTakenForGrantedWhereNobodyHasSaidAnything() {
    assertThat(
            capabilities(
                new ScimConnectors(OUTSIDE), service("url: \"https://api.example.com/scim/v2\"")))
        .isEqualTo(
            new Capabilities(OnExisting.BINDS, true, false, false, Set.of(Operation.values())));
  }

  @Test
  void whatTheTenantsFileSaysGoesBeforeTheProfile() {
    ScimConnectors connectors = new ScimConnectors(OUTSIDE);
    Service plain = service("profile: slack");
    Service other =
        service(
            "profile: slack",
            "create: binds",
            "external-id: forgotten",
            "emails: verified",
            "operations: [update]",
            "rate-limit: 7/min");

    assertThat(connectors.limits(plain)).isNotEqualTo(connectors.limits(other));
    assertThat(capabilities(connectors, plain))
        .isEqualTo(
            new Capabilities(OnExisting.CONFLICTS, true, false, false, Set.of(Operation.values())));
    assertThat(capabilities(connectors, other))
        .isEqualTo(
            new Capabilities(OnExisting.BINDS, false, true, false, Set.of(Operation.UPDATE)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '!',
      value = {
        "profile: slak | `slak` is no profile; expected one of `atlassian`",
        "create: maybe | `maybe` is no `create`; expected one of `conflicts`, `binds`",
        "page-size: 0 | `0` is no `page-size`; expected a number from 1 to 1000",
        "re-read-after-create: sometimes | expected `true` or `false`",
        "operations: [update, erase] | expected a list of `update`, `suspend`",
        "filters: [\"user name\"] | expected a list of attributes such as `[userName, externalId]`",
        "quota-header: daily | expected a header's name and what it contains",
        "attributes: {userName: email} | but not of `userName`, `externalId`",
        "attributes: {nickName: shoeSize} | to `email`, `userName`",
        "attributes: {\"emails[type eq work].value\": email} | a mapping of paths such as",
        "privileged: {roles.value: admin} | a mapping of paths to lists of values"
      })
  void aMistakeIsToldWithWhatWouldBeRight(String setting, String message) {
    assertThat(problems("url: \"https://api.example.com/scim/v2\"", setting))
        .singleElement()
        .asString()
        .contains(message);
  }

  @Test
  void aVendorWithAnAddressForEachCustomerShowsWhatItLooksLike() {
    assertThat(problems("profile: figma"))
        .singleElement()
        .asString()
        .contains("https://www.figma.com/scim/v2/TENANT");
    assertThat(problems("profile: slack")).isEmpty();
    assertThat(problems("url: \"http://api.example.com/scim\""))
        .singleElement()
        .asString()
        .contains("`http://api.example.com/scim` would carry secrets in the clear");
  }

  @Test
  void aNewVendorIsAFile(@TempDir Path directory) throws IOException {
    Files.writeString(
        directory.resolve("pebble.yaml"),
        """
        url: https://api.pebble.example/scim/v2
        create: conflicts
        emails: verified
        rate-limit: 2/s
        operations: [update, suspend]
        """);
    Files.writeString(directory.resolve("slack.yaml"), "create: binds\n");
    ScimConnectors connectors = new ScimConnectors(OUTSIDE, directory);

    assertThat(capabilities(connectors, service("profile: pebble")))
        .isEqualTo(
            new Capabilities(
                OnExisting.CONFLICTS,
                true,
                true,
                false,
                Set.of(Operation.UPDATE, Operation.SUSPEND)));
    assertThat(
            capabilities(
                    connectors, service("profile: slack", "url: \"https://api.slack.com/scim/v2\""))
                .onExisting())
        .as("the operator's own goes before ours")
        .isEqualTo(OnExisting.BINDS);
    assertThat(problems(connectors, service("profile: slab")))
        .first()
        .asString()
        .contains("`pebble`");
  }

  @Test
  void aDirectoryThatIsNotThereHasNone(@TempDir Path directory) {
    assertThat(
            problems(
                new ScimConnectors(OUTSIDE, directory.resolve("none")), service("profile: slack")))
        .isEmpty();
  }

  @Test
  void allThatIsWrongWithAProfileIsSaidAtItsPlace(@TempDir Path directory) throws IOException {
    Files.writeString(
        directory.resolve("pebble.yaml"), "create: perhaps\ntoken: abc\nrate-limit: often\n");

    assertThatThrownBy(() -> new ScimConnectors(OUTSIDE, directory))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(
            "pebble.yaml:1:9: ",
            "`perhaps` is no `create`",
            "pebble.yaml:2:",
            "`token` is no setting of a profile",
            "pebble.yaml:3:",
            "`often`");
  }
}
