package dev.usher.provisioning.provision.connector.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.provisioning.provision.connector.Capabilities;
import dev.usher.provisioning.provision.connector.Capabilities.OnExisting;
import dev.usher.provisioning.provision.connector.Capabilities.Operation;
import dev.usher.provisioning.provision.connector.Change;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Creation;
import dev.usher.provisioning.provision.connector.Lookup;
import dev.usher.provisioning.provision.connector.NotNow;
import dev.usher.provisioning.provision.connector.NotNow.Cause;
import dev.usher.provisioning.provision.connector.Probe;
import dev.usher.provisioning.provision.connector.Rejected;
import dev.usher.provisioning.provision.connector.Unknown;
import dev.usher.provisioning.provision.connector.http.Listener;
import dev.usher.provisioning.provision.connector.http.Listener.Heard;
import dev.usher.provisioning.provision.connector.http.Listener.Says;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers mean, by what a recipe says of them and by nothing else. */
class RestConnectorTest {

  @TempDir private Path directory;
  private Kitchen kitchen = new Kitchen(Path.of(""));

  @BeforeEach
  void open() {
    kitchen = new Kitchen(directory);
  }

  @AfterEach
  void close() {
    kitchen.close();
  }

  private Connector plain(Function<Heard, Says> answers) {
    return kitchen.connector(kitchen.listener(answers), Kitchen.recipe(Kitchen.PLAIN));
  }

  private Connector saying(int status, String body) {
    return plain(_ -> Says.status(status, body));
  }

  private static Creation create(Connector connector) {
    return connector.create(Kitchen.jane(), Kitchen.soon());
  }

  private static Lookup find(Connector connector) {
    return connector.find(Kitchen.jane(), Kitchen.soon());
  }

  @Test
  void whatARecipeDoesNotSayIsNoCapability() {
    assertThat(saying(200, "[]").capabilities())
        .isEqualTo(
            new Capabilities(OnExisting.CONFLICTS, true, false, false, Set.of(Operation.DELETE)));
  }

  @Test
  void aCreateIsWhatItsAnswerIsSaidToBe() {
    assertThat(create(saying(201, "{\"id\": 4711}")))
        .isEqualTo(new Creation.Created("4711", "jane@acme.example"));
    assertThat(create(saying(201, "{\"id\": 123456789012345678901234567890}")))
        .as("an id does not lose its end")
        .isEqualTo(new Creation.Created("123456789012345678901234567890", "jane@acme.example"));
    assertThat(create(saying(409, ""))).isEqualTo(new Creation.Conflict());
    assertThat(create(saying(422, "{\"message\":\"no\\n" + Kitchen.TOKEN + "\"}")))
        .isEqualTo(new Rejected("The service answered 422", "no [secret]"));
    assertThat(create(saying(422, "{}")))
        .isEqualTo(new Rejected("The service answered 422", "no detail"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | {\"id\":\"U1\"} | true",
        "201 | {} | true",
        "201 | {\"id\":null} | true",
        "201 | {\"id\": | true",
        "201 | <html>hello</html> | true",
        "409 | <html>conflict</html> | true",
        "500 | {} | true",
        "502 | {} | false",
        "504 | <html></html> | false",
        "302 | '' | true"
      })
  void aCreateWhoseAnswerNoRuleKnowsIsUnknown(int status, String body, boolean answered) {
    assertThat(create(saying(status, body)))
        .isInstanceOfSatisfying(
            Unknown.class,
            unknown -> {
              assertThat(unknown.answered()).isEqualTo(answered);
              assertThat(unknown.why()).contains(String.valueOf(status)).doesNotContain("hello");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "204 | ''",
        "200 | ''",
        "200 | {}",
        "200 | {\"users\":[]}",
        "200 | [{}]",
        "200 | [{\"email\":",
        "200 | <html></html>",
        "404 | ''",
        "500 | ''"
      })
  void aLookWhoseAnswerNoRuleKnowsSaysNothing(int status, String body) {
    assertThat(find(saying(status, body)))
        .isInstanceOfSatisfying(
            NotNow.class, notNow -> assertThat(notNow.cause()).isEqualTo(Cause.TROUBLE));
  }

  @Test
  void aConditionThatCannotBeAskedLeavesNoRoomForALaterRule() {
    // Somebody without an e-mail address comes first: `it.email` is not there.
    assertThat(
            find(saying(200, "[{\"id\":\"U0\"},{\"id\":\"U1\",\"email\":\"jane@acme.example\"}]")))
        .isInstanceOfSatisfying(
            NotNow.class,
            notNow ->
                assertThat(notNow.why())
                    .contains("`it.email == person.email`", "attribute not found"));
  }

  @Test
  void oneOfAListIsFound() {
    assertThat(
            find(
                saying(
                    200,
                    "[{\"id\":\"U0\",\"email\":\"x@acme.example\"},{\"id\":\"U1\",\"email\":\"jane@acme.example\",\"externalId\":\"k\"}]")))
        .isEqualTo(
            new Lookup.Found("U1", "jane@acme.example", "k", null, false, false, null, null));
    assertThat(find(saying(200, "[{\"id\":\"U0\",\"email\":\"x@acme.example\"}]")))
        .isEqualTo(new Lookup.Absent());
  }

  @Test
  void aGatewaysPageSaysThatNothingIsGone() {
    Connector connector = saying(404, "<html>no upstream</html>");

    assertThat(connector.read("U1", Kitchen.jane(), Kitchen.soon())).isInstanceOf(NotNow.class);
    assertThat(connector.delete("U1", Kitchen.jane(), Kitchen.soon())).isInstanceOf(Unknown.class);
    assertThat(saying(404, "").delete("U1", Kitchen.jane(), Kitchen.soon()))
        .isEqualTo(new Change.Gone());
  }

  @Test
  void howLongAServiceAsksToBeLeftAloneIsHeardAsItsRecipeSays() {
    String recipe =
        Kitchen.recipe(
            """
            request: POST /users
            answers:
              - {status: 201, is: created}
              - status: 429
                when: '"x-until" in headers'
                is: quota
                after: timestamp(headers["x-until"]) - now
              - {status: 503, is: retry}
            """);
    Function<Says, Creation> creation =
        says -> create(kitchen.connector(kitchen.listener(_ -> says), recipe));

    assertThat(creation.apply(Says.status(429, "").with("X-Until", "2026-03-02T10:00:00Z")))
        .isEqualTo(new NotNow("The service answered 429", Cause.QUOTA, Duration.ofHours(2)));
    assertThat(creation.apply(Says.status(429, "").with("X-Until", "2026-03-02T07:00:00Z")))
        .isEqualTo(new NotNow("The service answered 429", Cause.QUOTA, Duration.ZERO));
    assertThat(
            creation.apply(Says.status(429, "").with("X-Until", "soon").with("Retry-After", "7")))
        .isEqualTo(new NotNow("The service answered 429", Cause.QUOTA, Duration.ofSeconds(7)));
    assertThat(creation.apply(Says.status(429, "").with("Retry-After", "7")))
        .isEqualTo(new NotNow("The service answered 429", Cause.BURST, Duration.ofSeconds(7)));
    assertThat(creation.apply(Says.status(503, "<html></html>")))
        .isEqualTo(new NotNow("The service answered 503", Cause.TROUBLE, null));
  }

  @Test
  void whoIsNotAcceptedIsTold() {
    assertThat(create(saying(401, "")))
        .isEqualTo(
            new NotNow(
                "The service answered 401: it does not accept what `token` refers to",
                Cause.TROUBLE,
                null));
    assertThat(saying(401, "").probe(Kitchen.soon())).isInstanceOf(Probe.Fails.class);
    assertThat(saying(200, "").probe(Kitchen.soon())).isInstanceOf(Probe.Works.class);
  }

  private static final String INVITING =
      """
      request: POST /invitations
      answers:
        - status: 201
          is: invited
          expires: timestamp(body.sent) + duration("24h")
      """;

  @Test
  void anInvitationLapses() {
    Connector connector =
        kitchen.connector(
            kitchen.listener(
                _ -> Says.status(201, "{\"id\":\"i1\",\"sent\":\"2026-03-02T07:00:00Z\"}")),
            Kitchen.recipe(INVITING));

    assertThat(connector.capabilities().invites()).isTrue();
    assertThat(create(connector))
        .isEqualTo(
            new Creation.Invited("i1", "jane@acme.example", Instant.parse("2026-03-03T07:00:00Z")));
  }

  @Test
  void anInvitationThatNobodyKnowsTheEndOfIsUnknown() {
    assertThat(
            create(
                kitchen.connector(
                    kitchen.listener(_ -> Says.status(201, "{\"id\":\"i1\"}")),
                    Kitchen.recipe(INVITING))))
        .isInstanceOf(Unknown.class);
  }

  private static final String TWO_STEPS =
      """
      - request: POST /people
        body: '{"email": person.email}'
        answers:
          - {status: 201, is: next, keep: {person: body.id}}
          - {status: 409, is: conflict}
      - request: PUT /seats/{kept.person}
        answers:
          - {status: 200, is: created, id: kept.person}
          - {status: 409, is: conflict}
          - {status: 422, is: rejected}
      """;

  private Creation twoSteps(Says second) {
    return create(
        kitchen.connector(
            kitchen.listener(
                heard ->
                    heard.method().equals("POST") ? Says.status(201, "{\"id\":\"p7\"}") : second),
            Kitchen.recipe(TWO_STEPS)));
  }

  @Test
  void aSecondRequestKnowsWhatTheFirstAnswered() {
    assertThat(twoSteps(Says.status(200, "")))
        .isEqualTo(new Creation.Created("p7", "jane@acme.example"));
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 422, 429, 401, 500})
  void whatIsHalfDoneIsNeverSaidToBeSurelyNotDone(int status) {
    assertThat(twoSteps(Says.status(status, ""))).isInstanceOf(Unknown.class);
  }

  private static final String PAGED =
      Kitchen.recipe(Kitchen.PLAIN)
          .replace(
              "query: {email: '{person.email}'}",
              "query: {page: '{page}'}\n    first-page: 1\n    next-page: 'size(body) == 2 ? page + 1 : 0'");

  private static String page(int from) {
    return IntStream.range(from, from + 2)
        .mapToObj(i -> "{\"id\":\"U%d\",\"email\":\"u%d@acme.example\"}".formatted(i, i))
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void thatNothingIsThereIsSaidByTheLastPageOnly() {
    Listener listener =
        kitchen.listener(
            heard ->
                switch (heard.query()) {
                  case "page=1" -> Says.status(200, page(0));
                  case "page=2" ->
                      Says.status(200, page(2).replace("u3@acme.example", "jane@acme.example"));
                  default -> Says.status(200, "[]");
                });

    assertThat(find(kitchen.connector(listener, PAGED)))
        .isInstanceOfSatisfying(
            Lookup.Found.class, found -> assertThat(found.id()).isEqualTo("U3"));
    assertThat(
            find(
                kitchen.connector(
                    kitchen.listener(
                        heard -> Says.status(200, heard.query().equals("page=3") ? "[]" : page(0))),
                    PAGED)))
        .isEqualTo(new Lookup.Absent());
  }

  @Test
  void pagesWithoutAnEndAreLeft() {
    Listener listener = kitchen.listener(_ -> Says.status(200, page(0)));

    assertThat(find(kitchen.connector(listener, PAGED))).isInstanceOf(NotNow.class);
    assertThat(listener.heard()).hasSize(100);
  }

  @Test
  void aGroupThatTheRecipeCannotGrantIsNotPassedOverInSilence() {
    Listener listener = kitchen.listener(_ -> Says.status(201, "{\"id\":\"U1\"}"));

    assertThat(
            kitchen
                .connector(listener, Kitchen.recipe(Kitchen.PLAIN))
                .create(Kitchen.granted("engineering"), Kitchen.soon()))
        .isInstanceOf(Rejected.class);
    assertThat(listener.heard()).isEmpty();
    assertThat(
            kitchen
                .connector(
                    listener,
                    Kitchen.recipe(
                        Kitchen.PLAIN.replace(
                            "\"name\": person.displayName", "\"teams\": account.groups")))
                .create(Kitchen.granted("engineering"), Kitchen.soon()))
        .isInstanceOf(Creation.Created.class);
    assertThat(listener.heard().getFirst().body())
        .isEqualTo("{\"email\":\"jane@acme.example\",\"teams\":[\"engineering\"]}");
  }

  @Test
  void whatNobodyKnowsOfThePersonIsLeftOut() {
    Listener listener = kitchen.listener(_ -> Says.status(201, "{\"id\":\"U1\"}"));
    create(
        kitchen.connector(
            listener,
            Kitchen.recipe(
                Kitchen.PLAIN.replace(
                    "person.displayName",
                    "{\"given\": person.givenName, \"family\": person.familyName}"))));

    assertThat(listener.heard().getFirst().body())
        .isEqualTo("{\"email\":\"jane@acme.example\",\"name\":{\"family\":\"Doe\"}}");
  }

  @Test
  void workWithoutAnEndIsNotDone() {
    String nested =
        "[0,1,2,3,4,5,6,7,8,9]"
            + IntStream.range(0, 5)
                .mapToObj(i -> ".map(a%d, [0,1,2,3,4,5,6,7,8,9]".formatted(i))
                .collect(Collectors.joining())
            + ")".repeat(5);
    Listener listener = kitchen.listener(_ -> Says.status(201, "{\"id\":\"U1\"}"));

    assertThat(
            create(
                kitchen.connector(
                    listener, Kitchen.recipe(Kitchen.PLAIN.replace("person.displayName", nested)))))
        .isInstanceOfSatisfying(
            Rejected.class, rejected -> assertThat(rejected.why()).contains("gave nothing"));
    assertThat(listener.heard()).isEmpty();
  }

  @Test
  void aBodyThatIsTooLongIsNotSent() {
    Listener listener = kitchen.listener(_ -> Says.status(201, "{\"id\":\"U1\"}"));

    assertThat(
            kitchen
                .connector(listener, Kitchen.recipe(Kitchen.PLAIN))
                .create(Kitchen.called("x".repeat(70_000)), Kitchen.soon()))
        .isInstanceOf(Rejected.class);
    assertThat(listener.heard()).isEmpty();
  }

  @Test
  void noWordAndNoValueNamesThePersonOrTheSecret() {
    for (Says says :
        List.of(
            Says.status(
                200, "{\"token\":\"" + Kitchen.TOKEN + "\",\"email\":\"jane@acme.example\"}"),
            Says.status(418, "jane@acme.example " + Kitchen.TOKEN))) {
      Connector connector =
          kitchen.connector(kitchen.listener(_ -> says), Kitchen.recipe(Kitchen.PLAIN));

      assertThat(
              List.of(
                  create(connector).toString(),
                  find(connector).toString(),
                  connector.delete("U1", Kitchen.jane(), Kitchen.soon()).toString()))
          .allSatisfy(text -> assertThat(text).doesNotContain(Kitchen.TOKEN, "jane@acme.example"));
    }
  }
}
