package dev.usher.provisioning.provision.connector.rest;

import dev.usher.policy.Entitlement;
import dev.usher.policy.Problem;
import dev.usher.policy.Service;
import dev.usher.policy.TenantSource;
import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.DesiredAccount;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.http.Listener;
import dev.usher.provisioning.provision.connector.http.Listener.Heard;
import dev.usher.provisioning.provision.connector.http.Listener.Says;
import dev.usher.provisioning.tenant.Secrets;
import dev.usher.provisioning.testing.Acme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Recipes that a test writes, and services that say what it tells them to, closed together. */
final class Kitchen implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");
  static final String TOKEN = "planted-secret-token";

  private final Path directory;
  private final List<Runnable> open = new ArrayList<>();

  /**
   * @param directory for the recipes
   */
  Kitchen(Path directory) {
    this.directory = directory;
  }

  /**
   * A recipe that is good as it is.
   *
   * @param create the one request that creates, indented by four
   */
  static String recipe(String create) {
    return """
    url-example: https://api.pebble.example
    create: conflicts
    settings:
      team: {matches: '[a-z/.]{1,20}', default: core}
    account:
      id: it.id
      externalId: 'has(it.externalId) ? it.externalId : null'
    answers:
      - {status: 429, is: burst}
      - {status: 401, is: unauthorized}
    operations:
      create:
    %s
      find:
        request: GET /users
        query: {email: '{person.email}'}
        answers:
          - {status: 200, among: body, when: it.email == person.email, is: found}
          - {status: 200, is: absent}
      read:
        request: GET /users/{account.id}
        answers:
          - {status: 200, is: found}
          - {status: 404, is: absent}
      delete:
        request: DELETE /users/{account.id}
        answers:
          - {status: 204, is: done}
          - {status: 404, is: gone}
      probe:
        request: GET /me
        answers:
          - {status: 200, is: works}
    """
        .formatted(create.indent(4).stripTrailing());
  }

  /** One that is as plain as can be. */
  static final String PLAIN =
      """
      request: POST /users
      body: '{"email": person.email, "name": person.displayName}'
      answers:
        - {status: 201, is: created}
        - {status: 409, is: conflict}
        - {status: 422, is: rejected, words: body.message}
      """;

  static List<String> problems(String recipe) {
    List<Problem> problems = new ArrayList<>();
    RecipeReader.read(new TenantSource("pebble.yaml", recipe), problems);
    return problems.stream().map(Problem::toString).toList();
  }

  Listener listener(Function<Heard, Says> answers) {
    Listener listener = Listener.to(answers);
    open.add(listener::close);
    return listener;
  }

  /** A connector by this recipe, with these settings besides. */
  Connector connector(Listener listener, String recipe, String... settings) {
    try {
      Files.writeString(directory.resolve("pebble.yaml"), recipe);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String more = settings.length == 0 ? "" : ", " + String.join(", ", settings);
    Service service =
        Acme.slack(
            "{type: rest, recipe: pebble, url: \"%s\", token: \"${SLACK_TOKEN}\"%s}"
                .formatted(listener.uri(), more));
    RestConnectors connectors = new RestConnectors(new Outbound(true), directory);
    if (!connectors.problems(service).isEmpty()) {
      throw new AssertionError(connectors.problems(service));
    }
    Connector connector =
        connectors.connect(service, connectors.limits(service), new Secrets(_ -> TOKEN), () -> NOW);
    open.add(connector::close);
    return connector;
  }

  static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30), System::nanoTime);
  }

  static DesiredAccount jane() {
    return called("Jane Doe");
  }

  /** Jane, who has given herself this name. */
  static DesiredAccount called(String displayName) {
    return new DesiredAccount(
        "acme/staff/1/slack",
        "jane@acme.example",
        new Profile(
            "jane@acme.example", "jane", displayName, null, "Doe", "de-CH", "Europe/Zurich"),
        Map.of("cost-centre", displayName),
        List.of());
  }

  static DesiredAccount granted(String group) {
    DesiredAccount jane = jane();
    return new DesiredAccount(
        jane.externalId(),
        jane.userName(),
        jane.profile(),
        jane.attributes(),
        List.of(new Entitlement("group", group)));
  }

  @Override
  public void close() {
    open.reversed().forEach(Runnable::run);
  }
}
