package dev.usher.provisioning.provision.connector.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a recipe may say, and where it is told what is wrong with it. */
class RecipeReaderTest {

  private static final String GOOD = Kitchen.recipe(Kitchen.PLAIN);

  /** The good one, in which one thing is otherwise. */
  private static List<String> with(String instead, String of) {
    assertThat(GOOD).contains(of);
    return Kitchen.problems(GOOD.replace(of, instead));
  }

  static List<String> ours() {
    return Recipes.OURS;
  }

  @ParameterizedTest
  @MethodSource("ours")
  void eachRecipeOfOursIsGood(String name) {
    assertThat(Recipes.load(null).named(name))
        .hasValueSatisfying(recipe -> assertThat(recipe.steps(Task.CREATE)).isNotEmpty());
  }

  @Test
  void aGoodRecipeHasNoProblems() {
    assertThat(Kitchen.problems(GOOD)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '!',
      value = {
        "create: sometimes | create: conflicts | pebble.yaml:2:9: `sometimes` is no `create`; expected `binds`, `conflicts`",
        "created: conflicts | create: conflicts | pebble.yaml:2:10: `created` is no key of a recipe; expected one of `url`",
        "rate-limit: often | create: conflicts | pebble.yaml:2:13: `often` is no `rate-limit`",
        "fetch: | probe: | there is no `probe`; every recipe says how to",
        "GET users/{account.id} | GET /users/{account.id} | `GET users/{account.id}` is no request; expected such as `POST /users/{account.id}`",
        "FETCH /me | GET /me | `FETCH /me` is no request",
        "GET /me?all=1 | GET /me | `/me?all=1` is no path; expected such as `/users/{account.id}`, with parameters under `query`",
        "GET /a/../me | GET /me | `/a/../me` is no path",
        "GET /a//me | GET /me | `/a//me` is no path",
        "GET /me/{account.id} | GET /me | `account.id` is not known here",
        "GET /users/{account.di} | GET /users/{account.id} | `account.di`: unknown `account.di`; expected one of `person.email`",
        "GET /users/{account.id}} | GET /users/{account.id} | has a brace without its pair",
        "status: 700 | status: 422 | `700` is no `status`; expected such as `201`, `2xx` or `[200, 404]`",
        "is: refused | is: rejected | `refused` is no `is` here; expected one of `created`, `invited`, `conflict`",
        "is: found | is: rejected | `found` is no `is` here",
        "is: next | is: rejected | `words` says nothing of an answer that is `next`",
        "is: conflict, id: body.id | is: conflict | `id` says nothing of an answer that is `conflict`",
        "is: invited | is: conflict | needs `expires`, when the invitation lapses",
        "is: conflict, wen: x | is: conflict | `wen` is no key of an answer; expected one of `status`, `when`",
        "when: size(body) | when: it.email == person.email | the expression gives `int`; expected `true` or `false`",
        "when: page == 1 | when: it.email == person.email | `page` is not known here",
        "among: size(body) | among: body | the expression gives `int`; expected a list",
        "body: body | body: '{\"email\": person.email, \"name\": person.displayName}' | `body` is not known here",
        "body: person.email | body: '{\"email\": person.email, \"name\": person.displayName}' | the expression gives `string`; expected a mapping or a list",
        "headers: {Authorization: x} | query: {email: '{person.email}'} | `Authorization` is no header that a recipe can set",
        "headers: {'a b': x} | query: {email: '{person.email}'} | `a b` is no header that a recipe can set",
        "first-page: 1 | query: {email: '{person.email}'} | `first-page` without `next-page`; expected both, or none",
        "id: it.id + 1 +'a' | id: it.id | found no matching overload",
        "default: UPPER | default: core | setting `team` does not match `[a-z/.]{1,20}`",
        "deflt: core | default: core | `deflt` is no key of a setting; expected one of `matches`, `example`, `default`",
        "matches: '[' | matches: '[a-z/.]{1,20}' | `[` is no regular expression",
        "te-am: | team: | `te-am` is no name of a setting"
      })
  void aMistakeIsToldWithWhatWouldBeRight(String instead, String of, String message) {
    assertThat(with(instead, of)).anySatisfy(each -> assertThat(each).contains(message));
  }

  @Test
  void aFaultInAnExpressionIsToldAtItsLineAndColumn() {
    String recipe =
        Kitchen.recipe(
            """
            request: POST /users/{person.emial}
            body: |
              {
                "email": person.email,
                "name": person.displayNam
              }
            answers:
              - {status: 201, when: 'size(body) > "1"', is: created}
            """);

    assertThat(Kitchen.problems(recipe))
        .satisfiesExactlyInAnyOrder(
            path -> assertThat(path).startsWith("pebble.yaml:13:27: ").contains("`person.emial`"),
            body ->
                assertThat(body).startsWith("pebble.yaml:17:17: ").contains("`person.displayNam`"),
            when ->
                assertThat(when)
                    .startsWith("pebble.yaml:20:41: ")
                    .contains("no matching overload"));
  }

  @Test
  void anExpressionIsNoLongerThanSomebodyReads() {
    assertThat(with("name\": \"" + "x".repeat(5_000) + "\"}'", "name\": person.displayName}'"))
        .singleElement()
        .asString()
        .contains("longer than 4096 characters");
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    assertThat(
            Kitchen.problems(
                GOOD.replace("create: conflicts", "create: perhaps")
                    .replace("status: 422", "status: 9")
                    .replace("GET /me", "GET me")))
        .hasSize(3);
  }

  @Test
  void theLastRequestEndsIt() {
    assertThat(with("is: next}", "is: works}"))
        .singleElement()
        .asString()
        .contains("the last request of `probe` leads to a `next` one; expected that it ends");
  }

  @Test
  void whereOurKeyIsKeptItIsSaidWhere() {
    assertThat(with("", "  externalId: 'has(it.externalId) ? it.externalId : null'\n"))
        .allSatisfy(each -> assertThat(each).contains("needs an `externalId`"))
        .hasSize(2);
    assertThat(
            Kitchen.problems(
                GOOD.replace("  externalId: 'has(it.externalId) ? it.externalId : null'\n", "")
                    .replace("create: conflicts", "external-id: forgotten")))
        .isEmpty();
  }

  @Test
  void aFileThatIsNoMappingIsRefused() {
    assertThat(Kitchen.problems("- a\n")).isNotEmpty();
    assertThat(Kitchen.problems("")).isNotEmpty();
    assertThat(Kitchen.problems("a: [")).isNotEmpty();
  }

  @Test
  void aDirectoryThatIsNotThereHasNone(@TempDir Path directory) {
    assertThat(Recipes.load(directory.resolve("none")).names()).isEqualTo(Recipes.OURS);
  }
}
