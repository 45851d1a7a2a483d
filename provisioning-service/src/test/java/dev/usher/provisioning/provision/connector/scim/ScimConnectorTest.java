package dev.usher.provisioning.provision.connector.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.policy.Service;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Creation;
import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.DesiredAccount;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.Lookup;
import dev.usher.provisioning.provision.connector.NotNow;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.Rejected;
import dev.usher.provisioning.provision.connector.Unknown;
import dev.usher.provisioning.provision.connector.scim.OddService.Says;
import dev.usher.provisioning.tenant.Secrets;
import dev.usher.provisioning.testing.Acme;
import dev.usher.sandbox.Fault;
import dev.usher.sandbox.Saas;
import java.io.ByteArrayOutputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScimConnectorTest {

  private static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");
  private static final String TOKEN = "xoxp-planted-secret";
  private static final Outbound ANYWHERE = new Outbound(true);

  private final Saas saas = Saas.start(TOKEN, () -> NOW);
  private final List<AutoCloseable> open = new ArrayList<>(List.of(saas));

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private Connector connector() {
    return connector(saas.url());
  }

  private Connector connector(String url, String... more) {
    return connector(url, new Secrets(_ -> TOKEN), ANYWHERE, more);
  }

  private Connector connector(String url, Secrets secrets, Outbound outbound, String... more) {
    Service service = Acme.slack(Acme.scim(url, more));
    Connector connector =
        new ScimConnectors(outbound)
            .connect(service, Limits.of(service.connector()), secrets, () -> NOW);
    open.add(connector);
    return connector;
  }

  private OddService odd(Function<OddService.Heard, Says> answers) {
    OddService odd = new OddService(answers);
    open.add(odd);
    return odd;
  }

  private static DesiredAccount jane(String key) {
    return account(key, "jane@acme.example");
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30), System::nanoTime);
  }

  private static DesiredAccount account(String key, String userName) {
    return new DesiredAccount(key, userName, Acme.jane(userName), Map.of(), List.of());
  }

  private static String list(int total, String... users) {
    return "{\"totalResults\":%d,\"Resources\":[%s]}".formatted(total, String.join(",", users));
  }

  private static String user(String id, String userName, String externalId) {
    return "{\"id\":\"%s\",\"userName\":\"%s\",\"externalId\":\"%s\"}"
        .formatted(id, userName, externalId);
  }

  @Test
  void createsAnAccountThatIsOursFromThenOn() {
    Connector connector = connector();

    Creation created = connector.create(jane("acme/staff/1/slack"), soon());

    Saas.Account there = saas.accounts().getFirst();
    assertThat(created).isEqualTo(new Creation.Created(there.id(), "jane@acme.example"));
    assertThat(there.externalId()).contains("acme/staff/1/slack");
    assertThat(there.active()).isTrue();
    assertThat(connector.find(jane("acme/staff/1/slack"), soon()))
        .isInstanceOfSatisfying(
            Lookup.Found.class, found -> assertThat(found.id()).isEqualTo(there.id()));
  }

  @Test
  void aSecondCreateIsAConflict() {
    Connector connector = connector();
    connector.create(jane("acme/staff/1/slack"), soon());

    assertThat(connector.create(jane("acme/staff/1/slack"), soon()))
        .isEqualTo(new Creation.Conflict());
    assertThat(saas.accounts()).hasSize(1);
  }

  @Test
  void anAccountOfThatNameWithAnotherKeyIsSomebodyElses() {
    Connector connector = connector();
    connector.create(account("globex/staff/1/slack", "JANE@acme.example"), soon());

    assertThat(connector.find(jane("acme/staff/1/slack"), soon())).isInstanceOf(Lookup.Found.class);
  }

  @Test
  void anAccountThatIsOursIsFoundUnderAnotherName() {
    Connector connector = connector();
    connector.create(account("acme/staff/1/slack", "renamed@acme.example"), soon());

    assertThat(connector.find(jane("acme/staff/1/slack"), soon()))
        .isInstanceOfSatisfying(
            Lookup.Found.class, ours -> assertThat(ours.userName()).startsWith("renamed"));
  }

  @Test
  void whatIsNotThereIsAbsent() {
    assertThat(connector().find(jane("acme/staff/1/slack"), soon())).isEqualTo(new Lookup.Absent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"plus+and&amp=1#x@acme.example", "a%22b@acme.example", "zoë.日本@acme.example"})
  void namesAreFoundWhateverUrlsMakeOfThem(String name) {
    Connector connector = connector();
    connector.create(account("acme/staff/other/slack", "other@acme.example"), soon());
    assertThat(connector.find(account("acme/staff/1/slack", name), soon()))
        .isEqualTo(new Lookup.Absent());
    connector.create(account("acme/staff/stranger/slack", name), soon());

    assertThat(connector.find(account("acme/staff/1/slack", name), soon()))
        .isInstanceOf(Lookup.Found.class);
    assertThat(connector.find(account("acme/staff/stranger/slack", name), soon()))
        .isInstanceOf(Lookup.Found.class);
  }

  @ParameterizedTest
  @CsvSource({
    "jane@acme.example, \"jane@acme.example\"",
    "o\"brien, \"o\\\"brien\"",
    "back\\slash, \"back\\\\slash\"",
    "x\" or userName pr or \"x, \"x\\\" or userName pr or \\\"x\""
  })
  void valuesInFiltersAreJsonStringsAndNothingElse(String name, String quoted) {
    OddService odd = odd(_ -> Says.status(200, list(0)));

    connector(odd.url()).find(account("k", name), soon());

    assertThat(odd.heard().getLast().query()).doesNotContain("+");
    assertThat(URLDecoder.decode(odd.heard().getLast().query(), StandardCharsets.UTF_8))
        .isEqualTo("filter=userName eq " + quoted);
  }

  @Test
  void aRequestSaysWhoAsksAndWhatItSends() {
    OddService odd = odd(_ -> Says.status(201, user("U1", "jane@acme.example", "k")));

    connector(odd.url()).create(jane("acme/staff/1/slack"), soon());

    OddService.Heard heard = odd.heard().getFirst();
    assertThat(heard.method()).isEqualTo("POST");
    assertThat(heard.header("Authorization")).isEqualTo("Bearer " + TOKEN);
    assertThat(heard.header("User-Agent")).startsWith("Usher");
    assertThat(heard.header("Content-Type")).startsWith("application/scim+json");
    assertThat(heard.header("Accept")).contains("application/scim+json", "application/json");
    assertThat(heard.body())
        .contains("urn:ietf:params:scim:schemas:core:2.0:User")
        .contains("\"externalId\":\"acme/staff/1/slack\"")
        .contains("\"userName\":\"jane@acme.example\"");
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
        Arguments.of(Fault.hang(), Unknown.class, 0),
        Arguments.of(Fault.hangAfterEffect(), Unknown.class, 1),
        Arguments.of(Fault.slowBody(Duration.ofMillis(20)), Creation.Created.class, 1),
        Arguments.of(Fault.slowBody(Duration.ofMinutes(5)), Unknown.class, 1),
        Arguments.of(Fault.createdWithoutCreating(), Creation.Created.class, 0),
        Arguments.of(Fault.conflictAlthoughAbsent(), Creation.Conflict.class, 0),
        Arguments.of(Fault.malformedBody(), Unknown.class, 1),
        Arguments.of(Fault.refusal(), Rejected.class, 0));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void everyFaultOfACreateIsToldApartByWhatItMayHaveLeftBehind(
      Fault fault, Class<? extends Creation> expected, int accounts) {
    saas.faults().next(fault);

    Creation creation =
        connector(saas.url(), "timeout: 300ms").create(jane("acme/staff/1/slack"), soon());

    assertThat(creation).isInstanceOf(expected);
    assertThat(creation.toString()).doesNotContain(TOKEN);
    assertThat(saas.accounts()).hasSize(accounts);
  }

  static Stream<Fault> faultsOfALookup() {
    return Stream.of(
        Fault.tooManyRequests(Duration.ofSeconds(2)),
        Fault.serverError(500),
        Fault.serverError(503),
        Fault.reset(),
        Fault.hang(),
        Fault.malformedBody());
  }

  @ParameterizedTest
  @MethodSource("faultsOfALookup")
  void aLookupThatFailsNeverSaysAbsent(Fault fault) {
    Connector connector = connector(saas.url(), "timeout: 300ms");
    saas.faults().next(fault);
    assertThat(connector.find(jane("acme/staff/1/slack"), soon())).isInstanceOf(NotNow.class);

    // The same in the second search, the one by name.
    saas.faults().next(Fault.delay(Duration.ZERO), fault);
    assertThat(connector.find(jane("acme/staff/1/slack"), soon())).isInstanceOf(NotNow.class);
  }

  @ParameterizedTest
  @CsvSource({"SECONDS", "HTTP_DATE"})
  void retryAfterIsReadInBothForms(Fault.RetryAfterForm form) {
    saas.faults().always(Fault.tooManyRequests(Duration.ofSeconds(90), form));
    Connector connector = connector();

    assertThat(connector.create(jane("k"), soon()))
        .isEqualTo(
            new NotNow("The service answered 429", NotNow.Cause.BURST, Duration.ofSeconds(90)));
    assertThat(connector.find(jane("k"), soon()))
        .isEqualTo(
            new NotNow(
                "The service answered 429 to a search",
                NotNow.Cause.BURST,
                Duration.ofSeconds(90)));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "0, PT0S",
        " 7 , PT7S",
        "soon, null",
        "-5, null",
        "1.5, null",
        "99999999999999999999, null",
        "'Mon, 02 Mar 2026 07:59:00 GMT', PT0S",
        "'Mon, 02 Mar 2026 08:00:30 GMT', PT30S"
      })
  void retryAfterThatMakesNoSenseIsNone(String value, @Nullable Duration expected) {
    OddService odd = odd(_ -> Says.status(503, "").with("Retry-After", value));

    assertThat(connector(odd.url()).create(jane("k"), soon()))
        .isEqualTo(new Unknown("The service answered 503", expected, true));
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
    OddService odd = odd(_ -> Says.status(status, ""));

    assertThat(connector(odd.url()).create(jane("k"), soon()).getClass().getSimpleName())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"500, true", "503, true", "502, false", "504, false", "408, false"})
  void aGatewaysAnswerIsNoneOfTheServices(int status, boolean answered) {
    OddService odd = odd(_ -> Says.status(status, ""));

    assertThat(connector(odd.url()).create(jane("k"), soon()))
        .isEqualTo(new Unknown("The service answered " + status, null, answered));
  }

  @Test
  void aConnectionThatIsRefusedSurelyDidNothing() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Connector connector = connector("http://127.0.0.1:" + port);

    assertThat(connector.create(jane("k"), soon())).isInstanceOf(NotNow.class);
    assertThat(connector.find(jane("k"), soon())).isInstanceOf(NotNow.class);
  }

  @Test
  void aHostThatDoesNotResolveSurelyDidNothing() {
    assertThat(connector("https://slack.invalid/scim/v2").create(jane("k"), soon()))
        .isInstanceOf(NotNow.class);
  }

  @Test
  void aSecretThatIsNotSetIsNamedByItsSettingAndNothingIsSent() {
    Connector connector = connector(saas.url(), new Secrets(_ -> null), ANYWHERE);

    assertThat(connector.create(jane("k"), soon()))
        .isInstanceOfSatisfying(
            NotNow.class, notNow -> assertThat(notNow.why()).contains("`token`"));
    assertThat(saas.requests()).isEmpty();
  }

  @Test
  void aSecretThatChangedIsUsedFromTheNextRequestOn() {
    List<String> secret = new ArrayList<>(List.of("stale"));
    Connector connector = connector(saas.url(), new Secrets(_ -> secret.getFirst()), ANYWHERE);
    assertThat(connector.create(jane("k"), soon())).isInstanceOf(NotNow.class);

    secret.set(0, TOKEN);

    assertThat(connector.create(jane("k"), soon())).isInstanceOf(Creation.Created.class);
  }

  @Test
  void aSecretCannotSmuggleInAHeader() {
    OddService odd = odd(_ -> Says.status(201, user("U1", "jane@acme.example", "k")));

    Creation creation =
        connector(odd.url(), new Secrets(_ -> "abc\r\nX-Evil: 1"), ANYWHERE)
            .create(jane("k"), soon());

    assertThat(odd.heard()).allSatisfy(heard -> assertThat(heard.header("X-Evil")).isEmpty());
    assertThat(creation.toString()).doesNotContain("abc");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsNotFollowedSoThatTheTokenStaysHere(int status) {
    OddService elsewhere = odd(_ -> Says.status(200, list(0)));
    OddService odd = odd(_ -> Says.status(status, "").with("Location", elsewhere.url() + "/Users"));
    Connector connector = connector(odd.url());

    assertThat(connector.create(jane("k"), soon())).isInstanceOf(NotNow.class);
    assertThat(connector.find(jane("k"), soon())).isInstanceOf(NotNow.class);
    assertThat(elsewhere.heard()).isEmpty();
  }

  @Test
  void anAnswerLargerThanTheBoundIsNotRead() {
    String huge = "x".repeat(ScimHttp.BODY_LIMIT + 1);
    OddService odd = odd(_ -> Says.status(200, "{\"id\":\"U1\",\"userName\":\"" + huge + "\"}"));
    Connector connector = connector(odd.url());

    assertThat(connector.create(jane("k"), soon())).isInstanceOf(Unknown.class);
    assertThat(connector.find(jane("k"), soon())).isInstanceOf(NotNow.class);
    assertThat(connector.create(jane("k"), soon()).toString()).hasSizeLessThan(500);
  }

  @Test
  void anAnswerNestedWithoutEndIsUnreadableAndNothingWorse() {
    OddService odd = odd(_ -> Says.status(200, "[".repeat(500_000)));
    Connector connector = connector(odd.url());

    assertThat(connector.create(jane("k"), soon())).isInstanceOf(Unknown.class);
    assertThat(connector.find(jane("k"), soon())).isInstanceOf(NotNow.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "not json", "[]", "{}", "null", "\"text\"", "{\"id\":7}", "{\"id\":\"\"}"})
  void aCreatedAccountWithoutAnIdIsUnknown(String body) {
    OddService odd = odd(_ -> Says.status(201, body));

    assertThat(connector(odd.url()).create(jane("k"), soon())).isInstanceOf(Unknown.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not json", "[]", "{}", "{\"totalResults\":\"none\"}"})
  void aSearchThatCannotBeReadDoesNotSayAbsent(String body) {
    OddService odd = odd(_ -> Says.status(200, body));

    assertThat(connector(odd.url()).find(jane("k"), soon())).isInstanceOf(NotNow.class);
  }

  @Test
  void aServiceThatIgnoresFiltersIsReadAllTheSame() {
    String strangers =
        user("U1", "adam@acme.example", "x") + "," + user("U2", "eve@acme.example", "y");
    OddService all = odd(_ -> Says.status(200, list(2, strangers)));
    OddService withOurs =
        odd(_ -> Says.status(200, list(3, strangers, user("U3", "jane@acme.example", "k"))));

    assertThat(connector(all.url()).find(jane("k"), soon())).isEqualTo(new Lookup.Absent());
    assertThat(connector(withOurs.url()).find(jane("k"), soon()))
        .isInstanceOfSatisfying(
            Lookup.Found.class, found -> assertThat(found.id()).isEqualTo("U3"));
    assertThat(connector(withOurs.url()).find(jane("other"), soon()))
        .isInstanceOf(Lookup.Found.class);
  }

  @Test
  void aPageOfManyDoesNotSayAbsent() {
    OddService odd = odd(_ -> Says.status(200, list(900, user("U1", "adam@acme.example", "x"))));

    assertThat(connector(odd.url()).find(jane("k"), soon())).isInstanceOf(NotNow.class);
  }

  @Test
  void aServiceThatKnowsNoFilterByExternalIdIsAskedByName() {
    OddService odd =
        odd(
            heard ->
                heard.query().contains("externalId")
                    ? Says.status(400, "{\"scimType\":\"invalidFilter\"}")
                    : Says.status(200, list(1, user("U1", "jane@acme.example", "k"))));

    assertThat(connector(odd.url()).find(jane("k"), soon()))
        .isInstanceOfSatisfying(
            Lookup.Found.class, found -> assertThat(found.id()).isEqualTo("U1"));
  }

  @Test
  void anEmptyListForAnUnsupportedFilterIsNotTheLastWord() {
    OddService odd =
        odd(
            heard ->
                Says.status(
                    200,
                    heard.query().contains("externalId")
                        ? list(0)
                        : list(1, user("U1", "jane@acme.example", "k"))));

    assertThat(connector(odd.url()).find(jane("k"), soon())).isInstanceOf(Lookup.Found.class);
  }

  @Test
  void theServicesOwnWordsAreBoundedAndHoldNoToken() {
    OddService odd =
        odd(
            heard ->
                Says.status(
                    400,
                    "{\"detail\":\"bad %s %s\"}"
                        .formatted(heard.header("Authorization"), "x".repeat(2_000))));

    assertThat(connector(odd.url()).create(jane("k"), soon()))
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected -> {
              assertThat(rejected.why()).isEqualTo("The service answered 400");
              assertThat(rejected.words()).startsWith("bad Bearer").doesNotContain(TOKEN);
              assertThat(rejected.words().length()).isLessThan(310);
            });
  }

  @Test
  void anInterruptEndsARequestThatHangsAndFreesItsConnection() throws Exception {
    saas.faults().next(Fault.hang());
    Connector connector = connector(saas.url(), "concurrency: 1", "timeout: 10s");
    CompletableFuture<Creation> ended = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .start(() -> ended.complete(connector.create(jane("acme/staff/1/slack"), soon())));
    Awaitility.await().until(() -> saas.requests().getOrDefault("POST", 0L) == 1);

    thread.interrupt();

    assertThat(ended.get(5, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(Unknown.class, unknown -> assertThat(unknown.answered()).isFalse());
    // The one connection there may be is free again.
    assertThat(connector.create(jane("acme/staff/1/slack"), soon()))
        .isInstanceOf(Creation.Created.class);
  }

  @Test
  void whoeverIsInterruptedBeforeTheRequestLeavesSendsNone() throws Exception {
    Connector connector = connector();
    connector.find(jane("warm-up"), soon());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Creation> creation =
          threads.submit(
              () -> {
                Thread.currentThread().interrupt();
                return connector.create(jane("acme/staff/1/slack"), soon());
              });
      assertThat(creation.get()).isInstanceOf(NotNow.class);
    }
    assertThat(saas.successfulCreates()).isEmpty();
  }

  /** As when a slow lookup of names has eaten the time. */
  @Test
  void aBodyDoesNotLeaveOnceNobodyWaitsForItsAnswer() throws Exception {
    AtomicBoolean left = new AtomicBoolean();
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    ScimHttp.Watched body = new ScimHttp.Watched(new byte[] {1}, left, soon());
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> body.writeTo(wire)).isInstanceOf(InterruptedIOException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(left).isFalse();
    assertThat(wire.size()).isZero();

    body.writeTo(wire);

    assertThat(left).isTrue();
    assertThat(wire.size()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1",
        "https://localhost",
        "https://2130706433",
        "https://[::1]",
        "https://[::ffff:127.0.0.1]",
        "https://169.254.169.254",
        "https://10.0.0.1",
        "https://[fd00::1]"
      })
  void addressesInsideAreRefusedUnlessTheOperatorAllowsThem(String url) {
    Creation creation =
        connector(url, new Secrets(_ -> TOKEN), new Outbound(false)).create(jane("k"), soon());

    assertThat(creation)
        .isInstanceOfSatisfying(
            NotNow.class,
            notNow -> assertThat(notNow.why()).contains("`usher.outbound.private-allowed`"));
  }

  @Test
  void aServiceInsideIsNotReachedThoughItListens() {
    assertThat(
            connector(saas.url(), new Secrets(_ -> TOKEN), new Outbound(false))
                .create(jane("k"), soon()))
        .isInstanceOf(NotNow.class);
    assertThat(saas.requests()).isEmpty();
  }
}
