package dev.usher.provisioning.provision.connector.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.http.Listener.Says;
import dev.usher.provisioning.testing.Acme;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpTest {

  private static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");
  private static final String TOKEN = "xoxp-planted-secret";
  private static final Authentication AS_USHER =
      new Bearer(new Secret("token", () -> Optional.of(TOKEN)));
  private static final Outbound ANYWHERE = new Outbound(true);

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private Listener listener(Function<Listener.Heard, Says> answers) {
    return keep(Listener.to(answers));
  }

  private <T extends AutoCloseable> T keep(T closeable) {
    open.add(closeable);
    return closeable;
  }

  private Http to(URI base) {
    return to(base, ANYWHERE, null);
  }

  private Http to(URI base, Outbound outbound, TrustManager @Nullable [] trusted) {
    return keep(
        new Http(
            base,
            AS_USHER,
            Limits.of(Acme.slack("{type: scim, concurrency: 1}").connector()),
            outbound,
            () -> NOW,
            trusted));
  }

  private static Deadline within(Duration time) {
    return Deadline.after(time, System::nanoTime);
  }

  private static Deadline soon() {
    return within(Duration.ofSeconds(30));
  }

  private static Request get(URI base) {
    return Request.of("GET", URI.create(base + "/things?q=a%20b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE"})
  void everyMethodIsSentWithItsHeadersAndItsBody(String method) {
    Listener listener = listener(_ -> Says.status(200, "{\"a\":1}").with("ETag", "W/\"7\""));
    Request request =
        Request.of(method, URI.create(listener.uri() + "/a%2Fb?q=c%26d"))
            .with("If-Match", "W/\"6\"")
            .with(new Request.Body("application/scim+json", "{\"name\":\"Zoë\"}"));

    Answer answer = to(listener.uri()).send(request, soon());

    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Received.class,
            received -> {
              assertThat(received.status()).isEqualTo(200);
              assertThat(received.headers()).containsEntry("etag", "W/\"7\"");
              assertThat(received.json()).isEqualTo(Json.read("{\"a\": 1}"));
              assertThat(received.retryAfter()).isNull();
            });
    Listener.Heard heard = listener.heard().getFirst();
    assertThat(heard.method()).isEqualTo(method);
    assertThat(heard.path()).isEqualTo("/a%2Fb");
    assertThat(heard.query()).isEqualTo("q=c%26d");
    assertThat(heard.header("If-Match")).isEqualTo("W/\"6\"");
    assertThat(heard.header("Content-Type")).isEqualTo("application/scim+json; charset=UTF-8");
    assertThat(heard.header("Authorization")).isEqualTo("Bearer " + TOKEN);
    assertThat(heard.header("User-Agent")).isEqualTo("Usher");
    assertThat(heard.header("Accept-Encoding")).isEmpty();
    assertThat(heard.body()).isEqualTo("{\"name\":\"Zoë\"}");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "7, PT7S",
        "soon, null",
        "-5, null",
        "99999999999999999999, null",
        "999999999, PT8784H",
        "'Fri, 31 Dec 9999 23:59:59 GMT', PT8784H",
        "'Mon, 02 Mar 2026 07:59:00 GMT', PT0S",
        "'Mon, 02 Mar 2026 08:00:30 GMT', PT30S"
      })
  void retryAfterIsReadInBothForms(String value, @Nullable Duration expected) {
    Listener listener = listener(_ -> Says.status(503, "").with("Retry-After", value));

    assertThat(to(listener.uri()).send(get(listener.uri()), soon()))
        .isInstanceOfSatisfying(
            Answer.Received.class,
            received -> assertThat(received.retryAfter()).isEqualTo(expected));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void redirectsAreAnswersLikeOthers(int status) {
    Listener elsewhere = listener(_ -> Says.status(200, ""));
    Listener listener =
        listener(_ -> Says.status(status, "").with("Location", elsewhere.uri() + "/things"));

    assertThat(to(listener.uri()).send(get(listener.uri()), soon()))
        .isInstanceOfSatisfying(
            Answer.Received.class, received -> assertThat(received.status()).isEqualTo(status));
    assertThat(elsewhere.heard()).isEmpty();
  }

  @Test
  void onlyTheHostThatTheFileNamesIsAsked() {
    Listener named = listener(_ -> Says.status(200, ""));
    Listener other = listener(_ -> Says.status(200, ""));
    Http http = to(named.uri());

    for (String url :
        new String[] {
          other.uri() + "/",
          "https://127.0.0.1:" + named.port() + "/",
          "http://localhost:" + named.port() + "/",
          "http://127.0.0.1:" + named.port() + "@127.0.0.1:" + other.port() + "/"
        }) {
      assertThat(http.send(Request.of("GET", URI.create(url)), soon()))
          .isInstanceOf(Answer.NotSent.class);
    }
    assertThat(named.heard()).isEmpty();
    assertThat(other.heard()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1",
        "https://localhost",
        "https://2130706433",
        "https://[::1]",
        "https://[::ffff:127.0.0.1]",
        "https://169.254.169.254",
        "https://168.63.129.16",
        "https://10.0.0.1",
        "https://[fd00::1]"
      })
  void addressesInsideAreRefusedUnlessTheOperatorAllowsThem(String base) {
    assertThat(to(URI.create(base), new Outbound(false), null).send(get(URI.create(base)), soon()))
        .isInstanceOfSatisfying(
            Answer.NotSent.class,
            notSent -> assertThat(notSent.why()).contains("`usher.outbound.private-allowed`"));
  }

  /** A name that leads elsewhere when it is asked for again (DNS rebinding) leads nowhere else. */
  @Test
  void theAddressThatWasCheckedIsTheOneThatIsConnectedTo() {
    Listener listener = listener(_ -> Says.status(200, ""));
    InetAddress checked = InetAddress.ofLiteral("127.0.0.1");
    InetAddress later = InetAddress.ofLiteral("127.0.0.2");
    AtomicInteger asked = new AtomicInteger();
    Outbound outbound =
        new Outbound(true, _ -> new InetAddress[] {asked.getAndIncrement() == 0 ? checked : later});
    URI base = URI.create("http://rebound.example:" + listener.port());

    assertThat(to(base, outbound, null).send(get(base), soon()))
        .isInstanceOf(Answer.Received.class);

    assertThat(listener.heard()).hasSize(1);
    assertThat(asked).hasValue(1);
  }

  @Test
  void aNameThatLeadsInsideAndOutsideLeadsOutsideAlone() throws UnknownHostException {
    InetAddress inside = InetAddress.ofLiteral("10.0.0.1");
    InetAddress outside = InetAddress.ofLiteral("198.51.100.1");

    assertThat(
            new Outbound(false, _ -> new InetAddress[] {inside, outside}).resolve("both.example"))
        .containsExactly(outside);
  }

  @Test
  void aServerWhoseCertificateIsForAnotherHostHearsNothing() {
    Certificates theirs = new Certificates("EC", "other.example");
    Listener listener = keep(Listener.to(_ -> Says.status(200, ""), theirs.server(), false));
    URI base = URI.create("https://localhost:" + listener.port());

    assertThat(to(base, ANYWHERE, theirs.trusted()).send(get(base), soon()))
        .isInstanceOf(Answer.NotSent.class);
    assertThat(listener.heard()).isEmpty();
  }

  @Test
  void aServerWhoseCertificateNobodyVouchesForHearsNothing() {
    Certificates theirs = new Certificates("EC", "localhost");
    Listener listener = keep(Listener.to(_ -> Says.status(200, ""), theirs.server(), false));
    URI base = URI.create("https://localhost:" + listener.port());

    assertThat(to(base, ANYWHERE, null).send(get(base), soon())).isInstanceOf(Answer.NotSent.class);
    assertThat(listener.heard()).isEmpty();
    assertThat(to(base, ANYWHERE, theirs.trusted()).send(get(base), soon()))
        .isInstanceOf(Answer.Received.class);
  }

  /** The handshake takes all the time there is. */
  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void nothingLeavesOnceTheTimeIsUpThoughTheConnectionIsThere(String method) {
    Certificates theirs = new Certificates("EC", "localhost");
    AtomicLong now = new AtomicLong();
    Listener listener = keep(Listener.to(_ -> Says.status(200, ""), theirs.server(), false));
    URI base = URI.create("https://localhost:" + listener.port());
    X509TrustManager slow =
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type)
              throws CertificateException {
            throw new CertificateException();
          }

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type) {
            now.addAndGet(Duration.ofMinutes(1).toNanos());
          }

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };

    Answer answer =
        to(base, ANYWHERE, new TrustManager[] {slow})
            .send(Request.of(method, base), Deadline.after(Duration.ofSeconds(30), now::get));

    assertThat(answer).isInstanceOf(Answer.NotSent.class);
    assertThat(now.get()).isPositive();
    assertThat(listener.heard()).isEmpty();
  }

  @Test
  void aDeadlineThatHasPassedSendsNothing() {
    Listener listener = listener(_ -> Says.status(200, ""));

    assertThat(to(listener.uri()).send(get(listener.uri()), within(Duration.ZERO)))
        .isEqualTo(new Answer.NotSent("The time was up before the request left", null));
    assertThat(listener.heard()).isEmpty();
  }

  /** Wherever the end meets it: while it waits for a connection, makes one, or is on it. */
  @Test
  void aRequestThatEndsAtAnyMomentIsAnswered() {
    Listener listener = listener(_ -> Says.status(200, ""));
    Http http = to(listener.uri());

    for (int micros = 1; micros <= 3_000; micros++) {
      assertThat(http.send(get(listener.uri()), within(Duration.ofNanos(micros * 1_000L))))
          .isInstanceOf(Answer.class);
    }
    // None of them kept the one connection.
    assertThat(http.send(get(listener.uri()), soon())).isInstanceOf(Answer.Received.class);
  }

  @Test
  void anInterruptedThreadSendsNothing() {
    Listener listener = listener(_ -> Says.status(200, ""));
    Thread.currentThread().interrupt();
    try {
      assertThat(to(listener.uri()).send(get(listener.uri()), soon()))
          .isInstanceOf(Answer.NotSent.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(listener.heard()).isEmpty();
  }

  /** Each byte comes in time, and the whole never does. */
  @ParameterizedTest
  @ValueSource(
      strings = {"HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"})
  void anAnswerThatDripsIsGivenUpAtTheDeadline(String beginning) throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread drip = Thread.ofVirtual().start(() -> drip(server, beginning, done));
      URI base = URI.create("http://127.0.0.1:" + server.getLocalPort());

      assertThat(to(base).send(get(base), within(Duration.ofMillis(500))))
          .isEqualTo(new Answer.Lost("No answer came in time"));

      done.countDown();
      drip.join();
    }
  }

  private static void drip(ServerSocket server, String beginning, CountDownLatch done) {
    try (Socket socket = server.accept()) {
      OutputStream out = socket.getOutputStream();
      out.write(beginning.getBytes(StandardCharsets.US_ASCII));
      while (!done.await(20, TimeUnit.MILLISECONDS)) {
        out.write('x');
        out.flush();
      }
    } catch (IOException _) {
      // The client has gone.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aServerThatAcceptsNoConnectionIsGivenUpAtTheDeadline() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      URI base = URI.create("https://127.0.0.1:" + server.getLocalPort());

      assertThat(to(base).send(get(base), within(Duration.ofMillis(300))))
          .isInstanceOf(Answer.NotSent.class);
    }
  }

  @Test
  void anInterruptEndsARequestAndFreesItsConnection() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    Listener listener =
        listener(
            heard -> {
              if (heard.method().equals("POST")) {
                await(answered);
              }
              return Says.status(200, "");
            });
    Http http = to(listener.uri());
    CompletableFuture<Answer> ended = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .start(() -> ended.complete(http.send(Request.of("POST", listener.uri()), soon())));
    Awaitility.await().until(() -> !listener.heard().isEmpty());

    thread.interrupt();

    assertThat(ended.get(20, TimeUnit.SECONDS)).isInstanceOf(Answer.Lost.class);
    // The one connection there may be is free again.
    assertThat(http.send(get(listener.uri()), soon())).isInstanceOf(Answer.Received.class);
    answered.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @CsvSource({"0, true", "1, false"})
  void noMoreOfAnAnswerIsReadThanTheBound(int over, boolean received) {
    Listener listener = listener(_ -> Says.status(200, "x".repeat(Wire.BODY_LIMIT + over)));
    Http http = to(listener.uri());

    assertThat(http.send(get(listener.uri()), soon()) instanceof Answer.Received)
        .isEqualTo(received);
    assertThat(http.send(get(listener.uri()), soon()) instanceof Answer.Received)
        .isEqualTo(received);
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 20_000})
  void headersWithoutEndAreNotRead(int length) {
    Listener listener =
        listener(
            _ -> {
              Says says = Says.status(200, "");
              if (length == 201) {
                for (int i = 0; i < length; i++) {
                  says.headers().set("X-" + i, "x");
                }
                return says;
              }
              return says.with("X", "x".repeat(length));
            });

    assertThat(to(listener.uri()).send(get(listener.uri()), soon()))
        .isInstanceOf(Answer.Lost.class);
  }

  @Test
  void whatIsQuotedIsShortAndOnOneLineAndHoldsNoSecret() {
    Http http = to(URI.create("https://api.example.com"));

    assertThat(http.quotable("bad\r\ntoken " + TOKEN + "!")).isEqualTo("bad token [secret]!");
    assertThat(http.quotable("x".repeat(1_000))).hasSize(300).endsWith("…");
  }

  @Test
  void whatSpeaksOfRequestsAndAnswersTellsNothingOfPeople() {
    Request request =
        Request.of("POST", URI.create("https://api.example.com/users/jane@acme.example?a=b"))
            .with("X-Name", "jane")
            .with(new Request.Body("application/json", "{\"name\":\"jane\"}"));

    assertThat(request.toString()).isEqualTo("POST api.example.com");
    assertThat(request.body()).hasToString("Body[application/json]");
    assertThat(new Answer.Received(200, Map.of("X", "jane"), "jane", null))
        .hasToString("Received[200]");
  }

  @ParameterizedTest
  @CsvSource({
    "X-A, 'b\r\nX-C: d'",
    "X-A, ''",
    "X-A, ' b'",
    "X-A, zoë",
    "'X A', b",
    "'X-A:', b",
    "'', b"
  })
  void aHeaderThatCouldBeReadAsMoreIsNone(String name, String value) {
    assertThatThrownBy(
            () -> Request.of("GET", URI.create("https://api.example.com")).with(name, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("`" + name + "`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not json", "{\"a\":1} {", "{\"a\":"})
  void whatIsNoJsonIsNull(String text) {
    assertThat(Json.read(text)).isNull();
  }

  @Test
  void jsonIsBoundedInDepthAndLength() {
    assertThat(Json.read("[".repeat(50) + "]".repeat(50))).isNotNull();
    assertThat(Json.read("[".repeat(100) + "]".repeat(100))).isNull();
    assertThat(Json.read("[".repeat(500_000))).isNull();
    assertThat(Json.read("\"" + "x".repeat(300_000) + "\"")).isNull();
    assertThat(Json.read("9".repeat(5_000))).isNull();
  }
}
