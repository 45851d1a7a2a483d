package dev.usher.provisioning.provision.connector.scim;

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
import dev.usher.sandbox.Front;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A SCIM server, looked into with the JDK's HTTP client. */
final class ScimSubject implements Subject {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * A server that accounts are made in.
   *
   * @param name as the table says it
   * @param url of its SCIM API
   * @param token good for now
   * @param externalIds whether it gives them back to everybody
   */
  record Server(String name, String url, Supplier<String> token, boolean externalIds) {}

  /**
   * Who asks, where that is no bearer token.
   *
   * @param type as the table says it
   * @param auth the setting
   * @param secret that the setting refers to
   */
  private record Credentials(String type, String auth, String secret) {}

  private final Server server;
  private final String profile;
  private final List<String> settings;
  private final Map<Case, String> reasons = new LinkedHashMap<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private Optional<Faults> faults = Optional.empty();
  private Optional<Credentials> credentials = Optional.empty();
  private Duration takesAtMost = Duration.ofMillis(300);
  private String url;
  private Optional<String> group = Optional.empty();
  private String mediaType = "application/scim+json";
  private String lookup = "userName";

  /**
   * @param settings further ones, such as {@code updates: put}
   */
  ScimSubject(Server server, String profile, String... settings) {
    this.server = server;
    this.profile = profile;
    this.settings = List.of(settings);
    this.url = server.url();
  }

  /** What the connector asks goes by this front, and can fail there. */
  ScimSubject failing(Front front) {
    url = front.url();
    return failing(front.faults());
  }

  /** The connector asks with these credentials, and not with the server's token. */
  ScimSubject as(String type, String auth, String secret) {
    credentials = Optional.of(new Credentials(type, auth, secret));
    return this;
  }

  ScimSubject failing(Faults onDemand) {
    faults = Optional.of(onDemand);
    return this;
  }

  /** By when the server has done whatever it is asked. */
  ScimSubject taking(Duration atMost) {
    takesAtMost = atMost;
    return this;
  }

  ScimSubject grouped(String name) {
    group = Optional.of(name);
    return this;
  }

  ScimSubject speaking(String plainly) {
    mediaType = plainly;
    return this;
  }

  /** An attribute that the server filters by, and that says the userName. */
  ScimSubject lookedUpBy(String attribute) {
    lookup = attribute;
    return this;
  }

  ScimSubject without(Case which, String reason) {
    reasons.put(which, reason);
    return this;
  }

  ScimSubject closing(AutoCloseable resource) {
    open.add(resource);
    return this;
  }

  @Override
  public String connector() {
    return Stream.of(
            Stream.of("profile: " + profile),
            settings.stream(),
            credentials.stream().map(who -> "auth: {type: %s, ...}".formatted(who.type())))
        .flatMap(each -> each)
        .map(each -> "`" + each + "`")
        .collect(Collectors.joining(", "));
  }

  @Override
  public String server() {
    return server.name();
  }

  @Override
  public Connector connect() {
    return connect(credentials.map(Credentials::secret).orElseGet(server.token()));
  }

  @Override
  public Connector connectAsNobody() {
    return connect("not-the-token");
  }

  private Connector connect(String secret) {
    List<String> all = new ArrayList<>(settings);
    all.add("profile: " + profile);
    all.add("timeout: 10s");
    Service service =
        Acme.slack(
            "{type: scim, url: \"%s\", %s, %s}"
                .formatted(
                    url,
                    credentials.map(Credentials::auth).orElse("token: \"${SLACK_TOKEN}\""),
                    String.join(", ", all)));
    ScimConnectors connectors = new ScimConnectors(new Outbound(true));
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
  public List<Seen> seen(DesiredAccount account) {
    return list("/Users?filter=" + encoded(lookup + " eq \"" + account.userName() + "\""))
        .filter(user -> account.userName().equalsIgnoreCase(user.path("userName").asString()))
        .map(
            user ->
                new Seen(
                    user.path("id").asString(),
                    server.externalIds()
                        ? Optional.ofNullable(user.path("externalId").asString(null))
                        : Optional.empty(),
                    Optional.ofNullable(user.get("active")).map(JsonNode::asBoolean),
                    Optional.ofNullable(user.path("displayName").asString(null))))
        .toList();
  }

  /** All of a list, page by page. */
  private Stream<JsonNode> list(String path) {
    List<JsonNode> all = new ArrayList<>();
    JsonNode page;
    do {
      page = JSON.readTree(send("GET", path + "&startIndex=" + (all.size() + 1), "").body());
      page.path("Resources").forEach(all::add);
    } while (all.size() < page.path("totalResults").asInt() && !page.path("Resources").isEmpty());
    return all.stream();
  }

  @Override
  public void puts(DesiredAccount account, Optional<String> externalId) {
    String body =
        """
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"%s","active":true,%s
        "displayName":"Jane Doe","name":{"givenName":"Jane","familyName":"Doe"},"emails":[{"value":"%s","type":"work","primary":true}]}
        """
            .formatted(
                account.userName(),
                externalId.map("\"externalId\":\"%s\","::formatted).orElse(""),
                account.userName());
    HttpResponse<String> answer = send("POST", "/Users", body);
    if (answer.statusCode() != 201) {
      throw new AssertionError(answer.statusCode() + ": " + answer.body());
    }
  }

  /** Makes a group there, past the connector. */
  void makesGroup(String name) {
    String body =
        """
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"%s"}
        """
            .formatted(name);
    HttpResponse<String> answer = send("POST", "/Groups", body);
    if (answer.statusCode() != 201) {
      throw new AssertionError(answer.statusCode() + ": " + answer.body());
    }
  }

  @Override
  public boolean isMember(DesiredAccount account) {
    String id = seen(account).getFirst().id();
    String filter = encoded("displayName eq \"" + group.orElseThrow() + "\"");
    String groupId =
        list("/Groups?filter=" + filter).findFirst().orElseThrow().path("id").asString();
    // Some give members to those only who ask for them (section 7 of RFC 7643: `request`).
    return JSON.readTree(send("GET", "/Groups/" + groupId + "?attributes=members", "").body())
        .path("members")
        .valueStream()
        .anyMatch(member -> id.equals(member.path("value").asString(null)));
  }

  /** A request past the connector. */
  HttpResponse<String> send(String method, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", "Bearer " + server.token().get())
            .header("Accept", "application/scim+json, application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", mediaType);
    }
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public Optional<Faults> faults() {
    return faults;
  }

  @Override
  public Duration takesAtMost() {
    return takesAtMost;
  }

  @Override
  public Optional<String> group() {
    return group;
  }

  @Override
  public Optional<String> cannot(Case which) {
    return Optional.ofNullable(reasons.get(which));
  }

  @Override
  public void close() {
    for (AutoCloseable each : open.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }
}
