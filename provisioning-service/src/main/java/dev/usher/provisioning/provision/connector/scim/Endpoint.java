package dev.usher.provisioning.provision.connector.scim;

import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.http.Answer;
import dev.usher.provisioning.provision.connector.http.Http;
import dev.usher.provisioning.provision.connector.http.Json;
import dev.usher.provisioning.provision.connector.http.Request;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where a service speaks SCIM, and in which media type (section 3.1 of RFC 7644).
 *
 * @param base without a slash at its end
 */
record Endpoint(Http http, URI base, String mediaType) {

  /**
   * @param path after the base, from its slash on, encoded
   * @param body null for none
   * @param version for {@code If-Match}; null for none
   */
  Answer send(
      String method,
      String path,
      @Nullable JsonNode body,
      @Nullable String version,
      Deadline deadline) {
    Request request =
        Request.of(method, URI.create(base + path))
            .with(
                "Accept",
                mediaType.equals("application/json")
                    ? mediaType
                    : mediaType + ", application/json");
    if (body != null) {
      request = request.with(new Request.Body(mediaType, Json.write(body)));
    }
    if (version != null && Request.isValue(version)) {
      request = request.with("If-Match", version);
    }
    return http.send(request, deadline);
  }

  Answer get(String path, Deadline deadline) {
    return send("GET", path, null, null, deadline);
  }

  /** For a path or a query, whatever it holds. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
