package dev.usher.provisioning.provision.connector.http;

import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.http.KeptToken.Fetch;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * OAuth 2 client credentials (RFC 6749, section 4.4), and grants that differ from it in their
 * parameters only.
 */
final class OAuth2 implements Authentication {

  private final URI endpoint;
  private final Secret id;
  private final Secret secret;
  private final boolean inBody;
  private final Map<String, String> parameters;
  private final KeptToken token;

  /**
   * @param inBody whether the endpoint reads id and secret from the body, rather than from the
   *     header (section 2.3.1)
   * @param parameters what is asked for besides, such as {@code scope}; may replace {@code
   *     grant_type}
   */
  OAuth2(
      URI endpoint,
      Secret id,
      Secret secret,
      boolean inBody,
      Map<String, String> parameters,
      InstantSource clock) {
    this.endpoint = endpoint;
    this.id = id;
    this.secret = secret;
    this.inBody = inBody;
    this.parameters = parameters;
    this.token = new KeptToken(this::fetch, clock);
  }

  private Fetch fetch(Exchange exchange, Deadline deadline) {
    Optional<String> name = id.get();
    Optional<String> word = secret.get();
    if (name.isEmpty() || word.isEmpty()) {
      return new Fetch.None((name.isEmpty() ? id : secret).isNotSet());
    }
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "client_credentials");
    form.putAll(parameters);
    Request request = Request.of("POST", endpoint);
    if (inBody) {
      form.put("client_id", name.get());
      form.put("client_secret", word.get());
    } else {
      request =
          request.with(
              "Authorization",
              basic(encoded(name.get()), encoded(word.get())).header().orElseThrow());
    }
    return TokenEndpoint.ask(request.with(TokenEndpoint.form(form)), exchange, deadline);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Basic basic(String name, String word) {
    return new Basic(
        new Secret("client-id", () -> Optional.of(name)),
        new Secret("client-secret", () -> Optional.of(word)));
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
    return Stream.concat(token.secrets().stream(), secret.asList().stream()).toList();
  }

  @Override
  public List<URI> addresses() {
    return List.of(endpoint);
  }
}
