package dev.usher.provisioning.provision.connector.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.policy.Problem;
import dev.usher.policy.Service;
import dev.usher.policy.TenantSource;
import dev.usher.provisioning.provision.connector.Change;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Creation;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.Lookup;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.Probe;
import dev.usher.provisioning.provision.connector.http.Listener;
import dev.usher.provisioning.provision.connector.http.Listener.Heard;
import dev.usher.provisioning.provision.connector.http.Listener.Says;
import dev.usher.provisioning.tenant.Secrets;
import dev.usher.provisioning.testing.Acme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The page on recipes says what there is, and what it has one do works. */
class RecipePageTest {

  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`|]+)` \\| (.*) \\|$");

  private final String page;

  RecipePageTest() throws IOException {
    page = Files.readString(Path.of("../docs/recipes.md"));
  }

  /** What stands below a heading, up to the next. */
  private String section(String heading) {
    int from = page.indexOf("\n" + heading + "\n");
    assertThat(from).as(heading).isPositive();
    int to = page.indexOf("\n#", from + heading.length());
    return page.substring(from, to < 0 ? page.length() : to);
  }

  private static List<String> keys(String table) {
    return ROW.matcher(table).results().map(row -> row.group(1)).toList();
  }

  @Test
  void thePageHasEachKeyAndNoOther() {
    assertThat(keys(section("### A recipe"))).isEqualTo(RecipeReader.KEYS);
    assertThat(keys(section("### A setting of its own"))).isEqualTo(RecipeReader.SETTING_KEYS);
    assertThat(keys(section("### A request")))
        .containsExactlyInAnyOrderElementsOf(RecipeReader.REQUEST_KEYS);
    assertThat(keys(section("### An answer").split("\\| `is` \\| of \\|", 2)[0]))
        .containsExactlyInAnyOrderElementsOf(RecipeReader.ANSWER_KEYS);
    assertThat(section("### An answer"))
        .contains(Part.texts().stream().map(each -> "`" + each + "`").toList());
    assertThat(section("### A recipe"))
        .contains(Task.texts().stream().map(each -> "`" + each + "`").toList())
        .contains(Limits.SETTINGS.stream().map(each -> "`" + each + "`").toList());
  }

  /** What stands in the rows of a table, by their keys. */
  private static Map<String, String> rows(String table) {
    return ROW.matcher(table)
        .results()
        .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));
  }

  @Test
  void thePageSaysWhatAnAnswerMayMeanAndToWhat() {
    String table = section("### An answer").split("\\| `is` \\| of \\|", 2)[1];

    assertThat(keys(table)).hasSameSizeAs(Meaning.values());
    for (Meaning meaning : Meaning.values()) {
      String of =
          Arrays.stream(Task.values())
              .filter(meaning::answers)
              .map(Task::text)
              .collect(Collectors.joining(", "));
      assertThat(rows(table).get(meaning.text()))
          .as(meaning.text())
          .startsWith((of.equals(String.join(", ", Task.texts())) ? "all" : of) + " | ");
    }
  }

  @Test
  void thePageNamesAllThatExpressionsSpeakOf() {
    String table = section("### What expressions speak of");

    assertThat(keys(table)).isEqualTo(Word.texts());
    for (Word word : Word.values()) {
      assertThat(rows(table).get(word.text())).startsWith(word.inWords() + " | ");
    }
  }

  @Test
  void thePageDescribesEachRecipeAndItsSettings() {
    Recipes ours = Recipes.load(null);
    String table = section("## The recipes");

    assertThat(keys(table)).isEqualTo(ours.names());
    for (String name : ours.names()) {
      assertThat(ours.named(name).orElseThrow().settings().keySet())
          .as(name)
          .allSatisfy(setting -> assertThat(rows(table).get(name)).contains("`" + setting + "`"));
    }
  }

  @Test
  void whatThePageHasOneWriteIsARecipe(@TempDir Path recipes) throws IOException {
    Files.writeString(recipes.resolve("pebble.yaml"), block("<!-- recipe: pebble.yaml -->"));
    String connector = block("<!-- connector: pebble -->").replaceFirst("^connector: ", "").strip();
    RestConnectors connectors = new RestConnectors(new Outbound(true), recipes);
    assertThat(connectors.problems(Acme.slack(connector))).isEmpty();

    try (Listener pebble = Listener.to(new Pebble()::answer)) {
      Service service =
          Acme.slack(
              connector.replace(
                  "recipe: pebble", "recipe: pebble, url: \"" + pebble.uri() + "/v1\""));
      assertThat(connectors.problems(service)).isEmpty();
      try (Connector made =
          connectors.connect(
              service, connectors.limits(service), new Secrets(_ -> "k"), () -> Kitchen.NOW)) {
        assertThat(made.probe(Kitchen.soon())).isInstanceOf(Probe.Works.class);
        assertThat(made.find(Kitchen.jane(), Kitchen.soon())).isEqualTo(new Lookup.Absent());
        assertThat(made.create(Kitchen.jane(), Kitchen.soon()))
            .isEqualTo(new Creation.Created("p1", "jane@acme.example"));
        assertThat(made.create(Kitchen.jane(), Kitchen.soon())).isEqualTo(new Creation.Conflict());
        assertThat(made.find(Kitchen.jane(), Kitchen.soon()))
            .isInstanceOfSatisfying(
                Lookup.Found.class,
                found -> assertThat(found.externalId()).isEqualTo("acme/staff/1/slack"));
        assertThat(made.read("p1", Kitchen.jane(), Kitchen.soon()))
            .isInstanceOf(Lookup.Found.class);
        assertThat(made.delete("p1", Kitchen.jane(), Kitchen.soon())).isEqualTo(new Change.Done());
        assertThat(made.delete("p1", Kitchen.jane(), Kitchen.soon())).isEqualTo(new Change.Gone());
      }
    }
  }

  @Test
  void theMistakeThatThePageShowsIsToldSo(@TempDir Path recipes) throws IOException {
    String recipe = block("<!-- recipe: pebble.yaml -->");
    List<Problem> problems = new ArrayList<>();
    RecipeReader.read(
        new TenantSource(
            "recipes/pebble.yaml", recipe.replace("person.displayName", "person.displayNme")),
        problems);

    assertThat(problems).hasSize(1);
    String told = problems.getFirst().toString();
    String shown = section("## Write a recipe of your own");
    assertThat(shown).contains(told.substring(0, told.indexOf("one of ") + "one of ".length()));
  }

  /** The first block of YAML after a mark. */
  private String block(String mark) {
    int from = page.indexOf("```yaml\n", page.indexOf(mark)) + "```yaml\n".length();
    return page.substring(from, page.indexOf("```", from));
  }

  /** As the page says that Pebble is. */
  private static final class Pebble {

    private final Map<String, ObjectNode> members = new ConcurrentHashMap<>();

    Says answer(Heard heard) {
      if (!heard.header("X-Pebble-Key").equals("k")) {
        return Says.status(401, "");
      }
      String id = heard.path().replaceFirst("/v1/members/?", "");
      return switch (heard.method()) {
        case "POST" -> {
          ObjectNode member = (ObjectNode) StandIn.JSON.readTree(heard.body());
          if (members.values().stream()
              .anyMatch(each -> each.path("mail").equals(member.path("mail")))) {
            yield Says.status(409, "");
          }
          member.put("id", "p1");
          members.put("p1", member);
          yield Says.status(201, member.toString());
        }
        case "DELETE" -> Says.status(members.remove(id) == null ? 404 : 204, "");
        default -> {
          JsonNode one = members.get(id);
          if (!id.isEmpty()) {
            yield one == null ? Says.status(404, "") : Says.status(200, one.toString());
          }
          ObjectNode list = StandIn.JSON.createObjectNode();
          members.values().forEach(list.putArray("members")::add);
          yield Says.status(200, members.isEmpty() ? "{\"members\":[]}" : list.toString());
        }
      };
    }
  }
}
