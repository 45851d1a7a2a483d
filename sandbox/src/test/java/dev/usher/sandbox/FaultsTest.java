package dev.usher.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each fault as a client sees it. */
class FaultsTest {

  private static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");
  private static final Duration NOTICEABLE = Duration.ofMillis(80);

  private final Saas saas = Saas.start("t0ken", () -> NOW);
  private final ScimClient client = new ScimClient(saas);

  @AfterEach
  void close() {
    client.close();
    saas.close();
  }

  @Test
  void aDelayedAnswerIsLateAndRight() throws Exception {
    saas.faults().always(Fault.delay(NOTICEABLE));

    long start = System.nanoTime();
    assertThat(create(1).statusCode()).isEqualTo(201);

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(NOTICEABLE.toNanos());
    assertThat(saas.accounts()).hasSize(1);
  }

  @Test
  void tooManyRequestsSaysWhenToComeBackInSeconds() throws Exception {
    saas.faults().next(Fault.tooManyRequests(Duration.ofMillis(1500)));

    HttpResponse<String> answer = create(1);

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).contains("2");
    assertThat(saas.accounts()).isEmpty();
  }

  @Test
  void tooManyRequestsSaysWhenToComeBackAsADate() throws Exception {
    saas.faults()
        .next(Fault.tooManyRequests(Duration.ofMinutes(2), Fault.RetryAfterForm.HTTP_DATE));

    HttpResponse<String> answer = create(1);

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After"))
        .contains("Mon, 02 Mar 2026 08:02:00 GMT");
  }

  @Test
  void serverErrorsHaveTheirStatusAndNoEffectOrOne() throws Exception {
    saas.faults()
        .next(
            Fault.serverError(500),
            Fault.serverError(502),
            Fault.serverError(503),
            Fault.serverErrorAfterEffect(502));

    assertThat(List.of(create(1), create(1), create(1)))
        .extracting(HttpResponse::statusCode)
        .containsExactly(500, 502, 503);
    assertThat(saas.accounts()).isEmpty();
    assertThat(create(1).statusCode()).isEqualTo(502);
    assertThat(saas.accounts()).hasSize(1);
  }

  @Test
  void aResetConnectionIsResetAndNothingHappened() {
    saas.faults().next(Fault.reset());

    assertThatThrownBy(this::createOverABareSocket)
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
    assertThat(saas.accounts()).isEmpty();
  }

  @Test
  void aConnectionIsResetAfterTheAccountWasCreated() {
    saas.faults().next(Fault.resetAfterEffect());

    assertThatThrownBy(this::createOverABareSocket)
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
    assertThat(saas.accounts()).hasSize(1);
    assertThat(saas.successfulCreates()).containsEntry("1", 1);
  }

  @Test
  void anHttpClientSeesAResetAsABrokenConnection() {
    saas.faults().next(Fault.resetAfterEffect());

    assertThatThrownBy(() -> create(1)).isInstanceOf(IOException.class);
    assertThat(saas.accounts()).hasSize(1);
  }

  @Test
  void aHangingRequestIsAnsweredNeitherSoonNorAtTheEnd() throws Exception {
    saas.faults().next(Fault.hang(), Fault.hangAfterEffect());
    CompletableFuture<HttpResponse<String>> first = client.createLater("ada@acme.example", "1");
    CompletableFuture<HttpResponse<String>> second = client.createLater("bob@acme.example", "2");

    while (saas.faults().befallen().getOrDefault("Hang", 0L) < 2) {
      Thread.onSpinWait();
    }
    assertThat(client.create("eve@acme.example", "3").statusCode()).isEqualTo(201);
    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
    saas.stop();

    assertThatThrownBy(() -> first.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
    assertThatThrownBy(() -> second.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
    assertThat(saas.accounts()).hasSize(2);
  }

  @Test
  void aSlowBodyHasItsHeadersFirst() throws Exception {
    saas.faults().next(Fault.slowBody(NOTICEABLE));

    long start = System.nanoTime();
    HttpResponse<InputStream> answer =
        client
            .http()
            .send(
                client.creating("ada@acme.example", "1"),
                HttpResponse.BodyHandlers.ofInputStream());

    assertThat(answer.statusCode()).isEqualTo(201);
    try (InputStream body = answer.body()) {
      assertThat(new String(body.readAllBytes(), UTF_8)).contains("\"externalId\":\"1\"");
    }
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(NOTICEABLE.toNanos());
  }

  @Test
  void aLyingCreateLooksLikeAnyOtherAndCreatesNothing() throws Exception {
    saas.faults().next(Fault.createdWithoutCreating());

    // It is about creating: a read does not use it up.
    assertThat(client.get("/Users").statusCode()).isEqualTo(200);
    HttpResponse<String> answer = create(1);

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.headers().firstValue("Location")).isPresent();
    assertThat(answer.body()).contains("\"id\":", "\"externalId\":\"1\"");
    assertThat(saas.accounts()).isEmpty();
    assertThat(saas.successfulCreates()).isEmpty();
  }

  @Test
  void aConflictIsClaimedWhereThereIsNone() throws Exception {
    saas.faults().next(Fault.conflictAlthoughAbsent());

    HttpResponse<String> answer = create(1);

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).contains("\"scimType\":\"uniqueness\"");
    assertThat(saas.accounts()).isEmpty();
  }

  @Test
  void aBrokenBodyIsNoJson() throws Exception {
    saas.faults().next(Fault.malformedBody());

    HttpResponse<String> answer = create(1);

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThatThrownBy(() -> new ObjectMapper().readTree(answer.body()))
        .isInstanceOf(IOException.class);
    assertThat(saas.accounts()).hasSize(1);
  }

  @Test
  void aRefusalIsAScimError() throws Exception {
    saas.faults().next(Fault.refusal());

    HttpResponse<String> answer = create(1);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new ObjectMapper().readTree(answer.body()).path("scimType").asText())
        .isEqualTo("invalidValue");
    assertThat(saas.accounts()).isEmpty();
  }

  @Test
  void theSameSeedDrawsTheSameFaults() {
    List<Faults.Draw> draws = draws(7);

    assertThat(draws).isEqualTo(draws(7)).isNotEqualTo(draws(8));
    assertThat(draws.stream().filter(draw -> draw.fault().isPresent()).count())
        .isBetween(150L, 250L);
  }

  private static List<Faults.Draw> draws(long seed) {
    Faults faults = new Faults();
    faults.always(Fault.delay(Duration.ZERO, Duration.ofMillis(50)));
    faults.atRate(0.2, seed, List.of(Fault.reset(), Fault.serverError(503), Fault.hang()));
    return IntStream.range(0, 1000).mapToObj(_ -> faults.draw("POST")).toList();
  }

  @Test
  void allIsWellAgainAfterNone() throws Exception {
    saas.faults().always(Fault.serverError(500));
    saas.faults().atRate(1, 1, List.of(Fault.reset()));
    saas.faults().next(Fault.refusal(), Fault.refusal());
    assertThat(create(1).statusCode()).isEqualTo(400);

    saas.faults().none();

    assertThat(create(1).statusCode()).isEqualTo(201);
    assertThat(saas.faults().befallen()).containsOnlyKeys("Refusal");
  }

  private HttpResponse<String> create(int externalId) throws IOException, InterruptedException {
    return client.create("ada@acme.example", String.valueOf(externalId));
  }

  private int createOverABareSocket() throws IOException {
    URI uri = URI.create(saas.url());
    byte[] body = ScimClient.user("ada@acme.example", "1").getBytes(UTF_8);
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      String head =
          "POST %s/Users HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer t0ken\r\nContent-Type: application/scim+json\r\nContent-Length: %d\r\n\r\n"
              .formatted(uri.getPath(), uri.getAuthority(), body.length);
      socket.getOutputStream().write(head.getBytes(UTF_8));
      socket.getOutputStream().write(body);
      return socket.getInputStream().read();
    }
  }
}
