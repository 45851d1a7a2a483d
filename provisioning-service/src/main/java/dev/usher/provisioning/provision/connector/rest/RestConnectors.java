package dev.usher.provisioning.provision.connector.rest;

import dev.usher.policy.Problem;
import dev.usher.policy.Service;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Connectors;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.http.Authentications;
import dev.usher.provisioning.provision.connector.http.BaseUrl;
import dev.usher.provisioning.provision.connector.http.Http;
import dev.usher.provisioning.tenant.Secrets;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes connectors of type {@code rest}: {@code recipe}, {@code url}, {@code token} or {@code
 * auth}, and the {@code settings} that the recipe asks for.
 */
public final class RestConnectors implements Connectors {

  private static final String RECIPE = "recipe";
  private static final String SETTINGS = "settings";

  private final Outbound outbound;
  private final Recipes recipes;

  /** With the recipes that come with us. */
  public RestConnectors(Outbound outbound) {
    this(outbound, null);
  }

  /**
   * @param recipes a directory of further recipes, which need not be there; null for none
   * @throws IllegalStateException if one of them is wrong, with all that is wrong
   */
  public RestConnectors(Outbound outbound, @Nullable Path recipes) {
    this.outbound = outbound;
    this.recipes = Recipes.load(recipes);
  }

  @Override
  public String type() {
    return "rest";
  }

  @Override
  public List<String> settings() {
    return Stream.concat(
            Stream.of(RECIPE, RecipeReader.URL, SETTINGS), Authentications.SETTINGS.stream())
        .toList();
  }

  @Override
  public List<Problem> problems(Service service) {
    dev.usher.policy.Connector connector = service.connector();
    List<Problem> problems = new ArrayList<>(Authentications.problems(connector, outbound));
    Object name = connector.settings().get(RECIPE);
    Optional<Recipe> recipe = recipes.named(name);
    if (recipe.isEmpty()) {
      problems.add(
          connector.problem(
              RECIPE,
              "`%s` is no recipe; expected one of `%s`"
                  .formatted(name, String.join("`, `", recipes.names()))));
      return problems;
    }
    problems.addAll(
        BaseUrl.problems(
            connector,
            RecipeReader.URL,
            url(connector, recipe.get()),
            outbound,
            "base URL of a service",
            recipe
                .get()
                .file()
                .settings()
                .getOrDefault(RecipeReader.URL_EXAMPLE, "https://api.example.com")
                .toString()));
    problems.addAll(problems(connector, recipe.get().settings()));
    return problems;
  }

  private static List<Problem> problems(
      dev.usher.policy.Connector connector, Map<String, Setting> settings) {
    Object given = connector.settings().getOrDefault(SETTINGS, Map.of());
    if (!(given instanceof Map<?, ?> said)) {
      return List.of(
          connector.problem(
              SETTINGS, "`%s` is no `settings`; expected a mapping".formatted(given)));
    }
    List<Problem> problems = new ArrayList<>();
    settings.forEach(
        (name, setting) -> {
          Object value = said.containsKey(name) ? said.get(name) : setting.otherwise();
          if (value == null) {
            problems.add(
                connector.problem(
                    SETTINGS,
                    "the recipe needs `%s` under `settings`; expected such as `%s`"
                        .formatted(name, setting.example())));
          } else if (!setting.takes(String.valueOf(value))) {
            // Not quoted if it may stand for a secret, which belongs elsewhere.
            problems.add(
                connector.problem(
                    SETTINGS + '.' + name,
                    "%s is no `%s`; expected such as `%s`, matching `%s`"
                        .formatted(
                            Secrets.isReference(String.valueOf(value))
                                ? "a reference to a secret"
                                : '`' + String.valueOf(value) + '`',
                            name,
                            setting.example(),
                            setting.matches())));
          }
        });
    for (Object name : said.keySet()) {
      if (!settings.containsKey(String.valueOf(name))) {
        problems.add(
            connector.problem(
                SETTINGS + '.' + name,
                "`%s` is no setting of the recipe; expected one of `%s`"
                    .formatted(name, String.join("`, `", settings.keySet()))));
      }
    }
    return problems;
  }

  private static @Nullable Object url(dev.usher.policy.Connector file, Recipe recipe) {
    Object own = file.settings().get(RecipeReader.URL);
    return own == null ? recipe.file().settings().get(RecipeReader.URL) : own;
  }

  private Recipe recipe(Service service) {
    return recipes
        .named(service.connector().settings().get(RECIPE))
        .orElseThrow(() -> new IllegalArgumentException("`" + service + "` has problems"));
  }

  @Override
  public Limits limits(Service service) {
    return Limits.of(service.connector(), recipe(service).file());
  }

  @Override
  public Connector connect(Service service, Limits limits, Secrets secrets, InstantSource clock) {
    Recipe recipe = recipe(service);
    Map<String, Object> all = service.connector().settings();
    URI base =
        BaseUrl.of(url(service.connector(), recipe))
            .orElseThrow(() -> new IllegalArgumentException("`" + service + "` has problems"));
    Map<String, String> settings = new LinkedHashMap<>();
    Map<?, ?> said = all.get(SETTINGS) instanceof Map<?, ?> map ? map : Map.of();
    recipe
        .settings()
        .forEach(
            (name, setting) ->
                settings.put(
                    name,
                    String.valueOf(said.containsKey(name) ? said.get(name) : setting.otherwise())));
    return new RestConnector(
        recipe,
        service,
        settings,
        base,
        new Http(base, Authentications.of(service, base, secrets, clock), limits, outbound, clock),
        all.containsKey("auth") ? "auth" : "token",
        clock);
  }
}
