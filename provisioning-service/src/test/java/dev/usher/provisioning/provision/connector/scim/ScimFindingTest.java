package dev.usher.provisioning.provision.connector.scim;

import static dev.usher.provisioning.provision.connector.scim.Talk.KNOWN;
import static dev.usher.provisioning.provision.connector.scim.Talk.account;
import static dev.usher.provisioning.provision.connector.scim.Talk.all;
import static dev.usher.provisioning.provision.connector.scim.Talk.jane;
import static dev.usher.provisioning.provision.connector.scim.Talk.janes;
import static dev.usher.provisioning.provision.connector.scim.Talk.list;
import static dev.usher.provisioning.provision.connector.scim.Talk.soon;
import static dev.usher.provisioning.provision.connector.scim.Talk.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.Lookup;
import dev.usher.provisioning.provision.connector.NotNow;
import dev.usher.provisioning.provision.connector.NotNow.Cause;
import dev.usher.provisioning.provision.connector.http.Listener;
import dev.usher.provisioning.provision.connector.http.Listener.Heard;
import dev.usher.provisioning.provision.connector.http.Listener.Says;
import dev.usher.sandbox.Fault;
import dev.usher.sandbox.Saas;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is found, and when nobody is. */
class ScimFindingTest {

  private static final Lookup ABSENT = new Lookup.Absent();
  private static final String ADAM = user("U8", "adam@acme.example", "x");
  private static final String EVE = user("U9", "eve@acme.example", "y");

  private final Talk talk = new Talk();

  @AfterEach
  void close() {
    talk.close();
  }

  private Lookup found(Function<Heard, Says> answers, String... settings) {
    return talk.connector(talk.listener(answers), settings).find(jane(), soon());
  }

  private static boolean filters(Heard heard, String attribute) {
    return Talk.query(heard).startsWith("filter=" + attribute + " eq ");
  }

  private static String idOf(Lookup lookup) {
    return lookup instanceof Lookup.Found found ? found.id() : String.valueOf(lookup);
  }

  @Test
  void whatTheServiceSaysOfAnAccountIsTold() {
    String said =
        user(
            "U1",
            "JANE@acme.example",
            "globex/staff/9/slack",
            "\"active\":\"False\"",
            "\"roles\":[{\"value\":\"Owner\"}]",
            "\"userType\":\"guest\"",
            "\"emails\":[{\"value\":\"old@acme.example\"},{\"value\":\"jane@acme.example\",\"primary\":true}]",
            "\"meta\":{\"created\":\"2017-03-09T16:11:13-05:00\"}");

    assertThat(
            found(
                _ -> all(said),
                "privileged: {roles.value: [admin, owner]}",
                "guest: {userType: [Guest]}"))
        .isEqualTo(
            new Lookup.Found(
                "U1",
                "JANE@acme.example",
                "globex/staff/9/slack",
                false,
                true,
                true,
                "jane@acme.example",
                Instant.parse("2017-03-09T21:11:13Z")));
    assertThat(found(_ -> all(user("U1", "jane@acme.example", ""))))
        .isEqualTo(
            new Lookup.Found("U1", "jane@acme.example", null, null, false, false, null, null));
  }

  @Test
  void anAccountThatIsOursIsFoundUnderAnotherName() {
    assertThat(
            idOf(
                found(
                    heard ->
                        filters(heard, "externalId")
                            ? all(user("U1", "renamed@acme.example", "acme/staff/1/slack"))
                            : all())))
        .isEqualTo("U1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"plus+and&amp=1#x@acme.example", "a%22b@acme.example", "zoë.日本@acme.example"})
  void namesAreFoundWhateverUrlsMakeOfThem(String name) {
    try (Saas saas = Saas.start(Talk.TOKEN)) {
      Connector connector = talk.connector(saas.url());
      connector.create(account("acme/staff/other/slack", "other@acme.example"), soon());
      assertThat(connector.find(account("acme/staff/1/slack", name), soon())).isEqualTo(ABSENT);
      connector.create(account("acme/staff/stranger/slack", name), soon());

      assertThat(connector.find(account("acme/staff/1/slack", name), soon()))
          .isInstanceOf(Lookup.Found.class);
      assertThat(connector.find(account("acme/staff/stranger/slack", name), soon()))
          .isInstanceOf(Lookup.Found.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "jane@acme.example, \"jane@acme.example\"",
    "o\"brien, \"o\\\"brien\"",
    "back\\slash, \"back\\\\slash\"",
    "x\" or userName pr or \"x, \"x\\\" or userName pr or \\\"x\""
  })
  void valuesInFiltersAreJsonStringsAndNothingElse(String name, String quoted) {
    Listener listener = talk.listener(_ -> all());

    talk.connector(listener, "filters: [userName]").find(account("k", name), soon());

    Heard heard = listener.heard().getFirst();
    assertThat(heard.query()).doesNotContain("+");
    assertThat(Talk.query(heard)).isEqualTo("filter=userName eq " + quoted);
  }

  static Stream<Fault> faults() {
    return Stream.of(
        Fault.tooManyRequests(Duration.ofSeconds(2)),
        Fault.serverError(500),
        Fault.serverError(503),
        Fault.reset(),
        Fault.malformedBody());
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aSearchThatFailsNeverSaysAbsent(Fault fault) {
    try (Saas saas = Saas.start(Talk.TOKEN)) {
      Connector connector = talk.connector(saas.url());
      // The first search is by externalId, the second by userName.
      for (Fault[] befalls : new Fault[][] {{fault}, {Fault.delay(Duration.ZERO), fault}}) {
        saas.faults().next(befalls);
        assertThat(connector.find(jane(), soon())).isInstanceOf(NotNow.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not json", "[]", "{}", "{\"schemas\":[]}"})
  void aListThatCannotBeReadDoesNotSayAbsent(String body) {
    assertThat(found(_ -> Says.status(200, body))).isInstanceOf(NotNow.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 401, 403, 429, 500, 503})
  void aListThatIsRefusedDoesNotSayAbsent(int status) {
    assertThat(found(_ -> Says.status(status, "{}"))).isInstanceOf(NotNow.class);
  }

  @Test
  void aServiceThatIgnoresFiltersIsReadAllTheSame() {
    assertThat(found(_ -> all(ADAM, EVE))).isEqualTo(ABSENT);
    assertThat(idOf(found(_ -> all(ADAM, EVE, janes())))).isEqualTo("U1");
    assertThat(idOf(found(_ -> all(ADAM, user("U7", "jane@acme.example", "z"), janes()))))
        .isEqualTo("U1");
  }

  @Test
  void aServiceThatRefusesAFilterIsAskedByAnother() {
    assertThat(
            idOf(
                found(
                    heard ->
                        filters(heard, "externalId")
                            ? Says.status(400, "{\"scimType\":\"invalidFilter\"}")
                            : all(janes()))))
        .isEqualTo("U1");
    assertThat(
            idOf(
                found(
                    heard ->
                        heard.query().contains("filter")
                            ? Says.status(501, "")
                            : all(ADAM, janes()))))
        .isEqualTo("U1");
  }

  /** As one service answers a filter that it does not support: 200, and an empty list. */
  @Test
  void anEmptyListIsBelievedOnlyOfAFilterThatIsSeenToWork() {
    Listener lies =
        talk.listener(heard -> heard.query().contains("filter") ? all() : all(ADAM, janes()));
    assertThat(idOf(talk.connector(lies).find(jane(), soon()))).isEqualTo("U1");

    Listener works =
        talk.listener(
            heard ->
                Talk.query(heard).contains("known@acme.example")
                        || !heard.query().contains("filter")
                    ? all(KNOWN)
                    : all());
    Connector connector = talk.connector(works);
    assertThat(connector.find(jane(), soon())).isEqualTo(ABSENT);
    assertThat(works.heard()).hasSize(4);
    assertThat(connector.find(jane(), soon())).isEqualTo(ABSENT);
    assertThat(works.heard()).as("once seen, it is known").hasSize(6);
  }

  @Test
  void whatAProfileSaysOfFiltersNeedsNoProof() {
    Listener listener = talk.listener(_ -> all());

    assertThat(talk.connector(listener, "filters: [userName]").find(jane(), soon()))
        .isEqualTo(ABSENT);

    assertThat(listener.heard()).hasSize(1);
  }

  @Test
  void whoeverHasTheAddressUnderAnotherNameIsFoundWhereTheServiceFiltersByIt() {
    String other =
        user("U5", "jd", "", "\"emails\":[{\"type\":\"work\",\"value\":\"Jane@acme.example\"}]");

    assertThat(
            idOf(
                found(
                    heard -> filters(heard, "emails.value") ? all(other) : all(),
                    "filters: [userName, emails.value]")))
        .isEqualTo("U5");
    assertThat(
            found(
                heard -> filters(heard, "emails.value") ? Says.status(400, "") : all(),
                "filters: [userName, emails.value]"))
        .isEqualTo(
            new NotNow(
                "The service does not filter by `emails.value`, as its `filters` say",
                Cause.TROUBLE,
                null));
  }

  @Test
  void whereNamesAreAddressesAFilterByAddressIsEnough() {
    Listener listener = talk.listener(_ -> all());
    Connector connector = talk.connector(listener, "filters: [email]");

    assertThat(connector.find(jane(), soon())).isEqualTo(ABSENT);
    assertThat(listener.heard()).hasSize(1);
    assertThat(Talk.query(listener.heard().getFirst()))
        .isEqualTo("filter=email eq \"jane@acme.example\"");
  }

  /** A service with so many users in pages of two, which knows no filter. */
  private static Function<Heard, Says> pages(int users, boolean byCursor) {
    List<String> all =
        IntStream.range(0, users)
            .mapToObj(i -> user("U" + i, "u" + i + "@acme.example", "k" + i))
            .toList();
    return heard -> {
      String query = Talk.query(heard);
      if (heard.path().equals("/ServiceProviderConfig")) {
        return Says.status(404, "");
      }
      if (query.contains("filter")) {
        return Says.status(400, "");
      }
      int start =
          byCursor
              ? Integer.parseInt("0" + query.replaceAll(".*cursor=c?(\\d*).*", "$1"))
              : Integer.parseInt(query.replaceAll(".*startIndex=(\\d+).*", "$1")) - 1;
      List<String> page = all.subList(Math.min(start, users), Math.min(start + 2, users));
      Says list = list(users, page.toArray(String[]::new));
      return byCursor && start + 2 < users
          ? Says.status(
              200, list.body().replaceFirst("\\{", "{\"nextCursor\":\"c" + (start + 2) + "\","))
          : list;
    };
  }

  @ParameterizedTest
  @CsvSource({"index, false", "cursor, true", "discovered, true"})
  void allPagesAreLookedThrough(String paging, boolean byCursor) {
    Function<Heard, Says> pages = pages(5, byCursor);
    Listener listener =
        talk.listener(
            heard ->
                heard.path().equals("/ServiceProviderConfig")
                    ? Says.status(200, "{\"pagination\":{\"cursor\":true,\"index\":false}}")
                    : pages.apply(heard));
    Connector connector = talk.connector(listener, "filters: []", "paging: " + paging);

    assertThat(idOf(connector.find(account("k4", "nobody@acme.example"), soon()))).isEqualTo("U4");
    assertThat(connector.find(jane(), soon())).isEqualTo(ABSENT);
    assertThat(listener.heard())
        .anySatisfy(
            heard ->
                assertThat(Talk.query(heard))
                    .isEqualTo(byCursor ? "cursor=c4&count=100" : "startIndex=5&count=100"));
  }

  @Test
  void aServiceWithMoreUsersThanMayBeLookedThroughDoesNotSayAbsent() {
    assertThat(found(pages(5, false), "filters: []", "scan-limit: 4"))
        .isEqualTo(
            new NotNow(
                "The service has more than the 4 that `scan-limit` lets us look through",
                Cause.TROUBLE,
                null));
  }

  /** On a clock that each answer takes four seconds of. */
  @Test
  void oneDeadlineHoldsForAllTheRequestsThatAreNeeded() {
    AtomicLong seconds = new AtomicLong();
    Function<Heard, Says> pages = pages(1_000, false);
    Listener listener =
        talk.listener(
            heard -> {
              seconds.addAndGet(4);
              return pages.apply(heard);
            });
    Connector connector = talk.connector(listener, "filters: []", "paging: index");

    assertThat(
            connector.find(
                jane(),
                Deadline.after(Duration.ofSeconds(10), () -> seconds.get() * 1_000_000_000L)))
        .isEqualTo(new NotNow("The time was up before the request left", Cause.TROUBLE, null));
    assertThat(listener.heard()).hasSize(3);
  }

  @Test
  void aListThatContradictsItselfDoesNotSayAbsent() {
    assertThat(found(_ -> list(900, ADAM), "filters: []"))
        .isEqualTo(
            new NotNow(
                "The service gives the same page again and again; see `paging`",
                Cause.TROUBLE,
                null));
    assertThat(found(_ -> list(2), "filters: []"))
        .isEqualTo(new NotNow("The service says that it has 2 and gives 0", Cause.TROUBLE, null));
  }
}
