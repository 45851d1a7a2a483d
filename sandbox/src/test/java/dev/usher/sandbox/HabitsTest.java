package dev.usher.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.sandbox.Habit.Quirk;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HabitsTest {

  private static final String PATCH =
      """
      {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[%s]}
      """;

  private final Saas saas = Saas.start();
  private final ScimClient client = new ScimClient(saas);

  @AfterEach
  void close() {
    client.close();
    saas.close();
  }

  private void twoUsers() throws IOException, InterruptedException {
    client.create("ada@acme.example", "1");
    client.create("bob@acme.example", "2");
  }

  @ParameterizedTest
  @CsvSource({
    "REFUSED, 400, invalidFilter",
    "EMPTY, 200, '\"totalResults\":0'",
    "IGNORED, 200, '\"totalResults\":2'"
  })
  void aFilterThatIsNotSupported(Habit.Unsupported others, int status, String body)
      throws Exception {
    twoUsers();
    saas.habits(new Habit.Filters(Set.of("userName"), others));

    HttpResponse<String> answer = client.find("externalId eq \"1\"");

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains(body);
    assertThat(client.find("username eq \"bob@acme.example\"").body())
        .contains("\"totalResults\":1", "\"externalId\":\"2\"");
  }

  @Test
  void listsHaveSoManyAtMost() throws Exception {
    twoUsers();
    saas.habits(new Habit.Pages(1));

    assertThat(client.get("/Users").body())
        .contains("\"totalResults\":2", "ada@")
        .doesNotContain("bob@");
    assertThat(client.get("/Users?startIndex=2&count=100").body())
        .contains("\"totalResults\":2", "bob@")
        .doesNotContain("ada@");
  }

  @Test
  void anExternalIdIsEchoedAndForgotten() throws Exception {
    saas.habits(Quirk.FORGETS_EXTERNAL_ID);

    assertThat(client.create("ada@acme.example", "1").body()).contains("\"externalId\":\"1\"");

    assertThat(client.find("userName eq \"ada@acme.example\"").body())
        .contains("ada@")
        .doesNotContain("externalId");
    assertThat(saas.accounts().getFirst().externalId()).isEmpty();
  }

  @Test
  void aCreateTakesOverWhatIsThere() throws Exception {
    client.create("ada@acme.example", "1");
    saas.habits(Quirk.BINDS);

    HttpResponse<String> second = client.create("ADA@acme.example", "2");

    assertThat(second.statusCode()).isEqualTo(201);
    assertThat(second.body()).contains("\"id\":\"U000000001\"");
    assertThat(saas.accounts())
        .singleElement()
        .satisfies(account -> assertThat(account.externalId()).isEqualTo(Optional.of("2")));
  }

  @Test
  void aDeleteOnlyDeactivates() throws Exception {
    client.create("ada@acme.example", "1");
    saas.habits(Quirk.DELETE_DEACTIVATES);

    assertThat(client.delete("/Users/U000000001").statusCode()).isEqualTo(204);

    assertThat(client.get("/Users/U000000001").body()).contains("\"active\":false");
  }

  @Test
  void whatItCannotDoTheConfigurationSays() throws Exception {
    client.create("ada@acme.example", "1");
    assertThat(client.get("/ServiceProviderConfig").body())
        .contains("\"patch\":{\"supported\":true}", "\"etag\":{\"supported\":true}");

    saas.habits(Quirk.PUT_ONLY, Quirk.NO_ETAGS, Quirk.PLURAL_CONFIG);

    assertThat(client.get("/ServiceProviderConfig").statusCode()).isEqualTo(404);
    assertThat(client.get("/ServiceProviderConfigs").body())
        .contains("\"patch\":{\"supported\":false}", "\"etag\":{\"supported\":false}");
    HttpResponse<String> user = client.get("/Users/U000000001");
    assertThat(user.headers().firstValue("ETag")).isEmpty();
    assertThat(user.body()).doesNotContain("version");
    String patch = PATCH.formatted("{\"op\":\"replace\",\"path\":\"active\",\"value\":false}");
    assertThat(client.patch("/Users/U000000001", patch).statusCode()).isEqualTo(501);
  }

  @Test
  void errorsCanLackTheirType() throws Exception {
    client.create("ada@acme.example", "1");
    saas.habits(Quirk.NO_SCIM_TYPE);

    HttpResponse<String> second = client.create("ada@acme.example", "2");

    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(second.body()).contains("detail").doesNotContain("scimType");
  }

  @Test
  void headersAndAttributesCanBeAskedFor() throws Exception {
    saas.habits(Quirk.WANTS_SCIM_ACCEPTED);
    assertThat(client.get("/Users").statusCode()).isEqualTo(406);

    saas.habits(Quirk.PLAIN_JSON);
    assertThat(client.create("ada@acme.example", "1").statusCode()).isEqualTo(415);
    assertThat(client.get("/Users").headers().firstValue("Content-Type"))
        .contains("application/json");

    saas.habits(Quirk.WANTS_WORK_EMAIL, Quirk.WANTS_NAMES_AND_ONE_EMAIL);
    assertThat(client.create("ada@acme.example", "1").statusCode()).isEqualTo(201);
    String bare =
        """
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"bob@acme.example"}
        """;
    HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString(bare);
    assertThat(client.send(client.to("/Users").POST(body).build()).statusCode()).isEqualTo(400);
  }

  @Test
  void membersAreAddedAndReplacedUnlessThatIsForbidden() throws Exception {
    String group = saas.group("engineering");
    assertThat(client.get("/Groups?filter=displayName%20eq%20%22engineering%22").body())
        .contains("\"totalResults\":1", group);
    String change = "{\"op\":\"%s\",\"path\":\"members\",\"value\":[{\"value\":\"%s\"}]}";

    client.patch("/Groups/" + group, PATCH.formatted(change.formatted("add", "U1")));
    client.patch("/Groups/" + group, PATCH.formatted(change.formatted("add", "U2")));
    assertThat(saas.members(group)).containsExactlyInAnyOrder("U1", "U2");

    saas.habits(Quirk.NO_REPLACE_IN_GROUPS);
    String replace = PATCH.formatted(change.formatted("replace", "U3"));
    assertThat(client.patch("/Groups/" + group, replace).statusCode()).isEqualTo(400);
    assertThat(saas.members(group)).containsExactlyInAnyOrder("U1", "U2");
  }
}
