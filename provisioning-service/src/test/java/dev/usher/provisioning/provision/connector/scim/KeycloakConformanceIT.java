package dev.usher.provisioning.provision.connector.scim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.ConnectorContract;
import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.DesiredAccount;
import dev.usher.provisioning.provision.connector.Lookup;
import dev.usher.provisioning.provision.connector.Rejected;
import dev.usher.provisioning.provision.connector.Subject;
import dev.usher.provisioning.provision.connector.Unknown;
import dev.usher.provisioning.provision.connector.scim.ScimSubject.Server;
import dev.usher.sandbox.Front;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * SCIM against Keycloak's own API, where the environment names an unpacked Keycloak; {@code
 * provisioning-service/conformance-keycloak} fetches one and runs this.
 */
@EnabledIfEnvironmentVariable(
    named = KeycloakConformanceIT.HOME,
    matches = ".+",
    disabledReason = "names no Keycloak; see provisioning-service/conformance-keycloak")
class KeycloakConformanceIT extends ConnectorContract {

  static final String HOME = "USHER_TEST_KEYCLOAK_HOME";

  private static final Duration SLOW = Duration.ofSeconds(3);
  private static final String BELIEVED =
      "the profile does not say `re-read-after-create`, so a 201 is believed";

  private @Nullable Keycloak running;

  private Keycloak keycloak() {
    Keycloak keycloak = running == null ? Keycloak.start(Path.of(System.getenv(HOME))) : running;
    running = keycloak;
    return keycloak;
  }

  @AfterAll
  void stop() {
    keycloak().close();
  }

  @Override
  protected String table() {
    return "keycloak";
  }

  @Override
  protected List<Subject> subjects() {
    Keycloak keycloak = keycloak();
    Front front = Front.before(keycloak.url());
    return List.of(
        profile(keycloak)
            .failing(front)
            .taking(SLOW)
            .without(Case.NOT_CREATED, BELIEVED)
            .closing(front),
        new ScimSubject(
                server(keycloak), "generic", "external-id: forgotten", "re-read-after-create: true")
            .failing(front)
            .taking(SLOW)
            .grouped(Keycloak.GROUP));
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20), System::nanoTime);
  }

  private static ScimSubject profile(Keycloak keycloak) {
    return new ScimSubject(server(keycloak), "keycloak")
        .as("oauth2-client-credentials", keycloak.auth(), Keycloak.SECRET)
        .grouped(Keycloak.GROUP);
  }

  private static Server server(Keycloak keycloak) {
    String token = keycloak.token();
    return new Server("Keycloak's own SCIM API", keycloak.url(), () -> token, false);
  }

  @Test
  void anAddressThatIsTakenUnderAnotherNameIsAnsweredWithAnErrorAndFound() {
    ScimSubject subject = profile(keycloak());
    DesiredAccount account = subject.account("taken");
    HttpResponse<String> there =
        subject.send(
            "POST",
            "/Users",
            """
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"another-name",
             "name":{"givenName":"Jane","familyName":"Doe"},"emails":[{"value":"%s"}]}
            """
                .formatted(account.profile().email()));
    assertThat(there.statusCode()).isEqualTo(201);

    try (Connector connector = subject.connect()) {
      assertThat(connector.create(account, soon()))
          .isEqualTo(new Unknown("The service answered 500", null, true));
      assertThat(connector.find(account, soon()))
          .isInstanceOfSatisfying(
              Lookup.Found.class, found -> assertThat(found.userName()).isEqualTo("another-name"));
    }
  }

  @Test
  void aPersonWithoutAFamilyNameIsRejectedInItsWords() {
    ScimSubject subject = profile(keycloak());
    DesiredAccount account = subject.account("mononym");
    Profile profile =
        new Profile(account.profile().email(), "mononym", "Jane", "Jane", null, null, null);

    try (Connector connector = subject.connect()) {
      assertThat(
              connector.create(
                  new DesiredAccount(
                      account.externalId(), account.userName(), profile, Map.of(), List.of()),
                  soon()))
          .isEqualTo(
              new Rejected("The service answered 400 (invalidSyntax)", "Please specify lastName."));
    }
  }
}
