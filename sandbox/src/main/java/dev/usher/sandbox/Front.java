package dev.usher.sandbox;

import de.captaingoldfish.scim.sdk.common.utils.JsonHelper;
import dev.usher.sandbox.SaasFront.Answer;
import dev.usher.sandbox.SaasFront.Asked;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stands before a SCIM server that is not the sandbox's, and lets {@link #faults faults} befall the
 * requests to it. Answers pass as they are, but for the headers of their way. Safe for use by
 * several threads.
 */
public final class Front implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * What is told from one to the next alone (section 7.6.1 of RFC 9110), and what the client sets.
   */
  private static final List<String> OF_THE_WAY =
      List.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "keep-alive",
          "transfer-encoding",
          "upgrade");

  private final URI behind;
  private final Faults faults = new Faults();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final SaasServer server;

  private Front(URI behind) {
    this.behind = behind;
    this.server = new SaasServer(new SaasFront(this::answer, faults, InstantSource.system()));
  }

  /**
   * Starts one, without faults.
   *
   * @param url of the SCIM API behind it, without a slash at the end
   */
  public static Front before(String url) {
    Front front = new Front(URI.create(url));
    front.server.restart();
    return front;
  }

  /** The base URL of the SCIM API, as seen from before the front, without a slash at the end. */
  public String url() {
    return server.url() + behind.getRawPath();
  }

  /** What goes wrong here, and when. */
  public Faults faults() {
    return faults;
  }

  private Answer answer(Asked asked, boolean remembered) throws IOException {
    URI uri = asked.uri();
    URI there =
        behind.resolve(
            uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
    HttpResponse<String> answer = send(asked.method(), there, asked.headers(), asked.body());
    if (!remembered && answer.statusCode() == 201) {
      forget(there, asked, answer);
    }
    Map<String, String> headers = new LinkedHashMap<>();
    answer.headers().map().forEach((name, values) -> headers.put(name, values.getLast()));
    headers.keySet().removeIf(Front::isOfTheWay);
    return new Answer(answer.statusCode(), headers, answer.body());
  }

  private void forget(URI created, Asked asked, HttpResponse<String> answer) throws IOException {
    String id = JsonHelper.readJsonDocument(answer.body()).path("id").asText();
    Map<String, String> headers = new LinkedHashMap<>(asked.headers());
    headers.keySet().removeIf("Content-Type"::equalsIgnoreCase);
    int status = send("DELETE", URI.create(created + "/" + id), headers, "").statusCode();
    if (status != 204) {
      throw new IOException("a delete was answered " + status);
    }
  }

  private HttpResponse<String> send(
      String method, URI there, Map<String, String> headers, String body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(there)
            .timeout(PATIENCE)
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(
        (name, value) -> {
          if (!isOfTheWay(name)) {
            request.header(name, value);
          }
        });
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the server behind the front answers");
    }
  }

  private static boolean isOfTheWay(String header) {
    return header.startsWith(":") || OF_THE_WAY.stream().anyMatch(header::equalsIgnoreCase);
  }

  /** Stops; what is behind it goes on. */
  @Override
  public void close() {
    server.stop();
    client.shutdownNow();
  }
}
