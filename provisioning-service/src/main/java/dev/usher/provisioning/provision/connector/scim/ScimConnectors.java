package dev.usher.provisioning.provision.connector.scim;

import dev.usher.policy.Problem;
import dev.usher.policy.Service;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Connectors;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.tenant.Secrets;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes connectors of type {@code scim}: {@code url} and {@code token}. */
public final class ScimConnectors implements Connectors {

  private static final String URL = "url";
  private static final String TOKEN = "token";

  private final Outbound outbound;

  public ScimConnectors(Outbound outbound) {
    this.outbound = outbound;
  }

  @Override
  public String type() {
    return "scim";
  }

  @Override
  public List<String> settings() {
    return List.of(URL, TOKEN);
  }

  @Override
  public List<Problem> problems(Service service) {
    dev.usher.policy.Connector connector = service.connector();
    List<Problem> problems = new ArrayList<>();
    Object url = connector.settings().get(URL);
    URI base = url instanceof String text ? base(text) : null;
    if (base == null) {
      // Not quoted if it may hold a password.
      Object quoted = String.valueOf(url).contains("@") ? URL : url;
      problems.add(
          connector.problem(
              URL,
              "`%s` is no base URL of a SCIM service; expected such as `https://api.example.com/scim/v2`, without user and query"
                  .formatted(quoted)));
    } else if (base.getScheme().equals("http") && !outbound.privateAllowed()) {
      problems.add(
          connector.problem(
              URL,
              "`%s` would carry the token in the clear; expected `https`, or `usher.outbound.private-allowed` for services inside"
                  .formatted(url)));
    }
    Object token = connector.settings().get(TOKEN);
    if (!(token instanceof String reference) || !Secrets.isReference(reference)) {
      // The value is not quoted: it may be the secret itself.
      problems.add(
          connector.problem(
              TOKEN, "`token` must be a reference to a secret; expected such as `${SCIM_TOKEN}`"));
    }
    return problems;
  }

  @Override
  public Connector connect(Service service, Limits limits, Secrets secrets, InstantSource clock) {
    String url = (String) service.connector().settings().get(URL);
    String token = (String) service.connector().settings().get(TOKEN);
    URI base = url == null ? null : base(url);
    if (base == null || token == null) {
      throw new IllegalArgumentException("`" + service + "` has problems");
    }
    return new ScimConnector(
        base, () -> secrets.resolve(service.tenant(), token), limits, outbound, clock);
  }

  private static @Nullable URI base(String text) {
    try {
      URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      boolean good =
          ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
              && uri.getHost() != null
              && uri.getPort() <= 65_535
              && uri.getUserInfo() == null
              && uri.getQuery() == null
              && uri.getFragment() == null;
      return good ? uri : null;
    } catch (URISyntaxException _) {
      return null;
    }
  }
}
