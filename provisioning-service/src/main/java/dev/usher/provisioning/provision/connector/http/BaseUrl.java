package dev.usher.provisioning.provision.connector.http;

import dev.usher.policy.Connector;
import dev.usher.policy.Problem;
import dev.usher.provisioning.provision.connector.Outbound;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A setting that says where requests go. */
public final class BaseUrl {

  private BaseUrl() {}

  /** The address, without a slash at its end; empty if the text is none. */
  public static Optional<URI> of(@Nullable Object text) {
    try {
      URI uri = new URI(String.valueOf(text).replaceFirst("/$", ""));
      boolean good =
          ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
              && uri.getHost() != null
              && uri.getPort() <= 65_535
              && uri.getUserInfo() == null
              && uri.getQuery() == null
              && uri.getFragment() == null;
      return good ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  /**
   * All that is wrong with a setting.
   *
   * @param path of the setting
   * @param what it is, such as {@code base URL of a SCIM service}
   * @param example a right one
   */
  public static List<Problem> problems(
      Connector connector,
      String path,
      @Nullable Object value,
      Outbound outbound,
      String what,
      String example) {
    Optional<URI> url = of(value);
    if (url.isEmpty()) {
      // Not quoted if it may hold a password.
      Object quoted = String.valueOf(value).contains("@") ? path : value;
      return List.of(
          connector.problem(
              path,
              "`%s` is no %s; expected such as `%s`, without user and query"
                  .formatted(quoted, what, example)));
    }
    return url.get().getScheme().equals("http") && !outbound.privateAllowed()
        ? List.of(
            connector.problem(
                path,
                "`%s` would carry secrets in the clear; expected `https`, or `usher.outbound.private-allowed` for services inside"
                    .formatted(value)))
        : List.of();
  }
}
