package dev.usher.provisioning.provision.connector.scim;

import static dev.usher.provisioning.provision.connector.scim.Talk.all;
import static dev.usher.provisioning.provision.connector.scim.Talk.granted;
import static dev.usher.provisioning.provision.connector.scim.Talk.jane;
import static dev.usher.provisioning.provision.connector.scim.Talk.janes;
import static dev.usher.provisioning.provision.connector.scim.Talk.soon;
import static dev.usher.provisioning.provision.connector.scim.Talk.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.provisioning.provision.connector.Change;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Creation;
import dev.usher.provisioning.provision.connector.DesiredAccount;
import dev.usher.provisioning.provision.connector.NotNow;
import dev.usher.provisioning.provision.connector.NotNow.Cause;
import dev.usher.provisioning.provision.connector.Rejected;
import dev.usher.provisioning.provision.connector.http.Json;
import dev.usher.provisioning.provision.connector.http.Listener;
import dev.usher.provisioning.provision.connector.http.Listener.Heard;
import dev.usher.provisioning.provision.connector.http.Listener.Says;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Updates, suspensions, deletes and memberships, one answer at a time. */
class ScimChangeTest {

  private static final Change DONE = new Change.Done();
  private static final DesiredAccount ENGINEER = granted("group", "engineering");
  private static final String ENGINEERING = "{\"id\":\"G1\",\"displayName\":\"engineering\"}";

  private final Talk talk = new Talk();

  @AfterEach
  void close() {
    talk.close();
  }

  private Listener listener(Function<Heard, Says> answers) {
    return talk.listener(answers);
  }

  /** Jane as the service has her: another name, and attributes that we know nothing of. */
  private static String before() {
    return user(
        "U1",
        "jane@acme.example",
        "",
        "\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"]",
        "\"displayName\":\"Jane Smith\"",
        "\"name\":{\"givenName\":\"Jane\",\"familyName\":\"Smith\",\"middleName\":\"Q\"}",
        "\"emails\":[{\"type\":\"home\",\"value\":\"jane@home.example\",\"primary\":true}]",
        "\"locale\":\"de-CH\",\"timezone\":\"Europe/Zurich\"",
        "\"nickName\":\"JJ\",\"active\":true",
        "\"groups\":[{\"value\":\"G9\"}]",
        "\"meta\":{\"version\":\"W/\\\"3\\\"\",\"created\":\"2026-01-01T00:00:00Z\"}");
  }

  /** A service that has Jane, and answers a PUT without her. */
  private static Says putInSilence(Heard heard) {
    return heard.method().equals("PUT") ? Says.status(204, "") : Says.status(200, before());
  }

  private static JsonNode body(Listener listener, String method) {
    return listener.heard().stream()
        .filter(heard -> heard.method().equals(method))
        .map(heard -> String.valueOf(heard.body()))
        .map(Json::read)
        .reduce((_, last) -> last)
        .orElseThrow();
  }

  @Test
  void whatDiffersIsPatchedAndNothingElse() {
    Listener listener = listener(_ -> Says.status(200, before()));

    assertThat(
            talk.connector(listener, "updates: patch", "etags: sent").update("U1", jane(), soon()))
        .isEqualTo(DONE);

    assertThat(Talk.requests(listener)).containsExactly("GET /Users/U1", "PATCH /Users/U1");
    assertThat(listener.heard().getLast().header("If-Match")).isEqualTo("W/\"3\"");
    assertThat(body(listener, "PATCH"))
        .isEqualTo(
            Json.read(
                """
                {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
                 {"op":"replace","path":"externalId","value":"acme/staff/1/slack"},
                 {"op":"replace","path":"displayName","value":"Jane Doe"},
                 {"op":"replace","path":"name.familyName","value":"Doe"},
                 {"op":"add","path":"emails","value":[{"type":"work","value":"jane@acme.example"}]}]}
                """));
  }

  @Test
  void aPutKeepsWhatWeKnowNothingOf() {
    Listener listener = listener(_ -> Says.status(200, before()).with("ETag", "W/\"4\""));

    assertThat(talk.connector(listener, "updates: put", "etags: sent").update("U1", jane(), soon()))
        .isEqualTo(DONE);

    assertThat(listener.heard().getLast().header("If-Match")).isEqualTo("W/\"4\"");
    assertThat(body(listener, "PUT"))
        .isEqualTo(
            Json.read(
                """
                {"id":"U1","userName":"jane@acme.example","externalId":"acme/staff/1/slack",
                 "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
                 "displayName":"Jane Doe",
                 "name":{"givenName":"Jane","familyName":"Doe","middleName":"Q"},
                 "emails":[{"type":"home","value":"jane@home.example","primary":true},
                   {"type":"work","value":"jane@acme.example"}],
                 "locale":"de-CH","timezone":"Europe/Zurich","nickName":"JJ","active":true}
                """));
  }

  @Test
  void whatIsAsItShallBeIsNotChanged() {
    String jane =
        user(
            "U1",
            "Jane@acme.example",
            "acme/staff/1/slack",
            "\"displayName\":\"Jane Doe\",\"name\":{\"givenName\":\"Jane\",\"familyName\":\"Doe\"}",
            "\"emails\":[{\"type\":\"work\",\"value\":\"jane@acme.example\"}]",
            "\"locale\":\"de-CH\",\"timezone\":\"Europe/Zurich\"");
    Listener listener = listener(_ -> Says.status(200, jane));

    assertThat(talk.connector(listener).update("U1", jane(), soon())).isEqualTo(DONE);

    assertThat(Talk.requests(listener)).containsExactly("GET /Users/U1");
  }

  @Test
  void whoeverWasChangedMeanwhileIsReadAndChangedAgain() {
    AtomicInteger stale = new AtomicInteger(2);
    Listener listener =
        listener(
            heard ->
                heard.method().equals("PATCH") && stale.getAndDecrement() > 0
                    ? Says.status(412, "")
                    : Says.status(200, before()));
    Connector connector = talk.connector(listener, "updates: patch", "etags: sent");

    assertThat(connector.update("U1", jane(), soon())).isEqualTo(DONE);

    assertThat(listener.heard()).hasSize(6);
    stale.set(1_000);
    assertThat(connector.update("U1", jane(), soon()))
        .isEqualTo(
            new NotNow("Somebody else changes the account again and again", Cause.TROUBLE, null));
    assertThat(listener.heard()).hasSize(12);
  }

  @ParameterizedTest
  @CsvSource({
    "404, '', Gone",
    "410, '{}', Gone",
    "404, <html>no such host</html>, NotNow",
    "401, '', NotNow",
    "429, '', NotNow",
    "307, '', NotNow",
    "400, '', Rejected",
    "409, '', Rejected",
    "501, '', Rejected",
    "500, '', Unknown",
    "502, '', Unknown",
    "204, '', Done"
  })
  void statusesOfAChangeAreTakenForWhatTheyMean(int status, String body, String expected) {
    Connector connector =
        talk.connector(listener(_ -> Says.status(status, body)), "updates: patch");

    assertThat(connector.suspend("U1", jane(), soon()).getClass().getSimpleName())
        .isEqualTo(expected);
    assertThat(connector.delete("U1", jane(), soon()).getClass().getSimpleName())
        .isEqualTo(expected);
  }

  @Test
  void aSuspensionIsOnePatchOfOneAttribute() {
    Listener listener = listener(_ -> Says.status(204, ""));
    Connector connector = talk.connector(listener, "updates: patch");

    assertThat(connector.suspend("U1", jane(), soon())).isEqualTo(DONE);
    assertThat(body(listener, "PATCH"))
        .isEqualTo(
            Json.read(
                """
                {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                 "Operations":[{"op":"replace","path":"active","value":false}]}
                """));
    assertThat(connector.reactivate("U1", jane(), soon())).isEqualTo(DONE);
    assertThat(body(listener, "PATCH").at("/Operations/0/value").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"patch", "put"})
  void aSuspensionThatIsAnsweredAndNotMadeIsNotBelieved(String updates) {
    Listener listener =
        listener(_ -> Says.status(200, user("U1", "jane@acme.example", "", "\"active\":true")));

    assertThat(talk.connector(listener, "updates: " + updates).suspend("U1", jane(), soon()))
        .isEqualTo(new NotNow("The service answered 200 and did not do it", Cause.TROUBLE, null));
  }

  @Test
  void whereThereIsNoPatchASuspensionIsAPutOfAllElseAsItWas() {
    Listener listener = listener(ScimChangeTest::putInSilence);
    Connector connector = talk.connector(listener, "updates: put");

    assertThat(connector.reactivate("U1", jane(), soon())).as("it is active").isEqualTo(DONE);
    assertThat(Talk.requests(listener)).containsExactly("GET /Users/U1");
    connector.suspend("U1", jane(), soon());

    JsonNode put = body(listener, "PUT");
    assertThat(put.path("active").asBoolean(true)).isFalse();
    assertThat(put.path("displayName").asString()).isEqualTo("Jane Smith");
  }

  @Test
  void whatAServiceCanDoIsAskedOnceAnHourAndKeptWhileItCannotSay() {
    String config = "{\"patch\":{\"supported\":false},\"etag\":{\"supported\":true}}";
    AtomicInteger status = new AtomicInteger(200);
    Listener listener =
        listener(
            heard ->
                heard.path().equals("/ServiceProviderConfig")
                    ? Says.status(status.get(), config)
                    : Says.status(200, before()));
    Connector connector = talk.connector(listener);

    connector.update("U1", jane(), soon());
    connector.update("U1", jane(), soon());
    assertThat(configs(listener)).isEqualTo(1);
    assertThat(listener.heard().getLast().method()).isEqualTo("PUT");
    assertThat(listener.heard().getLast().header("If-Match")).isEqualTo("W/\"3\"");

    status.set(503);
    talk.after(Duration.ofMinutes(61));
    connector.update("U1", jane(), soon());
    connector.update("U1", jane(), soon());

    assertThat(configs(listener)).isEqualTo(2);
    assertThat(listener.heard().getLast().method()).isEqualTo("PUT");
  }

  @ParameterizedTest
  @CsvSource({"429", "503", "408"})
  void nothingIsChangedInAWayThatIsGuessedWhileTheServiceCannotSay(int status) {
    String config = "{\"patch\":{\"supported\":false}}";
    AtomicInteger answered = new AtomicInteger(status);
    Listener listener =
        listener(
            heard ->
                heard.path().equals("/ServiceProviderConfig")
                    ? Says.status(answered.get(), config)
                    : putInSilence(heard));
    Connector connector = talk.connector(listener);

    assertThat(connector.update("U1", jane(), soon())).isInstanceOf(NotNow.class);
    assertThat(connector.suspend("U1", jane(), soon())).isInstanceOf(NotNow.class);
    assertThat(listener.heard()).extracting(Heard::method).containsOnly("GET");

    answered.set(200);
    assertThat(connector.suspend("U1", jane(), soon())).isInstanceOf(Change.Done.class);
    assertThat(listener.heard().getLast().method()).isEqualTo("PUT");
  }

  @ParameterizedTest
  @CsvSource({"404, 501", "200, 405", "403, 501"})
  void whoeverAnswersAPatchThatThereIsNoneIsAskedByPutFromThenOn(int config, int patch) {
    Listener listener =
        listener(
            heard ->
                heard.path().equals("/ServiceProviderConfig")
                    ? Says.status(config, "{\"patch\":{\"supported\":true}}")
                    : heard.method().equals("PATCH")
                        ? Says.status(patch, "")
                        : putInSilence(heard));
    Connector connector = talk.connector(listener);

    assertThat(connector.suspend("U1", jane(), soon())).isEqualTo(DONE);
    assertThat(connector.update("U1", jane(), soon())).isEqualTo(DONE);

    assertThat(listener.heard())
        .extracting(Heard::method)
        .containsExactly("GET", "PATCH", "GET", "PUT", "GET", "PUT");
    assertThat(talk.connector(listener, "updates: patch").suspend("U1", jane(), soon()))
        .as("the setting says otherwise")
        .isInstanceOf(Rejected.class);
  }

  private static long configs(Listener listener) {
    return Talk.requests(listener).stream().filter(each -> each.contains("Config")).count();
  }

  @Test
  void aPluralOfConfigurationsIsReadToo() {
    Listener listener =
        listener(
            heard ->
                heard.path().equals("/ServiceProviderConfigs")
                    ? Says.status(200, "{\"Resources\":[{\"patch\":{\"supported\":false}}]}")
                    : Says.status(200, before()));

    talk.connector(listener, "discovery: ServiceProviderConfigs").update("U1", jane(), soon());

    assertThat(listener.heard().getLast().method()).isEqualTo("PUT");
  }

  /** A service with groups, and one answer to a membership. */
  private Listener groups(Says groups, Says membership) {
    return listener(
        heard ->
            switch (heard.method() + " " + heard.path()) {
              case "GET /Groups" -> groups;
              case "PATCH /Groups/G1" -> membership;
              case "POST /Users" -> Says.status(201, janes());
              default -> Says.status(200, before());
            });
  }

  @Test
  void aGroupIsFoundByNameOnceAndJoinedByEachWhoIsGrantedIt() {
    Listener listener = groups(all(ENGINEERING), Says.status(204, ""));
    Connector connector = talk.connector(listener);

    assertThat(connector.create(ENGINEER, soon()))
        .isEqualTo(new Creation.Created("U1", "jane@acme.example", true));
    assertThat(Talk.requests(listener))
        .containsExactly("GET /Groups", "POST /Users", "PATCH /Groups/G1");
    assertThat(Talk.query(listener.heard().getFirst()))
        .isEqualTo("filter=displayName eq \"engineering\"");
    assertThat(body(listener, "PATCH"))
        .isEqualTo(
            Json.read(
                """
                {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                 "Operations":[{"op":"add","path":"members","value":[{"value":"U1"}]}]}
                """));

    assertThat(connector.create(ENGINEER, soon())).isInstanceOf(Creation.Created.class);
    assertThat(listener.heard()).hasSize(5);
  }

  @Test
  void nobodyIsMadeForAGroupThatDoesNotExistOrNotOnce() {
    for (Says groups : List.of(all(), all(ENGINEERING, ENGINEERING.replace("G1", "G2")))) {
      Listener listener = groups(groups, Says.status(204, ""));

      assertThat(talk.connector(listener).create(ENGINEER, soon()))
          .isInstanceOfSatisfying(
              Rejected.class, rejected -> assertThat(rejected.words()).isEqualTo("engineering"));

      assertThat(Talk.requests(listener)).containsExactly("GET /Groups");
    }
    assertThat(talk.connector(groups(all(), all()), "groups: none").create(ENGINEER, soon()))
        .isInstanceOf(Rejected.class);
    assertThat(talk.connector(groups(Says.status(503, ""), all())).create(ENGINEER, soon()))
        .isInstanceOf(NotNow.class);
  }

  @Test
  void whereGroupsCannotBeFilteredTheyAreLookedThrough() {
    Listener listener = groups(all("{\"id\":\"G0\",\"displayName\":\"x\"}", ENGINEERING), all());

    talk.connector(listener, "groups: scanned").create(ENGINEER, soon());

    assertThat(Talk.query(listener.heard().getFirst())).isEqualTo("startIndex=1&count=100");
    assertThat(Talk.requests(listener)).endsWith("PATCH /Groups/G1");
  }

  @Test
  void aMembershipThatCannotBeHadLeavesAnAccountThatAnUpdateCompletes() {
    AtomicInteger status = new AtomicInteger(503);
    Listener listener =
        listener(
            heard ->
                switch (heard.method() + " " + heard.path()) {
                  case "GET /Groups" -> all(ENGINEERING);
                  case "PATCH /Groups/G1" -> Says.status(status.get(), "");
                  case "POST /Users" -> Says.status(201, janes());
                  default -> Says.status(200, before());
                });
    Connector connector = talk.connector(listener, "updates: patch");

    assertThat(connector.create(ENGINEER, soon()))
        .isEqualTo(new Creation.Created("U1", "jane@acme.example", false));
    status.set(204);
    assertThat(connector.update("U1", ENGINEER, soon())).isEqualTo(DONE);
    assertThat(Talk.requests(listener)).endsWith("PATCH /Users/U1", "PATCH /Groups/G1");
  }

  @Test
  void aGroupThatIsGoneIsLookedUpAgain() {
    Listener listener = groups(all(ENGINEERING), Says.status(404, ""));
    Connector connector = talk.connector(listener, "updates: patch");

    assertThat(connector.update("U1", ENGINEER, soon())).isInstanceOf(NotNow.class);
    connector.update("U1", ENGINEER, soon());

    assertThat(Talk.requests(listener)).filteredOn("GET /Groups"::equals).hasSize(2);
  }
}
