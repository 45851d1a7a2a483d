package dev.usher.provisioning.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.policy.Problem;
import dev.usher.policy.Service;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.scim.ScimConnectors;
import dev.usher.provisioning.testing.Acme;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectorTypesTest {

  private final ConnectorTypes types = types(false);

  private static ConnectorTypes types(boolean privateAllowed) {
    return new ConnectorTypes(List.of(new ScimConnectors(new Outbound(privateAllowed))));
  }

  private List<String> problems(String connector) {
    return types.problems(Acme.slack(connector)).stream().map(Problem::toString).toList();
  }

  @Test
  void aGoodConnectorHasNoProblems() {
    Service slack = Acme.slack(Acme.scim("https://api.slack.com/scim/v2/", "timeout: 2s"));

    assertThat(types.problems(slack)).isEmpty();
    assertThat(types.of(slack).type()).isEqualTo("scim");
  }

  @Test
  void anUnknownTypeIsNamedWithThoseThereAre() {
    assertThat(problems("{type: scmi, url: \"https://a.example\"}"))
        .containsExactly("acme.yaml:9:23: `scmi` is no type of connector; expected one of `scim`");
    assertThat(problems("{url: \"https://a.example\"}"))
        .singleElement()
        .asString()
        .startsWith("acme.yaml:9:16: ");
  }

  @Test
  void everyProblemIsReportedAtOnceAtItsPlace() {
    assertThat(
            problems(
                "{type: scim, url: \"ftp://a.example\", token: plain, concurrency: 0, tokn: x}"))
        .satisfiesExactlyInAnyOrder(
            url -> assertThat(url).startsWith("acme.yaml:9:34: `ftp://a.example` is no base URL"),
            token -> assertThat(token).startsWith("acme.yaml:9:60: `token` must be a reference"),
            limit -> assertThat(limit).startsWith("acme.yaml:9:80: `0` is no `concurrency`"),
            unknown ->
                assertThat(unknown)
                    .startsWith("acme.yaml:9:89: `tokn` is no setting of a `scim` connector")
                    .contains("`token`"));
  }

  @Test
  void aTokenThatStandsThereInTheClearIsNotRepeated() {
    assertThat(problems("{type: scim, url: \"https://a.example\", token: xoxp-secret}"))
        .singleElement()
        .asString()
        .contains("${SCIM_TOKEN}")
        .doesNotContain("xoxp-secret");
    assertThat(
            problems("{type: scim, url: \"https://u:xoxp-secret@a.example\", token: \"${TOKEN}\"}"))
        .singleElement()
        .asString()
        .doesNotContain("xoxp-secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.example/scim",
        "https://",
        "https:///scim",
        "https://a.example:99999",
        "https://a.example?x=1",
        "https://a.example#x",
        "https://a b.example",
        "file:///etc/passwd"
      })
  void whatIsNoBaseUrlIsRefused(String url) {
    assertThat(problems(Acme.scim(url))).singleElement().asString().contains("`" + url + "`");
  }

  @Test
  void aTokenTravelsInTheClearOnlyWhereTheOperatorAllowsServicesInside() {
    assertThat(problems(Acme.scim("http://a.example/scim")))
        .singleElement()
        .asString()
        .contains("`http://a.example/scim`", "`https`");
    assertThat(types(true).problems(Acme.slack(Acme.scim("http://a.example/scim")))).isEmpty();
  }
}
