package dev.usher.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SaasTest {

  private static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");

  private final Saas saas = Saas.start("t0ken", () -> NOW);
  private final ScimClient client = new ScimClient(saas);

  @AfterEach
  void close() {
    client.close();
    saas.close();
  }

  @Test
  void aUserIsCreatedAndReadBack() throws Exception {
    HttpResponse<String> created = client.create("ada@acme.example", "acme/staff/1");

    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.headers().firstValue("Location")).hasValueSatisfying(this::isOurs);
    assertThat(created.headers().firstValue("ETag")).contains("W/\"1\"");
    String location = created.headers().firstValue("Location").orElseThrow();
    assertThat(client.get(location.substring(saas.url().length())).body())
        .contains("\"userName\":\"ada@acme.example\"", "\"externalId\":\"acme/staff/1\"");
    assertThat(saas.accounts())
        .containsExactly(
            new Saas.Account(
                "U000000001",
                "ada@acme.example",
                Optional.of("acme/staff/1"),
                Optional.of("Ada Lovelace"),
                true,
                NOW));
    assertThat(saas.successfulCreates()).containsOnly(Map.entry("acme/staff/1", 1));
    assertThat(saas.requests()).containsEntry("POST", 1L).containsEntry("GET", 1L);
  }

  private void isOurs(String location) {
    assertThat(location).startsWith(saas.url() + "/Users/");
  }

  @Test
  void aUserNameIsTakenInAnyCase() throws Exception {
    client.create("ada@acme.example", "1");

    HttpResponse<String> second = client.create("ADA@acme.example", "2");

    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(second.body()).contains("\"scimType\":\"uniqueness\"");
    assertThat(saas.accounts()).hasSize(1);
    assertThat(saas.successfulCreates()).doesNotContainKey("2");
  }

  @Test
  void aSecondCreateShowsWhereNamesAreNotUnique() throws Exception {
    saas.uniqueness(false);

    client.create("ada@acme.example", "1");
    client.create("ada@acme.example", "1");

    assertThat(saas.accounts()).hasSize(2);
    assertThat(saas.successfulCreates()).containsEntry("1", 2);
  }

  @Test
  void oneOfManyAtOnceWinsAName() {
    List<CompletableFuture<HttpResponse<String>>> creates = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      creates.add(client.createLater("ada@acme.example", String.valueOf(i)));
    }

    assertThat(creates.stream().map(CompletableFuture::join).map(HttpResponse::statusCode))
        .containsOnlyOnce(201)
        .containsOnly(201, 409);
    assertThat(saas.accounts()).hasSize(1);
  }

  @Test
  void filtersFindByIndexAndWithout() throws Exception {
    client.create("ada@acme.example", "1");
    client.create("bob@acme.example", "2");

    assertThat(client.find("userName eq \"ADA@acme.example\"").body())
        .contains("\"totalResults\":1", "\"externalId\":\"1\"");
    assertThat(client.find("externalId eq \"2\"").body())
        .contains("\"totalResults\":1", "bob@acme.example");
    assertThat(client.find("externalId eq \"3\"").body()).contains("\"totalResults\":0");
    assertThat(client.find("emails.value eq \"bob@acme.example\"").body())
        .contains("\"totalResults\":1", "\"externalId\":\"2\"");
    assertThat(client.find("userName sw \"ada\" or externalId eq \"2\"").body())
        .contains("\"totalResults\":2");
    assertThat(client.get("/Users?startIndex=2&count=1").body())
        .contains("\"totalResults\":2", "bob@acme.example")
        .doesNotContain("ada@acme.example");
  }

  @Test
  void aPatchSuspendsAndRenamesAndADeleteFreesTheName() throws Exception {
    client.create("ada@acme.example", "1");

    HttpResponse<String> patched =
        client.patch(
            "/Users/U000000001",
            """
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
              {"op":"replace","path":"active","value":false},
              {"op":"replace","path":"userName","value":"countess@acme.example"}]}
            """);

    assertThat(patched.statusCode()).isEqualTo(200);
    assertThat(patched.headers().firstValue("ETag")).contains("W/\"2\"");
    assertThat(saas.accounts()).first().matches(account -> !account.active());
    assertThat(client.create("ada@acme.example", "2").statusCode()).isEqualTo(201);
    assertThat(client.create("countess@acme.example", "3").statusCode()).isEqualTo(409);
    assertThat(client.delete("/Users/U000000001").statusCode()).isEqualTo(204);
    assertThat(client.get("/Users/U000000001").statusCode()).isEqualTo(404);
    assertThat(client.create("countess@acme.example", "3").statusCode()).isEqualTo(201);
  }

  @Test
  void onlyTheRightTokenIsServed() throws Exception {
    HttpRequest stranger =
        HttpRequest.newBuilder(URI.create(saas.url() + "/Users"))
            .header("Authorization", "Bearer other")
            .build();

    assertThat(client.send(stranger).statusCode()).isEqualTo(401);
    assertThat(client.send(HttpRequest.newBuilder(stranger.uri()).build()).statusCode())
        .isEqualTo(401);
  }

  @Test
  void accountsOutlastARestartAtTheSameAddress() throws Exception {
    String url = saas.url();
    client.create("ada@acme.example", "1");

    saas.stop();
    saas.stop();
    assertThatThrownBy(() -> client.create("bob@acme.example", "2"))
        .isInstanceOf(IOException.class);
    saas.restart();

    assertThat(saas.url()).isEqualTo(url);
    assertThat(client.create("bob@acme.example", "2").statusCode()).isEqualTo(201);
    assertThat(saas.accounts()).hasSize(2);
  }

  @Test
  void whatItCanDoIsDiscoverable() throws Exception {
    assertThat(client.get("/ServiceProviderConfig").body())
        .containsSubsequence("\"patch\"", "\"supported\"");
  }
}
