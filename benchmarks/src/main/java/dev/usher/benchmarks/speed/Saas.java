package dev.usher.benchmarks.speed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The SaaS, seen from outside. */
final class Saas implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration READY = Duration.ofSeconds(30);

  /** It answers at once unless it is beyond help, which is better told than waited for. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Child process;
  private final String url;
  private final HttpClient http = HttpClient.newHttpClient();

  Saas(Child process, int port) {
    this.process = process;
    this.url = "http://127.0.0.1:" + port;
  }

  /**
   * What it counted of one tenant.
   *
   * @param accounts that are there
   * @param requests for users, of any kind
   * @param conflicts creates that were refused since the userName was taken
   */
  record Counts(long accounts, long requests, long conflicts) {}

  String url() {
    return url;
  }

  Duration cpu() {
    return process.cpu();
  }

  void awaitReady() {
    Waiting.until("the SaaS answers", READY, Duration.ofMillis(20), this::answers);
  }

  private boolean answers() {
    try {
      return http.send(
                  HttpRequest.newBuilder(URI.create(url + "/control/counts/nobody")).build(),
                  BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Makes the tenant forget its accounts, and answer after that long from now on. */
  void reset(String tenant, Duration latency) {
    send("POST", "/control/reset/%s?latency=%d&down=false".formatted(tenant, latency.toMillis()));
  }

  /** Makes the tenant answer everything with 503. */
  void takeDown(String tenant) {
    send("POST", "/control/reset/%s?latency=0&down=true".formatted(tenant));
  }

  Counts counts(String tenant) {
    JsonNode counts = JSON.readTree(send("GET", "/control/counts/" + tenant));
    return new Counts(
        counts.path("accounts").asLong(),
        counts.path("requests").asLong(),
        counts.path("conflicts").asLong());
  }

  /** How many microseconds each create took here, by userName. */
  Map<String, Long> times(String tenant) {
    Map<String, Long> times = new HashMap<>();
    send("GET", "/control/times/" + tenant)
        .lines()
        .map(line -> line.split(" ", -1))
        .forEach(line -> times.put(line[0], Long.parseLong(line[1])));
    return times;
  }

  private String send(String method, String path) {
    try {
      return http.send(
              HttpRequest.newBuilder(URI.create(url + path))
                  .timeout(LONGEST)
                  .method(method, HttpRequest.BodyPublishers.noBody())
                  .build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(process.ended(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.close();
    process.close();
  }
}
