package dev.usher.provisioning.provision.connector.scim;

import static dev.usher.provisioning.provision.connector.scim.Talk.TOKEN;
import static dev.usher.provisioning.provision.connector.scim.Talk.account;
import static dev.usher.provisioning.provision.connector.scim.Talk.granted;
import static dev.usher.provisioning.provision.connector.scim.Talk.jane;
import static dev.usher.provisioning.provision.connector.scim.Talk.janes;
import static dev.usher.provisioning.provision.connector.scim.Talk.soon;
import static dev.usher.provisioning.provision.connector.scim.Talk.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Creation;
import dev.usher.provisioning.provision.connector.Lookup;
import dev.usher.provisioning.provision.connector.NotNow;
import dev.usher.provisioning.provision.connector.NotNow.Cause;
import dev.usher.provisioning.provision.connector.Probe;
import dev.usher.provisioning.provision.connector.Rejected;
import dev.usher.provisioning.provision.connector.Unknown;
import dev.usher.provisioning.provision.connector.http.Json;
import dev.usher.provisioning.provision.connector.http.Listener;
import dev.usher.provisioning.provision.connector.http.Listener.Heard;
import dev.usher.provisioning.provision.connector.http.Listener.Says;
import dev.usher.sandbox.Fault;
import dev.usher.sandbox.Saas;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Creates and probes, one answer at a time. */
class ScimConnectorTest {

  private final Talk talk = new Talk();

  @AfterEach
  void close() {
    talk.close();
  }

  private Connector answering(Says answer, String... settings) {
    return talk.connector(talk.listener(_ -> answer), settings);
  }

  @Test
  void aRequestSaysWhoAsksAndWhatItSends() {
    Listener listener = talk.listener(_ -> Says.status(201, janes()));

    assertThat(talk.connector(listener).create(jane(), soon()))
        .isEqualTo(new Creation.Created("U1", "jane@acme.example", true));

    Heard heard = listener.heard().getFirst();
    assertThat(heard.method()).isEqualTo("POST");
    assertThat(heard.path()).isEqualTo("/Users");
    assertThat(heard.header("Authorization")).isEqualTo("Bearer " + TOKEN);
    assertThat(heard.header("User-Agent")).startsWith("Usher");
    assertThat(heard.header("Content-Type")).startsWith("application/scim+json");
    assertThat(heard.header("Accept")).contains("application/scim+json", "application/json");
    assertThat(Json.read(heard.body()))
        .isEqualTo(
            Json.read(
                """
                {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"active":true,
                 "externalId":"acme/staff/1/slack","userName":"jane@acme.example",
                 "displayName":"Jane Doe","name":{"givenName":"Jane","familyName":"Doe"},
                 "emails":[{"type":"work","primary":true,"value":"jane@acme.example"}],
                 "locale":"de-CH","timezone":"Europe/Zurich"}
                """));
  }

  @Test
  void aServiceCanWantPlainJson() {
    Listener listener = talk.listener(_ -> Says.status(201, janes()));

    talk.connector(listener, "media-type: application/json").create(jane(), soon());

    Heard heard = listener.heard().getFirst();
    assertThat(heard.header("Content-Type")).startsWith("application/json");
    assertThat(heard.header("Accept")).isEqualTo("application/json");
  }

  @Test
  void aTenantSaysWhatAServiceIsToldOfAPersonAndWhere() {
    Listener listener = talk.listener(_ -> Says.status(201, janes()));
    Connector connector =
        talk.connector(
            listener,
            """
            attributes: {timezone: none, userType: "= Employee", nickName: userName, \
            "emails[type eq \\"other\\"].value": email, \
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter": \
            attributes.cost-centre}""");

    connector.create(granted("license", "00e2x000000K4Yv"), soon());
    connector.create(granted("role", "editor"), soon());

    assertThat(Json.read(listener.heard().getFirst().body()))
        .isEqualTo(
            Json.read(
                """
                {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",
                   "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"active":true,
                 "externalId":"acme/staff/1/slack","userName":"jane@acme.example",
                 "displayName":"Jane Doe","name":{"givenName":"Jane","familyName":"Doe"},
                 "emails":[{"type":"work","primary":true,"value":"jane@acme.example"},
                   {"type":"other","value":"jane@acme.example"}],
                 "locale":"de-CH","userType":"Employee","nickName":"jane@acme.example",
                 "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"costCenter":"4711"},
                 "entitlements":[{"value":"00e2x000000K4Yv"}]}
                """));
    assertThat(listener.heard().getLast().body()).contains("\"roles\":[{\"value\":\"editor\"}]");
  }

  /** What each fault may have left behind decides whether a second create is safe. */
  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of(Fault.delay(Duration.ofMillis(5)), Creation.Created.class, 1),
        Arguments.of(Fault.tooManyRequests(Duration.ofSeconds(2)), NotNow.class, 0),
        Arguments.of(Fault.serverError(500), Unknown.class, 0),
        Arguments.of(Fault.serverError(503), Unknown.class, 0),
        Arguments.of(Fault.serverErrorAfterEffect(500), Unknown.class, 1),
        Arguments.of(Fault.serverErrorAfterEffect(502), Unknown.class, 1),
        Arguments.of(Fault.reset(), Unknown.class, 0),
        Arguments.of(Fault.resetAfterEffect(), Unknown.class, 1),
        Arguments.of(Fault.slowBody(Duration.ofMillis(20)), Creation.Created.class, 1),
        Arguments.of(Fault.createdWithoutCreating(), Creation.Created.class, 0),
        Arguments.of(Fault.conflictAlthoughAbsent(), Creation.Conflict.class, 0),
        Arguments.of(Fault.malformedBody(), Unknown.class, 1),
        Arguments.of(Fault.refusal(), Rejected.class, 0));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void everyFaultOfACreateIsToldApartByWhatItMayHaveLeftBehind(
      Fault fault, Class<? extends Creation> expected, int accounts) {
    try (Saas saas = Saas.start(TOKEN)) {
      saas.faults().next(fault);

      Creation creation = talk.connector(saas.url()).create(jane(), soon());

      assertThat(creation).isInstanceOf(expected);
      assertThat(creation.toString()).doesNotContain(TOKEN, "jane");
      assertThat(saas.accounts()).hasSize(accounts);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "401, NotNow",
    "403, NotNow",
    "404, NotNow",
    "405, NotNow",
    "501, NotNow",
    "301, NotNow",
    "307, NotNow",
    "429, NotNow",
    "400, Rejected",
    "413, Rejected",
    "422, Rejected",
    "409, Conflict",
    "202, Unknown",
    "204, Unknown",
    "408, Unknown",
    "418, Unknown",
    "500, Unknown",
    "502, Unknown",
    "503, Unknown",
    "504, Unknown"
  })
  void statusesAreTakenForWhatTheyMean(int status, String expected) {
    assertThat(answering(Says.status(status, "")).create(jane(), soon()).getClass().getSimpleName())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"500, true", "503, true", "502, false", "504, false", "408, false"})
  void aGatewaysAnswerIsNoneOfTheServices(int status, boolean answered) {
    assertThat(answering(Says.status(status, "")).create(jane(), soon()))
        .isEqualTo(new Unknown("The service answered " + status, null, answered));
  }

  @Test
  void whatIsTakenIsAConflictInAllItsForms() {
    assertThat(answering(Says.status(409, "")).create(jane(), soon()))
        .isEqualTo(new Creation.Conflict());
    assertThat(answering(Says.status(409, "{\"detail\":\"x\"}")).create(jane(), soon()))
        .isEqualTo(new Creation.Conflict());
    assertThat(answering(Says.status(400, "{\"scimType\":\"uniqueness\"}")).create(jane(), soon()))
        .isEqualTo(new Creation.Conflict());
  }

  @ParameterizedTest
  @CsvSource({
    "90, BURST, ''",
    "86400, QUOTA, ''",
    "90, QUOTA, 'X-RateLimit-Type: Daily-limit'",
    "90, BURST, 'X-RateLimit-Type: QPS'"
  })
  void aQuotaIsNoBurst(String retryAfter, Cause cause, String header) {
    Says answer = Says.status(429, "").with("Retry-After", retryAfter);
    if (!header.isEmpty()) {
      answer = answer.with(header.split(": ", 2)[0], header.split(": ", 2)[1]);
    }

    assertThat(
            answering(answer, "quota-header: \"X-RateLimit-Type: daily\"").create(jane(), soon()))
        .isEqualTo(
            new NotNow(
                "The service answered 429",
                cause,
                Duration.ofSeconds(Integer.parseInt(retryAfter))));
  }

  @Test
  void whoeverCannotBeReachedSurelyDidNothing() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    for (String url : new String[] {"http://127.0.0.1:" + port, "https://slack.invalid/scim/v2"}) {
      Connector connector = talk.connector(url);
      assertThat(connector.create(jane(), soon())).isInstanceOf(NotNow.class);
      assertThat(connector.find(jane(), soon())).isInstanceOf(NotNow.class);
      assertThat(connector.suspend("U1", jane(), soon())).isInstanceOf(NotNow.class);
      assertThat(connector.probe(soon())).isInstanceOf(Probe.Fails.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsNotFollowedSoThatTheTokenStaysHere(int status) {
    Listener elsewhere = talk.listener(_ -> Talk.all());
    Says away = Says.status(status, "").with("Location", elsewhere.uri() + "/Users");
    Connector connector = answering(away);

    assertThat(connector.create(jane(), soon())).isInstanceOf(NotNow.class);
    assertThat(connector.find(jane(), soon())).isInstanceOf(NotNow.class);
    assertThat(connector.update("U1", jane(), soon())).isInstanceOf(NotNow.class);
    assertThat(connector.probe(soon()))
        .isInstanceOfSatisfying(
            Probe.Fails.class, fails -> assertThat(fails.why()).contains("`url`"));
    assertThat(elsewhere.heard()).isEmpty();
  }

  static Stream<String> unreadable() {
    return Stream.of(
        "{\"id\":\"U1\",\"userName\":\"" + "x".repeat(2_000_000) + "\"}",
        "[".repeat(500_000),
        "",
        "not json",
        "[]",
        "{}",
        "null",
        "\"text\"",
        "{\"id\":7}",
        "{\"id\":\"\"}");
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void whatCannotBeReadNeitherCreatesNorIsAbsent(String body) {
    Connector connector = answering(Says.status(200, body));

    Creation creation = connector.create(jane(), soon());

    assertThat(creation).isInstanceOf(Unknown.class);
    assertThat(creation.toString()).hasSizeLessThan(500);
    assertThat(connector.find(jane(), soon())).isInstanceOf(NotNow.class);
    assertThat(connector.read("U1", jane(), soon())).isInstanceOf(NotNow.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "{\"scimType\":\"invalidValue\",\"detail\":\"no\"} | The service answered 400 (invalidValue) | no",
        "{\"detail\":\"no\"} | The service answered 400 | no",
        "{\"scimType\":\"not a word\"} | The service answered 400 | no detail",
        "{\"Errors\":[{\"description\":\"no\",\"code\":400}]} | The service answered 400 | no",
        "{\"Errors\":{\"description\":\"no\",\"code\":400}} | The service answered 400 | no",
        "{\"message\":\"no\"} | The service answered 400 | no",
        "<html>no</html> | The service answered 400 | no detail"
      })
  void whatAServiceSaysOfAnErrorIsReadInManyForms(String body, String why, @Nullable String words) {
    assertThat(answering(Says.status(400, body)).create(jane(), soon()))
        .isEqualTo(new Rejected(why, words == null ? "" : words));
  }

  @Test
  void theServicesOwnWordsAreBoundedAndHoldNoToken() {
    Listener listener =
        talk.listener(
            heard ->
                Says.status(
                    400,
                    "{\"detail\":\"bad %s %s\"}"
                        .formatted(heard.header("Authorization"), "x".repeat(2_000))));

    assertThat(talk.connector(listener).create(jane(), soon()))
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected -> {
              assertThat(rejected.words()).startsWith("bad Bearer").doesNotContain(TOKEN);
              assertThat(rejected.words().length()).isLessThan(310);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "200, Created",
    "404, NotNow",
    "500, Unknown",
  })
  void whereAServiceHasLiedACreateIsReadAgain(int status, String expected) {
    Listener listener =
        talk.listener(
            heard ->
                heard.method().equals("POST")
                    ? Says.status(201, janes())
                    : Says.status(status, status == 200 ? janes() : ""));

    assertThat(
            talk.connector(listener, "re-read-after-create: true")
                .create(jane(), soon())
                .getClass()
                .getSimpleName())
        .isEqualTo(expected);
    assertThat(Talk.requests(listener)).containsExactly("POST /Users", "GET /Users/U1");
  }

  @Test
  void aProbeSaysWhatIsWrongAndWhere() {
    assertThat(answering(Talk.list(12)).probe(soon()))
        .isEqualTo(new Probe.Works("The service answers, and has 12 users"));
    assertThat(answering(Says.status(401, "")).probe(soon()))
        .isEqualTo(
            new Probe.Fails("The service answered 401: it does not accept what `token` refers to"));
    assertThat(answering(Says.status(200, "<html>")).probe(soon()))
        .isEqualTo(new Probe.Fails("The service answered 200 with what cannot be read"));
  }

  @Test
  void aProbeOfAServiceWhereLookingBindsDoesNotLookAtUsers() {
    Listener listener = talk.listener(_ -> Says.status(200, "{\"patch\":{\"supported\":true}}"));

    assertThat(talk.connector(listener, "profile: figma").probe(soon()))
        .isEqualTo(new Probe.Works("The service answers"));

    assertThat(Talk.requests(listener)).containsExactly("GET /ServiceProviderConfig");
  }

  @Test
  void idsAreTakenAsTheyAre() {
    Listener listener = talk.listener(_ -> Says.status(200, user("a/b ?", "jane", "k")));

    assertThat(talk.connector(listener).read("a/b ?", account("k", "jane"), soon()))
        .isInstanceOf(Lookup.Found.class);

    assertThat(Talk.requests(listener)).containsExactly("GET /Users/a%2Fb%20%3F");
  }
}
