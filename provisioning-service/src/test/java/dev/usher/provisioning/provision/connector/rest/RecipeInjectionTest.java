package dev.usher.provisioning.provision.connector.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.provisioning.provision.connector.Change;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Creation;
import dev.usher.provisioning.provision.connector.Lookup;
import dev.usher.provisioning.provision.connector.NotNow;
import dev.usher.provisioning.provision.connector.Rejected;
import dev.usher.provisioning.provision.connector.http.Json;
import dev.usher.provisioning.provision.connector.http.Listener;
import dev.usher.provisioning.provision.connector.http.Listener.Heard;
import dev.usher.provisioning.provision.connector.http.Listener.Says;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** Whatever a person, a service or a tenant's file says, stays the value that it is. */
class RecipeInjectionTest {

  @TempDir private Path directory;
  private Kitchen kitchen = new Kitchen(Path.of(""));

  private static final String EVERYWHERE =
      """
      request: POST /teams/{settings.team}/users/{person.attributes["cost-centre"]}
      query: {name: '{person.displayName}', fixed: 'a b&c=d'}
      headers: {X-Team: 'team-{settings.team}'}
      body: '{"name": person.displayName, "attributes": person.attributes}'
      answers:
        - {status: 201, is: created}
      """;

  @BeforeEach
  void open() {
    kitchen = new Kitchen(directory);
  }

  @AfterEach
  void close() {
    kitchen.close();
  }

  private Listener created() {
    return kitchen.listener(_ -> Says.status(201, "{\"id\":\"U1\"}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Jane Doe",
        "a/b?c=d#e&f=g",
        "100%",
        "%0d%0aX-Evil: 1",
        "a+b",
        "\"}, \"admin\": true, {\"x\": \"",
        "{settings.team}",
        "${SLACK_TOKEN}",
        "Zoë 名 🙂",
        "...",
        "a..b",
        "' OR 1=1 --"
      })
  void aNameStaysAName(String name) {
    Listener listener = created();
    Connector connector = kitchen.connector(listener, Kitchen.recipe(EVERYWHERE));

    assertThat(connector.create(Kitchen.called(name), Kitchen.soon()))
        .isInstanceOf(Creation.Created.class);

    assertThat(listener.heard()).hasSize(1);
    Heard heard = listener.heard().getFirst();
    assertThat(heard.path()).startsWith("/teams/core/users/");
    assertThat(heard.path().split("/", -1)).hasSize(5);
    assertThat(decoded(heard.path().substring("/teams/core/users/".length()))).isEqualTo(name);
    assertThat(heard.query().split("&", -1)).hasSize(2);
    assertThat(decoded(heard.query())).isEqualTo("name=" + name + "&fixed=a b&c=d");
    assertThat(Objects.requireNonNull(Json.read(heard.body())).toString())
        .isEqualTo(
            Json.write(
                JsonNodeFactory.instance
                    .objectNode()
                    .put("name", name)
                    .set(
                        "attributes",
                        JsonNodeFactory.instance.objectNode().put("cost-centre", name))));
    assertThat(heard.header("X-Evil")).isEmpty();
    assertThat(heard.header("X-Team")).isEqualTo("team-core");
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        ".",
        "../admin",
        "a/../../admin",
        "..\\admin",
        "%2e%2e",
        "%2e%2e%2fadmin",
        "%252e%252e%252fadmin",
        "x/..",
        "a\r\nX-Evil: 1",
        "a\u0000b"
      })
  void whatWouldLeadElsewhereIsNotSent(String name) {
    Listener listener = created();
    Connector connector = kitchen.connector(listener, Kitchen.recipe(EVERYWHERE));

    assertThat(connector.create(Kitchen.called(name), Kitchen.soon()))
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected ->
                assertThat(rejected.why() + rejected.words()).doesNotContain(name, "X-Evil"));
    assertThat(listener.heard()).isEmpty();
  }

  @Test
  void anIdThatTheServiceGaveLeadsNowhereElse() {
    Listener listener = kitchen.listener(_ -> Says.status(204, ""));
    Connector connector = kitchen.connector(listener, Kitchen.recipe(Kitchen.PLAIN));

    assertThat(connector.delete("../teams/core", Kitchen.jane(), Kitchen.soon()))
        .isInstanceOf(Rejected.class);
    assertThat(connector.read("..", Kitchen.jane(), Kitchen.soon())).isInstanceOf(NotNow.class);
    assertThat(listener.heard()).isEmpty();
    assertThat(connector.delete("U1/keys?all=1", Kitchen.jane(), Kitchen.soon()))
        .isEqualTo(new Change.Done());
    assertThat(listener.heard())
        .singleElement()
        .satisfies(
            heard -> {
              assertThat(heard.path()).isEqualTo("/users/U1%2Fkeys%3Fall%3D1");
              assertThat(heard.query()).isEmpty();
            });
  }

  @Test
  void aTenantsSettingIsASegmentToo() {
    Listener listener = created();
    String recipe = Kitchen.recipe(EVERYWHERE);

    assertThat(
            kitchen
                .connector(listener, recipe, "settings: {team: \"a/b\"}")
                .create(Kitchen.jane(), Kitchen.soon()))
        .isInstanceOf(Creation.Created.class);
    assertThat(listener.heard().getFirst().path()).isEqualTo("/teams/a%2Fb/users/Jane%20Doe");
    assertThat(
            kitchen
                .connector(listener, recipe, "settings: {team: \"a/../b\"}")
                .create(Kitchen.jane(), Kitchen.soon()))
        .isInstanceOf(Rejected.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX-Evil: 1", "a\nb", "Zoë", "\u0000"})
  void aHeaderThatCannotBeSentAsItIsIsNotSent(String name) {
    Listener listener = created();
    Connector connector =
        kitchen.connector(
            listener,
            Kitchen.recipe(
                """
                request: POST /users
                headers: {X-Name: '{person.displayName}'}
                answers:
                  - {status: 201, is: created}
                """));

    assertThat(connector.create(Kitchen.called(name), Kitchen.soon()))
        .isInstanceOfSatisfying(
            Rejected.class, rejected -> assertThat(rejected.why()).contains("`X-Name`"));
    assertThat(listener.heard()).isEmpty();
  }

  @Test
  void aFormIsEncodedByTheEngine() {
    Listener listener = created();
    Connector connector =
        kitchen.connector(
            listener,
            Kitchen.recipe(
                """
                request: POST /users
                form: {name: '{person.displayName}', role: member, given: '{person.givenName}'}
                answers:
                  - {status: 201, is: created}
                """));

    assertThat(connector.create(Kitchen.called("a&role=admin"), Kitchen.soon()))
        .isInstanceOf(Creation.Created.class);
    assertThat(listener.heard().getFirst().body())
        .as("what nobody knows is left out")
        .isEqualTo("name=a%26role%3Dadmin&role=member");
    assertThat(listener.heard().getFirst().header("Content-Type"))
        .startsWith("application/x-www-form-urlencoded");
  }

  @Test
  void whatAServiceSaysIsNoExpression() {
    Listener listener =
        kitchen.listener(
            _ ->
                Says.status(
                    200,
                    "[{\"id\":\"{settings.team}\",\"email\":\"jane@acme.example\",\"externalId\":\"1 + 1\"}]"));
    Connector connector = kitchen.connector(listener, Kitchen.recipe(Kitchen.PLAIN));

    assertThat(connector.find(Kitchen.jane(), Kitchen.soon()))
        .isInstanceOfSatisfying(
            Lookup.Found.class,
            found -> {
              assertThat(found.id()).isEqualTo("{settings.team}");
              assertThat(found.externalId()).isEqualTo("1 + 1");
            });
  }
}
