package dev.usher.provisioning.provision.connector.rest;

import dev.usher.policy.Service;
import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.ConnectorContract.Case;
import dev.usher.provisioning.provision.connector.DesiredAccount;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.Subject;
import dev.usher.provisioning.tenant.Secrets;
import dev.usher.provisioning.testing.Acme;
import dev.usher.sandbox.Faults;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A recipe, and a stand-in for the service that it is for. */
abstract class RestSubject implements Subject {

  static final String BELIEVED = "the recipe believes a 201";

  private final String recipe;
  private final StandIn server;
  private final List<String> settings;

  /**
   * @param settings further ones, such as {@code settings: {org: acme}}
   */
  RestSubject(String recipe, StandIn server, String... settings) {
    this.recipe = recipe;
    this.server = server;
    this.settings = List.of(settings);
  }

  /** How it says who asks. */
  abstract String auth();

  /** The secret that {@code auth} refers to, or one that nobody accepts. */
  abstract String secret(boolean right);

  @Override
  public String connector() {
    return Stream.concat(Stream.of("recipe: " + recipe), settings.stream())
        .map(each -> "`" + each + "`")
        .collect(Collectors.joining(", "));
  }

  @Override
  public Connector connect() {
    return connect(auth(), secret(true));
  }

  @Override
  public Connector connectAsNobody() {
    return connect(auth(), secret(false));
  }

  private Connector connect(String auth, String secret) {
    String more =
        Stream.concat(settings.stream(), Stream.of("timeout: 10s"))
            .collect(Collectors.joining(", "));
    Service service =
        Acme.slack(
            "{type: rest, recipe: %s, url: \"%s\", auth: %s, %s}"
                .formatted(recipe, server.url(), auth, more));
    RestConnectors connectors = new RestConnectors(new Outbound(true));
    if (!connectors.problems(service).isEmpty()) {
      throw new AssertionError(connectors.problems(service));
    }
    return connectors.connect(
        service, connectors.limits(service), new Secrets(_ -> secret), InstantSource.system());
  }

  @Override
  public DesiredAccount account(String name) {
    String who = name + "-" + Integer.toHexString(System.identityHashCode(this));
    String email = who + "@acme.example";
    return new DesiredAccount(
        "acme/staff/" + who + "/slack",
        email,
        new Profile(email, who, "Jane Doe", "Jane", "Doe", "de-CH", "Europe/Zurich"),
        Map.of(),
        List.of());
  }

  @Override
  public DesiredAccount renamed(DesiredAccount account) {
    Profile before = account.profile();
    return new DesiredAccount(
        account.externalId(),
        account.userName(),
        new Profile(
            before.email(),
            before.userName(),
            "Jane Roe",
            "Jane",
            "Roe",
            "fr-CH",
            before.timeZone()),
        account.attributes(),
        account.entitlements());
  }

  @Override
  public Optional<Faults> faults() {
    return Optional.of(server.faults());
  }

  @Override
  public Optional<String> cannot(Case which) {
    return which == Case.NOT_CREATED ? Optional.of(BELIEVED) : Optional.empty();
  }

  @Override
  public void close() {
    server.close();
  }
}
