package dev.usher.provisioning.provision.connector.http;

import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.http.KeptToken.Fetch;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Google service account that acts for an administrator: a JWT, signed with the account's key, is
 * exchanged for a token (RFC 7523, section 2.1). The endpoint is the tenant file's, never the one
 * that the key names.
 */
final class GoogleServiceAccount implements Authentication {

  /** Google's own. */
  static final URI ENDPOINT = URI.create("https://oauth2.googleapis.com/token");

  /** The longest that Google takes. */
  private static final Duration LIFETIME = Duration.ofHours(1);

  private static final String EXPECTED =
      "the JSON of a service account's key, with `client_email` and `private_key`";

  private final URI endpoint;
  private final Secret key;
  private final String subject;
  private final String scope;
  private final InstantSource clock;
  private final KeptToken token;

  /**
   * @param subject the administrator's address
   * @param scope what is asked for, separated by spaces
   */
  GoogleServiceAccount(
      URI endpoint, Secret key, String subject, String scope, InstantSource clock) {
    this.endpoint = endpoint;
    this.key = key;
    this.subject = subject;
    this.scope = scope;
    this.clock = clock;
    this.token = new KeptToken(this::fetch, clock);
  }

  private Fetch fetch(Exchange exchange, Deadline deadline) {
    Optional<String> text = key.get();
    if (text.isEmpty()) {
      return new Fetch.None(key.isNotSet());
    }
    JsonNode json = Json.read(text.get());
    if (json == null) {
      return new Fetch.None(key.cannotBeUsed(EXPECTED));
    }
    long now = clock.instant().getEpochSecond();
    ObjectNode claims =
        JsonNodeFactory.instance
            .objectNode()
            .put("iss", json.path("client_email").stringValue(""))
            .put("sub", subject)
            .put("scope", scope)
            .put("aud", endpoint.toString())
            .put("iat", now)
            .put("exp", now + LIFETIME.toSeconds());
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
    try {
      form.put(
          "assertion",
          Jwt.signed(claims, Pem.privateKey(json.path("private_key").stringValue(""))));
    } catch (GeneralSecurityException _) {
      return new Fetch.None(key.cannotBeUsed(EXPECTED));
    }
    return TokenEndpoint.ask(
        Request.of("POST", endpoint).with(TokenEndpoint.form(form)), exchange, deadline);
  }

  @Override
  public Step add(Request request, Exchange exchange, Deadline deadline) {
    return token.addTo(request, exchange, deadline);
  }

  @Override
  public boolean renew(Request refused) {
    return token.replace(refused);
  }

  @Override
  public List<String> secrets() {
    return token.secrets();
  }

  @Override
  public List<URI> addresses() {
    return List.of(endpoint);
  }
}
