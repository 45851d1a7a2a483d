package dev.usher.provisioning.provision.connector.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.policy.Problem;
import dev.usher.policy.Service;
import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.http.Listener.Heard;
import dev.usher.provisioning.provision.connector.http.Listener.Says;
import dev.usher.provisioning.tenant.Secrets;
import dev.usher.provisioning.testing.Acme;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

@Timeout(60)
class AuthenticationTest {

  private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
  private static final Certificates RSA = new Certificates("RSA", "localhost");
  private static final Outbound ANYWHERE = new Outbound(true);

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final Map<String, String> secrets = new HashMap<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private Listener listener(Function<Heard, Says> answers) {
    return keep(Listener.to(answers));
  }

  private <T extends AutoCloseable> T keep(T closeable) {
    open.add(closeable);
    return closeable;
  }

  private Http http(URI base, String auth) {
    return http(base, auth, ANYWHERE, null);
  }

  private Http http(URI base, String auth, Outbound outbound, TrustManager @Nullable [] trusted) {
    Service service = service(auth);
    assertThat(Authentications.problems(service.connector(), outbound)).isEmpty();
    Secrets resolved =
        new Secrets(name -> secrets.get(name.substring("usher.secrets.acme.".length())));
    return keep(
        new Http(
            base,
            Authentications.of(service, base, resolved, now::get),
            Limits.of(service.connector()),
            outbound,
            now::get,
            trusted));
  }

  private static Service service(String auth) {
    return Acme.slack("{type: scim, %s}".formatted(auth));
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30), System::nanoTime);
  }

  private static Answer get(Http http, Listener listener) {
    return http.send(Request.of("GET", URI.create(listener.uri() + "/users")), soon());
  }

  private static int status(Answer answer) {
    return answer instanceof Answer.Received received ? received.status() : 0;
  }

  private void after(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }

  private static Map<String, String> form(Heard heard) {
    return Arrays.stream(heard.body().split("&"))
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> decoded(pair[1])));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static JsonNode claims(String jwt) {
    JsonNode claims =
        Json.read(
            new String(
                Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[1]), StandardCharsets.UTF_8));
    if (claims == null) {
      throw new AssertionError("no claims");
    }
    return claims;
  }

  private static boolean isSignedWithRsa(String jwt) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(RSA.certificate());
    signature.update(jwt.substring(0, jwt.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII));
    return signature.verify(Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[2]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"token: \"${TOKEN}\"", "auth: {type: bearer, token: \"${TOKEN}\"}"})
  void aBearerTokenIsReadAtEachUse(String auth) {
    Listener listener = listener(_ -> Says.status(200, ""));
    Http http = http(listener.uri(), auth);

    assertThat(get(http, listener))
        .isEqualTo(
            new Answer.NotSent("The secret that the service's `token` refers to is not set", null));
    secrets.put("TOKEN", "one");
    get(http, listener);
    secrets.put("TOKEN", "two");
    get(http, listener);

    assertThat(listener.heard())
        .extracting(heard -> heard.header("Authorization"))
        .containsExactly("Bearer one", "Bearer two");
  }

  @Test
  void aKeyGoesIntoTheHeaderThatTheServiceHasForIt() {
    Listener listener = listener(_ -> Says.status(200, ""));
    Http http = http(listener.uri(), "auth: {type: header, name: X-Api-Key, value: \"${KEY}\"}");

    assertThat(get(http, listener)).isInstanceOf(Answer.NotSent.class);
    secrets.put("KEY", "planted\nkey");
    assertThat(get(http, listener))
        .isInstanceOfSatisfying(
            Answer.NotSent.class, notSent -> assertThat(notSent.why()).doesNotContain("planted"));
    secrets.put("KEY", "planted-key");
    assertThat(status(get(http, listener))).isEqualTo(200);

    assertThat(listener.heard())
        .singleElement()
        .satisfies(
            heard -> {
              assertThat(heard.header("X-Api-Key")).isEqualTo("planted-key");
              assertThat(heard.header("Authorization")).isEmpty();
            });
    assertThat(http.quotable("it said planted-key")).isEqualTo("it said [secret]");
  }

  @Test
  void aTokenThatNoHeaderCanCarryIsNotSentAndNotQuoted() {
    Listener listener = listener(_ -> Says.status(200, ""));
    secrets.put("TOKEN", "planted\r\nX-Evil: 1");

    Answer answer = get(http(listener.uri(), "token: \"${TOKEN}\""), listener);

    assertThat(answer).isInstanceOf(Answer.NotSent.class);
    assertThat(answer.toString()).contains("`token`").doesNotContain("planted");
    assertThat(listener.heard()).isEmpty();
  }

  @Test
  void basicSaysNameAndPassword() {
    Listener listener = listener(_ -> Says.status(200, ""));
    secrets.put("PASSWORD", "pässword");
    Http http = http(listener.uri(), "auth: {type: basic, user: usher, password: \"${PASSWORD}\"}");

    get(http, listener);

    String encoded =
        Base64.getEncoder().encodeToString("usher:pässword".getBytes(StandardCharsets.UTF_8));
    assertThat(listener.heard().getFirst().header("Authorization")).isEqualTo("Basic " + encoded);
    assertThat(http.quotable("no " + encoded + " pässword")).isEqualTo("no [secret] [secret]");
  }

  /** Gives T1, T2, ... for so many seconds. */
  private Listener tokens(AtomicInteger given, int seconds) {
    return listener(
        _ ->
            Says.status(
                200,
                "{\"access_token\":\"T%d\",\"token_type\":\"Bearer\",\"expires_in\":%d}"
                    .formatted(given.incrementAndGet(), seconds)));
  }

  private static String oauth(Listener tokens, String... more) {
    return "auth: {type: oauth2-client-credentials, token-url: \"%s/token\", client-id: usher, client-secret: \"${SECRET}\"%s}"
        .formatted(tokens.uri(), more.length == 0 ? "" : ", " + String.join(", ", more));
  }

  @Test
  void aTokenIsFetchedOnceAndUsedUntilShortlyBeforeItsEnd() {
    secrets.put("SECRET", "s&cret");
    Listener tokens = tokens(new AtomicInteger(), 3600);
    Listener listener = listener(_ -> Says.status(200, ""));
    Http http = http(listener.uri(), oauth(tokens, "parameters: {scope: \"users:write a\"}"));

    get(http, listener);
    get(http, listener);
    after(Duration.ofMinutes(57));
    get(http, listener);
    // Two minutes before its end.
    after(Duration.ofMinutes(1));
    get(http, listener);

    assertThat(listener.heard())
        .extracting(heard -> heard.header("Authorization"))
        .containsExactly("Bearer T1", "Bearer T1", "Bearer T1", "Bearer T2");
    Heard asked = tokens.heard().getFirst();
    assertThat(asked.method() + " " + asked.path()).isEqualTo("POST /token");
    assertThat(form(asked))
        .isEqualTo(Map.of("grant_type", "client_credentials", "scope", "users:write a"));
    assertThat(asked.header("Authorization"))
        .isEqualTo(
            "Basic "
                + Base64.getEncoder()
                    .encodeToString("usher:s%26cret".getBytes(StandardCharsets.UTF_8)));
    assertThat(http.quotable("T1 T2 s&cret")).isEqualTo("[secret] [secret] [secret]");
  }

  @Test
  void anotherGrantAndCredentialsInTheBodyAreSettings() {
    secrets.put("SECRET", "secret");
    Listener tokens = tokens(new AtomicInteger(), 3600);
    Listener listener = listener(_ -> Says.status(200, ""));

    get(
        http(
            listener.uri(),
            oauth(
                tokens,
                "credentials-in: body",
                "parameters: {grant_type: account_credentials, account_id: A1}")),
        listener);

    assertThat(form(tokens.heard().getFirst()))
        .isEqualTo(
            Map.of(
                "grant_type",
                "account_credentials",
                "account_id",
                "A1",
                "client_id",
                "usher",
                "client_secret",
                "secret"));
    assertThat(tokens.heard().getFirst().header("Authorization")).isEmpty();
  }

  @Test
  void manyWhoNeedATokenAtOnceFetchOne() throws Exception {
    secrets.put("SECRET", "secret");
    AtomicInteger given = new AtomicInteger();
    CountDownLatch allWait = new CountDownLatch(1);
    Listener tokens =
        listener(
            _ -> {
              await(allWait);
              return Says.status(
                  200, "{\"access_token\":\"T%d\"}".formatted(given.incrementAndGet()));
            });
    Listener listener = listener(_ -> Says.status(200, ""));
    Http http = http(listener.uri(), oauth(tokens));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> all = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        all.add(threads.submit(() -> get(http, listener)));
      }
      allWait.countDown();
      for (Future<Answer> each : all) {
        assertThat(status(each.get())).isEqualTo(200);
      }
    }

    assertThat(given.get()).isEqualTo(1);
    assertThat(listener.heard()).hasSize(40);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aTokenThatIsDueIsUsedOnWhileItsSuccessorCannotBeHad() {
    secrets.put("SECRET", "secret");
    AtomicInteger asked = new AtomicInteger();
    Listener tokens =
        listener(
            _ ->
                asked.incrementAndGet() == 1
                    ? Says.status(200, "{\"access_token\":\"T1\",\"expires_in\":3600}")
                    : Says.status(503, ""));
    Listener listener = listener(_ -> Says.status(200, ""));
    Http http = http(listener.uri(), oauth(tokens));
    get(http, listener);

    after(Duration.ofSeconds(3590 - 60));
    assertThat(status(get(http, listener))).isEqualTo(200);
    assertThat(status(get(http, listener))).isEqualTo(200);
    // The failure is everybody's for a second.
    assertThat(asked.get()).isEqualTo(2);

    after(Duration.ofSeconds(60));
    assertThat(get(http, listener))
        .isEqualTo(new Answer.NotSent("`127.0.0.1`, which gives tokens, answered 503", null));
    assertThat(asked.get()).isEqualTo(3);
  }

  @Test
  void aTokenThatTheServiceDoesNotAcceptIsFetchedAgainOnce() {
    secrets.put("SECRET", "secret");
    AtomicInteger given = new AtomicInteger();
    Listener tokens = tokens(given, 3600);
    Listener listener =
        listener(
            heard ->
                Says.status(heard.header("Authorization").equals("Bearer T2") ? 200 : 401, ""));
    Http http = http(listener.uri(), oauth(tokens));

    // Right after it was given it is not its age that is wrong with it.
    assertThat(status(get(http, listener))).isEqualTo(401);
    assertThat(given.get()).isEqualTo(1);
    after(Duration.ofMinutes(1));
    assertThat(status(get(http, listener))).isEqualTo(200);

    assertThat(given.get()).isEqualTo(2);
    assertThat(listener.heard())
        .extracting(heard -> heard.header("Authorization"))
        .containsExactly("Bearer T1", "Bearer T1", "Bearer T2");
  }

  @ParameterizedTest
  @CsvSource({
    "400, '{\"error\":\"invalid_client\"}', 'answered 400 `invalid_client`'",
    "401, '{\"error\":\"secret <b>\"}', 'answered 401'",
    "200, '{}', 'gave no token that can be read'",
    "200, '{\"access_token\":7}', 'gave no token that can be read'",
    "200, 'not json', 'gave no token that can be read'",
    "302, '', 'answered 302'"
  })
  void anEndpointThatGivesNoTokenSaysWhy(int status, String body, String why) {
    secrets.put("SECRET", "secret");
    Listener tokens = listener(_ -> Says.status(status, body).with("Retry-After", "7"));
    Listener listener = listener(_ -> Says.status(200, ""));

    assertThat(get(http(listener.uri(), oauth(tokens)), listener))
        .isInstanceOfSatisfying(
            Answer.NotSent.class,
            notSent -> {
              assertThat(notSent.why()).endsWith(why).doesNotContain("secret");
              assertThat(notSent.after()).isEqualTo(status == 200 ? null : Duration.ofSeconds(7));
            });
    assertThat(listener.heard()).isEmpty();
  }

  @Test
  void anEndpointInsideIsNotAskedUnlessTheOperatorAllowsIt() {
    secrets.put("SECRET", "secret");
    Listener listener = listener(_ -> Says.status(200, ""));
    String auth =
        "auth: {type: oauth2-client-credentials, token-url: \"https://169.254.169.254/token\", client-id: usher, client-secret: \"${SECRET}\"}";

    assertThat(
            get(
                http(URI.create("https://api.example.com"), auth, new Outbound(false), null),
                listener))
        .isInstanceOfSatisfying(
            Answer.NotSent.class,
            notSent -> assertThat(notSent.why()).contains("`usher.outbound.private-allowed`"));
  }

  @Test
  void aGoogleServiceAccountActsForAnAdministrator() throws GeneralSecurityException {
    secrets.put(
        "KEY",
        Json.write(
            JsonNodeFactory.instance
                .objectNode()
                .put("type", "service_account")
                .put("client_email", "usher@project.iam.gserviceaccount.com")
                .put("private_key", RSA.keyPem())
                .put("token_uri", "https://evil.example/token")));
    Listener tokens = tokens(new AtomicInteger(), 3599);
    Listener listener = listener(_ -> Says.status(200, ""));

    Answer answer =
        get(
            http(
                listener.uri(),
                "auth: {type: google-service-account, key: \"${KEY}\", subject: admin@acme.example, scope: https://www.googleapis.com/auth/admin.directory.user, token-url: \"%s/token\"}"
                    .formatted(tokens.uri())),
            listener);

    assertThat(status(answer)).isEqualTo(200);
    assertThat(listener.heard().getFirst().header("Authorization")).isEqualTo("Bearer T1");
    Map<String, String> form = form(tokens.heard().getFirst());
    assertThat(form).containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
    String jwt = form.getOrDefault("assertion", "");
    assertThat(isSignedWithRsa(jwt)).isTrue();
    JsonNode claims = claims(jwt);
    assertThat(claims.path("iss").asString()).isEqualTo("usher@project.iam.gserviceaccount.com");
    assertThat(claims.path("sub").asString()).isEqualTo("admin@acme.example");
    assertThat(claims.path("scope").asString())
        .isEqualTo("https://www.googleapis.com/auth/admin.directory.user");
    assertThat(claims.path("aud").asString()).isEqualTo(tokens.uri() + "/token");
    assertThat(claims.path("iat").asLong()).isEqualTo(START.getEpochSecond());
    assertThat(claims.path("exp").asLong()).isEqualTo(START.getEpochSecond() + 3600);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aGithubAppExchangesItsSignatureForAnInstallationsToken(boolean pkcs1)
      throws GeneralSecurityException {
    secrets.put("KEY", pkcs1 ? pkcs1() : RSA.keyPem());
    Listener listener =
        listener(
            heard ->
                heard.path().endsWith("/access_tokens")
                    ? Says.status(
                        201, "{\"token\":\"ghs_1\",\"expires_at\":\"2026-03-02T09:00:00Z\"}")
                    : Says.status(200, ""));
    Http http =
        http(
            listener.uri(),
            "auth: {type: github-app, app-id: 7, installation-id: 42, key: \"${KEY}\"}");

    get(http, listener);
    get(http, listener);

    assertThat(listener.heard())
        .extracting(heard -> heard.method() + " " + heard.path())
        .containsExactly("POST /app/installations/42/access_tokens", "GET /users", "GET /users");
    String jwt = listener.heard().getFirst().header("Authorization").substring("Bearer ".length());
    assertThat(isSignedWithRsa(jwt)).isTrue();
    assertThat(claims(jwt).path("iss").asString()).isEqualTo("7");
    assertThat(claims(jwt).path("exp").asLong() - START.getEpochSecond()).isBetween(1L, 600L);
    assertThat(listener.heard().getLast().header("Authorization")).isEqualTo("Bearer ghs_1");
  }

  /** As GitHub gives keys out. */
  private static String pkcs1() {
    byte[] pkcs8 = ((RSAPrivateKey) RSA.key()).getEncoded();
    // SEQUENCE (4), INTEGER (3), AlgorithmIdentifier (15), OCTET STRING (4).
    return Certificates.pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auth: {type: github-app, app-id: 7, installation-id: 42, key: '${KEY}'}",
        "auth: {type: google-service-account, key: '${KEY}', subject: a@acme.example, scope: s}",
        "auth: {type: mtls, key: '${KEY}', certificate: '${KEY}'}"
      })
  void aKeyThatIsNoneIsNeitherUsedNorQuoted(String auth) {
    Listener listener = listener(_ -> Says.status(200, ""));
    for (String key :
        List.of(
            "planted",
            "{\"private_key\":\"planted\"}",
            "-----BEGIN PRIVATE KEY-----\nplanted\n-----END PRIVATE KEY-----")) {
      secrets.put("KEY", key);
      Answer answer = get(http(listener.uri(), auth), listener);

      assertThat(answer).isInstanceOf(Answer.NotSent.class);
      assertThat(answer.toString()).contains("`key`", "expected").doesNotContain("planted");
    }
    assertThat(listener.heard()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void aClientsCertificateIsShownInTheHandshakeAndReadAgainWhenItIsRenewed(String algorithm) {
    Certificates ours = new Certificates(algorithm, "localhost");
    Listener listener = keep(Listener.to(_ -> Says.status(200, ""), ours.server(), true));
    URI base = URI.create("https://localhost:" + listener.port());
    String auth = "auth: {type: mtls, key: \"${KEY}\", certificate: \"${CERTIFICATE}\"}";
    secrets.put("KEY", RSA.keyPem());
    secrets.put("CERTIFICATE", RSA.certificatePem());
    Http http = http(base, auth, ANYWHERE, ours.trusted());
    Request request = Request.of("GET", URI.create(base + "/users"));

    assertThat(status(http.send(request, soon()))).isZero();
    assertThat(listener.heard()).isEmpty();
    secrets.put("KEY", ours.keyPem());
    secrets.put("CERTIFICATE", ours.certificatePem());
    assertThat(status(http.send(request, soon()))).isEqualTo(200);
    assertThat(status(http.send(request, soon()))).isEqualTo(200);
  }

  /** The example of the Standard Webhooks specification's own libraries. */
  @Test
  void aWebhookIsSignedAsTheStandardHasIt() {
    now.set(Instant.ofEpochSecond(1614265330));
    secrets.put("SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    Listener listener = listener(_ -> Says.status(200, ""));
    Http http = http(listener.uri(), "auth: {type: webhook-signature, secret: \"${SECRET}\"}");

    http.send(
        Request.of("POST", listener.uri())
            .with("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
            .with(new Request.Body("application/json", "{\"test\": 2432232314}")),
        soon());

    Heard heard = listener.heard().getFirst();
    assertThat(heard.header("webhook-timestamp")).isEqualTo("1614265330");
    assertThat(heard.header("webhook-signature"))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    assertThat(get(http, listener)).isInstanceOf(Answer.NotSent.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: b | `token` must be a reference",
        "token: xoxp-planted | `token` must be a reference",
        "token: '${A}', auth: {type: bearer, token: '${A}'} | expected one of them",
        "auth: bearer | `auth` is of no type that is known",
        "auth: {type: digest} | expected `type` to be one of `bearer`, `basic`",
        "auth: {type: header, name: 'X Key', value: '${A}'} | `X Key` is no header's name; expected such as `X-Api-Key`",
        "auth: {type: bearer, token: xoxp-planted} | `token` must be a reference to a secret",
        "auth: {type: basic, user: '${A}'} | `password` must be a reference to a secret",
        "auth: {type: bearer, token: '${A}', scope: x} | `scope` is no setting of `bearer`; expected one of `token`",
        "auth: {type: oauth2-client-credentials, token-url: 'https://a.example/t?b=c', client-id: x, client-secret: '${A}'} | `https://a.example/t?b=c` is no URL of a token endpoint",
        "auth: {type: oauth2-client-credentials, token-url: 'http://a.example/t', client-id: x, client-secret: '${A}'} | in the clear",
        "auth: {type: oauth2-client-credentials, token-url: 'https://a.example/t', client-id: x, client-secret: '${A}', parameters: {a: '${A}'}} | `parameters` must be a mapping",
        "auth: {type: oauth2-client-credentials, token-url: 'https://a.example/t', client-id: x, client-secret: '${A}', credentials-in: query} | `query`; expected `header` or `body`",
        "auth: {type: github-app, app-id: 7, installation-id: '1/../2', key: '${A}'} | `1/../2`; expected a number",
        "auth: {type: google-service-account, key: '${A}', subject: '${A}', scope: s} | `subject` must be text"
      })
  void aMistakeIsToldAtItsPlaceAndWithoutSecrets(String auth, String message) {
    List<Problem> problems =
        Authentications.problems(service(auth).connector(), new Outbound(false));

    assertThat(problems).singleElement().asString().contains(message).doesNotContain("planted");
    assertThat(problems.getFirst().line()).isEqualTo(9);
    assertThat(problems.getFirst().column()).isGreaterThan(10);
  }
}
