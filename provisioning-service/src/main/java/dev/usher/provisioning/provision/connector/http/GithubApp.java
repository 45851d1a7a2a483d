package dev.usher.provisioning.provision.connector.http;

import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.http.KeptToken.Fetch;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A GitHub App: a JWT, signed with the app's key, is exchanged for an installation's token. */
final class GithubApp implements Authentication {

  /** GitHub takes ten minutes at most, and clocks differ. */
  private static final Duration LIFETIME = Duration.ofMinutes(9);

  private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(60);

  private final URI tokens;
  private final String app;
  private final Secret key;
  private final InstantSource clock;
  private final KeptToken token;

  /**
   * @param base the API's address
   * @param app the app's id, or its client id
   */
  GithubApp(URI base, String app, String installation, Secret key, InstantSource clock) {
    this.tokens = URI.create(base + "/app/installations/" + installation + "/access_tokens");
    this.app = app;
    this.key = key;
    this.clock = clock;
    this.token = new KeptToken(this::fetch, clock);
  }

  private Fetch fetch(Exchange exchange, Deadline deadline) {
    Optional<String> text = key.get();
    if (text.isEmpty()) {
      return new Fetch.None(key.isNotSet());
    }
    Instant now = clock.instant();
    ObjectNode claims =
        JsonNodeFactory.instance
            .objectNode()
            .put("iat", now.minus(CLOCKS_DIFFER).getEpochSecond())
            .put("exp", now.plus(LIFETIME).getEpochSecond())
            .put("iss", app);
    String jwt;
    try {
      jwt = Jwt.signed(claims, Pem.privateKey(text.get()));
    } catch (GeneralSecurityException _) {
      return new Fetch.None(key.cannotBeUsed(Pem.EXPECTED_KEY));
    }
    Request request =
        Request.of("POST", tokens)
            .with("Authorization", "Bearer " + jwt)
            .with("Accept", "application/vnd.github+json");
    return switch (exchange.send(request, deadline)) {
      case Answer.Received answer when answer.status() == 201 -> fetched(answer, now);
      case Answer answer -> TokenEndpoint.none(answer, tokens);
    };
  }

  private Fetch fetched(Answer.Received answer, Instant now) {
    JsonNode json = answer.json();
    String given = json == null ? "" : json.path("token").stringValue("");
    try {
      Instant end = Instant.parse(json == null ? "" : json.path("expires_at").stringValue(""));
      Duration lifetime = Duration.between(now, end);
      return lifetime.isPositive() && !given.isEmpty() && Request.isValue("Bearer " + given)
          ? new Fetch.Fresh(given, lifetime)
          : TokenEndpoint.none(answer, tokens);
    } catch (DateTimeException _) {
      return TokenEndpoint.none(answer, tokens);
    }
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
}
