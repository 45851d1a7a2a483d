package dev.usher.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrontTest {

  private final Saas behind = Saas.start();
  private final Front front = Front.before(behind.url());
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.shutdownNow();
    front.close();
    behind.close();
  }

  private HttpResponse<String> send(String method, String path, String token, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(front.url() + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/scim+json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> create(String userName) throws IOException, InterruptedException {
    return send("POST", "/Users", behind.token(), ScimClient.user(userName, "1"));
  }

  @Test
  void requestsAndAnswersPassAsTheyAre() throws Exception {
    HttpResponse<String> created = create("ada@acme.example");

    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.headers().firstValue("ETag")).contains("W/\"1\"");
    assertThat(send("GET", "/Users?filter=userName%20eq%20%22x%22", behind.token(), "").body())
        .contains("\"totalResults\":0");
    assertThat(send("GET", "/Users", "not-the-token", "").statusCode()).isEqualTo(401);
    assertThat(behind.accounts()).hasSize(1);
  }

  @Test
  void faultsBefallRequestsBeforeOrAfterTheirEffect() throws Exception {
    front.faults().next(Fault.tooManyRequests(Duration.ofSeconds(2)));
    assertThat(create("ada@acme.example").statusCode()).isEqualTo(429);
    assertThat(behind.accounts()).isEmpty();

    front.faults().next(Fault.serverErrorAfterEffect(502));
    assertThat(create("ada@acme.example").statusCode()).isEqualTo(502);
    assertThat(behind.accounts()).hasSize(1);
  }

  @Test
  void whatIsCreatedWithoutCreatingIsNotThere() throws Exception {
    front.faults().next(Fault.createdWithoutCreating());

    assertThat(create("ada@acme.example").statusCode()).isEqualTo(201);

    assertThat(behind.accounts()).isEmpty();
  }
}
