package dev.usher.provisioning.provision.connector.scim;

import dev.usher.provisioning.provision.connector.ConnectorContract;
import dev.usher.provisioning.provision.connector.Subject;
import dev.usher.provisioning.provision.connector.scim.ScimSubject.Server;
import dev.usher.sandbox.Front;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
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

  private static final String BELIEVED =
      "the profile does not say `re-read-after-create`, so a 201 is believed";

  @Override
  protected String table() {
    return "keycloak";
  }

  @Override
  protected List<Subject> subjects() {
    Keycloak keycloak = Keycloak.start(Path.of(System.getenv(HOME)));
    Front front = Front.before(keycloak.url());
    Server server =
        new Server("Keycloak's own SCIM API", keycloak.url(), once(keycloak), false);
    return List.of(
        new ScimSubject(server, "generic", "external-id: forgotten", "re-read-after-create: true")
            .failing(front)
            .grouped(Keycloak.GROUP)
            .closing(keycloak)
            .closing(front),
        new ScimSubject(server, "generic", "external-id: forgotten", "create: conflicts")
            .failing(front)
            .as("oauth2-client-credentials", keycloak.auth(), Keycloak.SECRET)
            .grouped(Keycloak.GROUP)
            .without(Case.NOT_CREATED, BELIEVED));
  }

  private static Supplier<String> once(Keycloak keycloak) {
    String token = keycloak.token();
    return () -> token;
  }
}
