package dev.usher.provisioning.provision.connector.scim;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keycloak with its own SCIM API in a process of its own, with its database in memory, one realm,
 * one group, and one client that may manage users.
 */
final class Keycloak implements AutoCloseable {

  static final String SECRET = "keycloak-client-secret";
  static final String GROUP = "engineering";

  private static final String CLIENT = "usher";
  private static final String ADMIN = "admin";
  private static final int LINES_QUOTED = 20;

  private final Process process;
  private final String base;

  private Keycloak(Process process, String base) {
    this.process = process;
    this.base = base;
  }

  /**
   * Returns when the realm is there.
   *
   * @param home of an unpacked distribution
   */
  static Keycloak start(Path home) {
    try {
      int port = free();
      ProcessBuilder builder =
          new ProcessBuilder(
                  home.resolve("bin").resolve("kc.sh").toString(),
                  "start-dev",
                  "--db=dev-mem",
                  "--http-host=127.0.0.1",
                  "--http-port=" + port,
                  "--features=scim-api")
              .redirectErrorStream(true);
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      builder.environment().put("JAVA_OPTS_KC_HEAP", "-Xms64m -Xmx320m");
      builder.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN);
      builder.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN);
      Keycloak keycloak = new Keycloak(builder.start(), "http://127.0.0.1:" + port);
      keycloak.waitUntilItListens();
      keycloak.makeRealm();
      return keycloak;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void waitUntilItListens() throws IOException {
    Deque<String> last = new ArrayDeque<>();
    BufferedReader output = process.inputReader();
    for (@Nullable String line = ""; line != null; line = output.readLine()) {
      if (line.contains("Listening on")) {
        // Whoever writes and is not read stands still.
        Thread.ofVirtual().start(() -> output.lines().forEach(_ -> {}));
        return;
      }
      last.add(line);
      if (last.size() > LINES_QUOTED) {
        last.remove();
      }
    }
    throw new AssertionError("it ended before it listened:\n" + String.join("\n", last));
  }

  private void makeRealm() {
    String realm =
        """
      {"realm": "acme", "enabled": true, "scimApiEnabled": true, "accessTokenLifespan": 3600,
       "groups": [{"name": "engineering"}],
       "clients": [{
         "clientId": "%1$s", "secret": "%2$s", "publicClient": false,
         "serviceAccountsEnabled": true, "standardFlowEnabled": false,
         "protocolMappers": [{
           "name": "scim", "protocol": "openid-connect",
           "protocolMapper": "oidc-audience-mapper",
           "config": {"included.custom.audience": "%3$s", "access.token.claim": "true"}}]}],
       "users": [{
         "username": "service-account-%1$s", "enabled": true, "serviceAccountClientId": "%1$s",
         "clientRoles": {"realm-management":
           ["manage-users", "view-users", "query-users", "query-groups"]}}]}
      """
            .formatted(CLIENT, SECRET, url());
    String admin =
        token(
            "master",
            "grant_type=password&client_id=admin-cli&username=%1$s&password=%1$s".formatted(ADMIN));
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(URI.create(base + "/admin/realms"))
                .header("Authorization", "Bearer " + admin)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(realm)));
    if (answer.statusCode() != 201) {
      throw new AssertionError(answer.statusCode() + ": " + answer.body());
    }
  }

  /** Of its SCIM API. */
  String url() {
    return base + "/realms/acme/scim/v2";
  }

  /** How a tenant's file says who asks, with the secret {@value #SECRET}. */
  String auth() {
    return "auth: {type: oauth2-client-credentials, token-url: \"%s\", client-id: %s, client-secret: \"${SLACK_TOKEN}\"}"
        .formatted(tokenUrl("acme"), CLIENT);
  }

  private String tokenUrl(String realm) {
    return base + "/realms/" + realm + "/protocol/openid-connect/token";
  }

  /** A token of the client, good for an hour. */
  String token() {
    return token(
        "acme",
        "grant_type=client_credentials&client_id=%s&client_secret=%s".formatted(CLIENT, SECRET));
  }

  private String token(String realm, String form) {
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(URI.create(tokenUrl(realm)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    String token = JsonMapper.shared().readTree(answer.body()).path("access_token").asString(null);
    if (token == null) {
      throw new AssertionError(answer.statusCode() + ": " + answer.body());
    }
    return token;
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
