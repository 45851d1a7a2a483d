package dev.usher.provisioning.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.policy.Problem;
import dev.usher.policy.Tenant;
import dev.usher.provisioning.testing.Acme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantsTest {

  private static final ServiceKey SLACK = new ServiceKey("acme", "slack");
  private static final String GOOD = Acme.tenant("{type: scim}");
  private static final String BETTER = Acme.tenant("{type: scim, url: \"https://a.example\"}");

  @TempDir Path directory;

  private void write(String file, String text) {
    try {
      Files.writeString(directory.resolve(file), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Tenants tenants(ServiceCheck... checks) {
    return new Tenants(directory, List.of(checks));
  }

  private static ServiceCheck noUrl() {
    return service ->
        service.connector().settings().containsKey("url")
            ? List.of(service.connector().problem("url", "no `url` here"))
            : List.of();
  }

  @Test
  void goodFilesAreInForce() {
    write("acme.yaml", GOOD);

    Tenants tenants = tenants(noUrl());

    assertThat(tenants.policies().tenants()).extracting(Tenant::id).containsExactly("acme");
    assertThat(tenants.service(SLACK)).isPresent();
    assertThat(tenants.service(new ServiceKey("acme", "github"))).isEmpty();
    assertThat(tenants.service(new ServiceKey("globex", "slack"))).isEmpty();
    assertThat(tenants.refused()).isEmpty();
    assertThat(tenants)
        .hasToString(
            "Tenants in force: acme (revision %s)".formatted(tenants.policies().revision()));
  }

  @Test
  void badFilesAtTheStartAreRefusedWithAllThatIsWrong() {
    write("acme.yaml", GOOD.replace("domain: acme.example", "domian: acme.example"));
    write("globex.yaml", "tenant: Globex\n");

    assertThatThrownBy(() -> tenants())
        .isInstanceOf(TenantFilesRefusedException.class)
        .hasMessageContainingAll(
            "`usher.tenants.directory`",
            directory.toString(),
            "acme.yaml:12:9: ",
            "`domian`",
            "globex.yaml:1:9: ",
            "`Globex`");
  }

  @Test
  void aServiceThatFailsACheckIsRefusedAtItsPlace() {
    write("acme.yaml", BETTER);

    assertThatThrownBy(() -> tenants(noUrl()))
        .isInstanceOf(TenantFilesRefusedException.class)
        .hasMessageContaining("acme.yaml:9:34: no `url` here");
  }

  @Test
  void aDirectoryWithoutFilesIsRefused() {
    assertThatThrownBy(() -> tenants()).isInstanceOf(TenantFilesRefusedException.class);
    assertThatThrownBy(() -> new Tenants(directory.resolve("none"), List.of()))
        .isInstanceOf(TenantFilesRefusedException.class);
  }

  @Test
  void aGoodChangeIsTakenOver() {
    write("acme.yaml", GOOD);
    Tenants tenants = tenants();
    String before = tenants.policies().revision();

    write("acme.yaml", BETTER);
    tenants.reload();

    assertThat(tenants.policies().revision()).isNotEqualTo(before);
    assertThat(tenants.service(SLACK).orElseThrow().connector().settings()).containsKey("url");
  }

  @Test
  void filesThatDidNotChangeChangeNothing() {
    write("acme.yaml", GOOD);
    Tenants tenants = tenants();
    Object before = tenants.policies();

    tenants.reload();

    assertThat(tenants.policies()).isSameAs(before);
  }

  @Test
  void aBadChangeKeepsTheLastGoodSetAndSaysWhatIsWrongUntilItIsMended() throws IOException {
    write("acme.yaml", GOOD);
    Tenants tenants = tenants(noUrl());
    Object before = tenants.policies();

    write("acme.yaml", BETTER);
    tenants.reload();
    assertThat(tenants.policies()).isSameAs(before);
    assertThat(tenants.refused()).extracting(Problem::message).containsExactly("no `url` here");

    Files.delete(directory.resolve("acme.yaml"));
    tenants.reload();
    assertThat(tenants.policies()).isSameAs(before);
    assertThat(tenants.refused()).hasSize(1);

    write("acme.yaml", GOOD);
    tenants.reload();
    assertThat(tenants.refused()).isEmpty();
    assertThat(tenants.service(SLACK)).isPresent();
  }

  @Test
  void oneBadFileKeepsTheOthersChangesOutToo() {
    write("acme.yaml", GOOD);
    Tenants tenants = tenants();

    write("acme.yaml", BETTER);
    write("globex.yaml", "tenant: Globex\n");
    tenants.reload();

    assertThat(tenants.service(SLACK).orElseThrow().connector().settings())
        .doesNotContainKey("url");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{type: scim, token: \"${EU_TOKEN}\"}",
        "{type: scim, auth: {type: basic, user: usher, password: \"${EU_TOKEN}\"}}",
        "{type: scim, auth: {keys: [a, {b: \"${EU_TOKEN}\"}]}}"
      })
  void noTenantReachesAnothersSecretsThroughTheEnvironment(String connector) {
    write("acme.yaml", Acme.tenant(connector));
    Tenants tenants = tenants();
    assertThat(tenants.service(SLACK)).isPresent();

    write(
        "acme-eu.yaml",
        Acme.tenant("{type: scim, token: \"${TOKEN}\"}")
            .replace("tenant: acme", "tenant: acme-eu")
            .replace("acme.example", "acme-eu.example"));
    tenants.reload();

    assertThat(tenants.refused())
        .singleElement()
        .asString()
        .startsWith("acme.yaml:9:")
        .contains("`${EU_TOKEN}`", "`acme-eu`");
  }
}
