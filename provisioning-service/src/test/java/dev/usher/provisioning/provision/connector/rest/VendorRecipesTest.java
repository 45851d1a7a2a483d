package dev.usher.provisioning.provision.connector.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.policy.Service;
import dev.usher.provisioning.provision.connector.Change;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Creation;
import dev.usher.provisioning.provision.connector.DesiredAccount;
import dev.usher.provisioning.provision.connector.Lookup;
import dev.usher.provisioning.provision.connector.NotNow;
import dev.usher.provisioning.provision.connector.NotNow.Cause;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.Rejected;
import dev.usher.provisioning.provision.connector.Unknown;
import dev.usher.provisioning.provision.connector.http.Answer;
import dev.usher.provisioning.provision.connector.http.Listener;
import dev.usher.provisioning.provision.connector.http.Listener.Says;
import dev.usher.provisioning.provision.connector.rest.StandIn.Asked;
import dev.usher.provisioning.tenant.Secrets;
import dev.usher.provisioning.testing.Acme;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What each vendor documents, as its recipe sends and understands it. */
class VendorRecipesTest {

  private final List<Runnable> open = new ArrayList<>();
  private volatile Instant now = Kitchen.NOW;

  @AfterEach
  void close() {
    open.reversed().forEach(Runnable::run);
  }

  private <T extends StandIn> T standing(T server) {
    open.add(server::close);
    server.tellTimeBy(() -> now);
    return server;
  }

  private Connector connector(String recipe, String url, String secret, String... settings) {
    String more = settings.length == 0 ? "" : ", " + String.join(", ", settings);
    String token =
        String.join(" ", settings).contains("auth: ") ? "" : ", token: \"${SLACK_TOKEN}\"";
    Service service =
        Acme.slack("{type: rest, recipe: %s, url: \"%s\"%s%s}".formatted(recipe, url, token, more));
    RestConnectors connectors = new RestConnectors(new Outbound(true));
    assertThat(connectors.problems(service)).isEmpty();
    InstantSource clock = () -> now;
    Connector connector =
        connectors.connect(service, connectors.limits(service), new Secrets(_ -> secret), clock);
    open.add(connector::close);
    return connector;
  }

  /** A vendor that says but one thing. */
  private Connector saying(String recipe, Says says, String... settings) {
    Listener listener = Listener.to(_ -> says);
    open.add(listener::close);
    return connector(recipe, listener.uri().toString(), "secret", settings);
  }

  private static JsonNode json(String text) {
    return StandIn.JSON.readTree(text);
  }

  private static Creation create(Connector connector) {
    return connector.create(Kitchen.jane(), Kitchen.soon());
  }

  private static Lookup find(Connector connector) {
    return connector.find(Kitchen.jane(), Kitchen.soon());
  }

  // GitHub.

  private static final String ORG = "settings: {org: acme}";

  private Connector github(Github github) {
    return connector("github-organization", github.url(), Github.TOKEN, ORG);
  }

  @Test
  void githubIsAskedAsItDocuments() {
    Github github = standing(new Github());

    assertThat(create(github(github)))
        .isEqualTo(
            new Creation.Invited(
                "invitation-1001", "jane@acme.example", Kitchen.NOW.plus(Duration.ofDays(7))));

    Asked asked = github.heard().getFirst();
    assertThat(asked.method() + " " + asked.rawPath()).isEqualTo("POST /orgs/acme/invitations");
    assertThat(asked.body())
        .isEqualTo(json("{\"email\":\"jane@acme.example\",\"role\":\"direct_member\"}"));
    assertThat(asked.header("Accept")).isEqualTo("application/vnd.github+json");
    assertThat(asked.header("X-GitHub-Api-Version")).isEqualTo("2022-11-28");
    assertThat(asked.header("User-Agent")).isEqualTo("Usher");
  }

  @Test
  void anInvitationToGithubIsPendingThenAcceptedThenAMember() {
    Github github = standing(new Github());
    Connector connector = github(github);
    create(connector);

    assertThat(find(connector))
        .isEqualTo(
            new Lookup.StillInvited("invitation-1001", Kitchen.NOW.plus(Duration.ofDays(7))));

    github.accept("jane@acme.example", "jane-d");

    assertThat(find(connector))
        .isEqualTo(
            new Lookup.Found(
                "1002", "jane-d", null, null, false, false, "jane@acme.example", null));
    assertThat(connector.read("1002", Kitchen.jane(), Kitchen.soon()))
        .isEqualTo(new Lookup.Found("1002", "jane-d", null, null, false, false, null, null));
    assertThat(connector.read("invitation-1001", Kitchen.jane(), Kitchen.soon()))
        .as("the invitation has become a member")
        .isInstanceOf(Lookup.Found.class);
    assertThat(connector.delete("1002", Kitchen.jane(), Kitchen.soon()))
        .isEqualTo(new Change.Done());
    assertThat(github.members()).isEmpty();
    assertThat(find(connector)).isEqualTo(new Lookup.Absent());
  }

  @Test
  void anInvitationToGithubLapsesAfterSevenDays() {
    Github github = standing(new Github());
    Connector connector = github(github);
    create(connector);

    now = now.plus(Duration.ofDays(7)).minusSeconds(1);
    assertThat(find(connector)).isInstanceOf(Lookup.StillInvited.class);
    now = now.plusSeconds(1);
    assertThat(find(connector)).isEqualTo(new Lookup.Absent());
  }

  @Test
  void amongManyMembersOfGithubTheRightOneIsFound() {
    Github github = standing(new Github());
    github.pagesOf(3);
    for (int i = 0; i < 10; i++) {
      github.join("u%d@acme.example".formatted(i), "u" + i, "member");
    }
    github.join("Jane@acme.example", "jane-d", "admin");

    assertThat(find(github(github)))
        .isInstanceOfSatisfying(
            Lookup.Found.class,
            found -> {
              assertThat(found.userName()).isEqualTo("jane-d");
              assertThat(found.privileged()).isTrue();
            });
  }

  @Test
  void amongManyInvitationsTheRightOneIsFound() {
    Github github = standing(new Github());
    Connector connector = github(github);
    for (int i = 0; i < 101; i++) {
      connector.create(
          new DesiredAccount(
              "k" + i, "u", Acme.jane("u" + i + "@acme.example"), Map.of(), List.of()),
          Kitchen.soon());
    }
    create(connector);

    assertThat(find(connector)).isInstanceOf(Lookup.StillInvited.class);
  }

  @Test
  void whereGithubTellsNoAddressesNobodyIsSaidToBeAbsent() {
    Github github = standing(new Github());
    github.forgetDomains();
    github.join("jane@acme.example", "jane-d", "member");

    assertThat(find(github(github))).isInstanceOf(NotNow.class);
  }

  @Test
  void whoIsAMemberOfGithubAlreadyIsAConflict() {
    Github github = standing(new Github());
    github.join("jane@acme.example", "jane-d", "member");

    assertThat(create(github(github))).isEqualTo(new Creation.Conflict());
  }

  /** GitHub says 404, and not 403, to whom it tells nothing. */
  @Test
  void toWhomGithubTellsNothingNobodyIsGone() {
    for (boolean looks : new boolean[] {false, true}) {
      Github github = standing(new Github());
      Connector connector = github(github);
      create(connector);
      Github.Member member = github.join("joan@acme.example", "joan-d", "member");
      if (looks) {
        github.letLook();
      } else {
        github.takeRights();
        assertThat(find(connector)).isInstanceOf(NotNow.class);
      }
      for (String id : List.of("invitation-1001", String.valueOf(member.id()))) {
        assertThat(connector.delete(id, Kitchen.jane(), Kitchen.soon()))
            .as("%s, where it may look: %s", id, looks)
            .isInstanceOf(Unknown.class);
      }
      assertThat(connector.read(String.valueOf(member.id()), Kitchen.jane(), Kitchen.soon()))
          .isInstanceOf(looks ? Lookup.Found.class : NotNow.class);
      // Who has no account at GitHub any more is gone only where the rest can be seen.
      assertThat(connector.delete("4711", Kitchen.jane(), Kitchen.soon()))
          .isInstanceOf(looks ? Change.Gone.class : NotNow.class);
      assertThat(github.members()).hasSize(1);
      assertThat(github.invitations()).hasSize(1);
    }
  }

  @Test
  void anInvitationThatIsAcceptedBeforeItIsWithdrawnIsNotGone() {
    Github github = standing(new Github());
    Connector connector = github(github);
    create(connector);
    github.pagesOf(1);
    github.join("joan@acme.example", "joan-d", "member");
    github.accept("jane@acme.example", "jane-d");

    assertThat(connector.delete("invitation-1001", Kitchen.jane(), Kitchen.soon()))
        .isInstanceOf(Unknown.class);
    assertThat(find(connector)).isInstanceOf(Lookup.Found.class);
  }

  @Test
  void githubsLimitsAreToldApart() {
    String secondary = "{\"message\":\"You have exceeded a secondary rate limit\"}";
    Says primary =
        Says.status(403, "{\"message\":\"API rate limit exceeded\"}")
            .with("X-RateLimit-Remaining", "0")
            .with("X-RateLimit-Reset", String.valueOf(Kitchen.NOW.getEpochSecond() + 90));
    Says invitations =
        Says.status(
            422,
            "{\"message\":\"Validation Failed\",\"errors\":[{\"resource\":\"OrganizationInvitation\",\"code\":\"unprocessable\",\"field\":\"data\",\"message\":\"Over invitation rate limit\"}]}");

    assertThat(
            create(
                saying(
                    "github-organization",
                    Says.status(403, secondary).with("Retry-After", "60"),
                    ORG)))
        .isEqualTo(new NotNow("The service answered 403", Cause.BURST, Duration.ofSeconds(60)));
    assertThat(create(saying("github-organization", primary, ORG)))
        .isEqualTo(new NotNow("The service answered 403", Cause.BURST, Duration.ofSeconds(90)));
    assertThat(create(saying("github-organization", invitations, ORG)))
        .isEqualTo(new NotNow("The service answered 422", Cause.QUOTA, null));
    assertThat(
            create(
                saying(
                    "github-organization",
                    Says.status(403, "{\"message\":\"Must have admin rights\"}")
                        .with("X-RateLimit-Remaining", "4999"),
                    ORG)))
        .isInstanceOfSatisfying(
            NotNow.class, notNow -> assertThat(notNow.cause()).isEqualTo(Cause.TROUBLE));
    assertThat(
            create(
                saying(
                    "github-organization",
                    Says.status(
                        422,
                        "{\"message\":\"Validation Failed\",\"errors\":[{\"message\":\"You must purchase at least one more seat\"}]}"),
                    ORG)))
        .isEqualTo(
            new Rejected("The service answered 422", "You must purchase at least one more seat"));
  }

  /** A time of any year stays a span that can be counted. */
  @Test
  void noServiceIsLeftAloneForLongerThanCanBeCounted() {
    Says github =
        Says.status(403, "{\"message\":\"API rate limit exceeded\"}")
            .with("X-RateLimit-Remaining", "0")
            .with("X-RateLimit-Reset", "9999999999");
    Says zoom =
        Says.status(429, "{\"code\":429,\"message\":\"the daily rate limit\"}")
            .with("X-RateLimit-Type", "Daily-limit")
            .with("Retry-After", "2286-11-20T17:46:39Z");

    assertThat(create(saying("github-organization", github, ORG)))
        .isEqualTo(new NotNow("The service answered 403", Cause.BURST, Answer.LONGEST_WAIT));
    assertThat(create(saying("zoom", zoom)))
        .isEqualTo(new NotNow("The service answered 429", Cause.QUOTA, Answer.LONGEST_WAIT));
    // What CEL itself cannot count, is not said.
    assertThat(
            create(
                saying(
                    "github-organization", github.with("X-RateLimit-Reset", "253402300799"), ORG)))
        .isEqualTo(new NotNow("The service answered 403", Cause.BURST, null));
    assertThat(create(saying("zoom", zoom.with("Retry-After", "9999-12-31T23:59:59Z"))))
        .isEqualTo(new NotNow("The service answered 429", Cause.QUOTA, null));
  }

  // Google.

  private Connector googleSaying(int status, String message, String reason) {
    return saying(
        "google-workspace",
        Says.status(
            status,
            "{\"error\":{\"code\":%d,\"message\":\"%s\",\"errors\":[{\"message\":\"%s\",\"domain\":\"global\",\"reason\":\"%s\"}]}}"
                .formatted(status, message, message, reason)));
  }

  @Test
  void googlesAnswersAreToldApart() {
    assertThat(create(googleSaying(409, "Entity already exists.", "duplicate")))
        .isEqualTo(new Creation.Conflict());
    assertThat(create(googleSaying(403, "Quota exceeded", "quotaExceeded")))
        .isEqualTo(new NotNow("The service answered 403", Cause.QUOTA, null));
    assertThat(create(googleSaying(403, "Rate limit", "userRateLimitExceeded")))
        .isEqualTo(new NotNow("The service answered 403", Cause.BURST, null));
    assertThat(create(googleSaying(403, "Not Authorized to access this resource/api", "forbidden")))
        .isInstanceOfSatisfying(
            NotNow.class, notNow -> assertThat(notNow.why()).contains("does not accept"));
    assertThat(create(googleSaying(412, "User creation is not complete.", "conditionNotMet")))
        .isEqualTo(new NotNow("The service answered 412", Cause.TROUBLE, null));
    assertThat(create(googleSaying(400, "Invalid Given/Family Name: FamilyName", "invalid")))
        .isEqualTo(
            new Rejected("The service answered 400", "Invalid Given/Family Name: FamilyName"));
    assertThat(find(googleSaying(404, "Resource Not Found: userKey", "notFound")))
        .isEqualTo(new Lookup.Absent());
    assertThat(find(googleSaying(404, "Domain not found.", "domainNotFound")))
        .isInstanceOf(NotNow.class);
  }

  @Test
  void googleIsAskedAsItDocumentsAndThePasswordIsNobodys() {
    Listener listener =
        Listener.to(
            _ ->
                Says.status(
                    200,
                    "{\"id\":\"1\",\"primaryEmail\":\"jane@acme.example\",\"creationTime\":\"2026-03-02T08:00:00.000Z\"}"));
    open.add(listener::close);
    Connector connector = connector("google-workspace", listener.uri().toString(), "secret");

    assertThat(create(connector)).isEqualTo(new Creation.Created("1", "jane@acme.example"));
    create(connector);

    JsonNode body = json(listener.heard().getFirst().body());
    assertThat(listener.heard().getFirst().path()).isEqualTo("/users");
    assertThat(body.path("name"))
        .isEqualTo(json("{\"givenName\":\"Jane Doe\",\"familyName\":\"Doe\"}"));
    assertThat(body.path("orgUnitPath").asString()).isEqualTo("/");
    assertThat(body.path("externalIds"))
        .isEqualTo(
            json(
                "[{\"type\":\"custom\",\"customType\":\"usher\",\"value\":\"acme/staff/1/slack\"}]"));
    assertThat(body.path("password").asString())
        .hasSize(43)
        .isNotEqualTo(json(listener.heard().get(1).body()).path("password").asString());
  }

  @Test
  void whatOthersKeepAtGoogleStays() {
    List<String> patched = new ArrayList<>();
    Listener listener =
        Listener.to(
            heard -> {
              if (heard.method().equals("PATCH")) {
                patched.add(heard.body());
                return Says.status(200, "{}");
              }
              return Says.status(
                  200,
                  "{\"id\":\"1\",\"externalIds\":[{\"type\":\"organization\",\"value\":\"4711\"},{\"type\":\"custom\",\"customType\":\"usher\",\"value\":\"old\"}]}");
            });
    open.add(listener::close);

    assertThat(
            connector("google-workspace", listener.uri().toString(), "secret")
                .update("1", Kitchen.jane(), Kitchen.soon()))
        .isEqualTo(new Change.Done());
    assertThat(json(patched.getFirst()).path("externalIds"))
        .isEqualTo(
            json(
                "[{\"type\":\"organization\",\"value\":\"4711\"},{\"type\":\"custom\",\"customType\":\"usher\",\"value\":\"acme/staff/1/slack\"}]"));
  }

  @Test
  void aUserThatGoogleLeavesActiveIsNotSuspended() {
    assertThat(
            saying("google-workspace", Says.status(200, "{\"id\":\"1\",\"suspended\":false}"))
                .suspend("1", Kitchen.jane(), Kitchen.soon()))
        .isInstanceOf(Unknown.class);
  }

  // Zoom.

  @Test
  void zoomsDailyLimitIsToldFromHowFastItGoes() {
    // https://developers.zoom.us/docs/api/rate-limits/: the time is none that `Retry-After` has.
    Says daily =
        Says.status(
                429,
                "{\"code\":429,\"message\":\"You have exceeded the daily rate limit of Create user API requests permitted for this account.\"}")
            .with("X-RateLimit-Category", "Light")
            .with("X-RateLimit-Type", "Daily-limit")
            .with("X-RateLimit-Remaining", "0")
            .with("Retry-After", "2026-03-03T00:00:00Z");
    Says fast =
        Says.status(
                429,
                "{\"code\":429,\"message\":\"You have reached the maximum per-second rate limit for this API.\"}")
            .with("X-RateLimit-Category", "Light")
            .with("X-RateLimit-Type", "QPS");

    assertThat(create(saying("zoom", daily)))
        .isEqualTo(new NotNow("The service answered 429", Cause.QUOTA, Duration.ofHours(16)));
    assertThat(create(saying("zoom", fast)))
        .isEqualTo(new NotNow("The service answered 429", Cause.BURST, null));
  }

  @Test
  void zoomIsAskedAsItDocuments() {
    Listener listener =
        Listener.to(
            _ ->
                Says.status(
                    201,
                    "{\"id\":\"z1\",\"first_name\":\"Jane\",\"last_name\":\"Doe\",\"email\":\"jane@acme.example\",\"type\":2}"));
    open.add(listener::close);

    assertThat(
            create(connector("zoom", listener.uri().toString(), "secret", "settings: {type: 2}")))
        .isEqualTo(new Creation.Created("z1", "jane@acme.example"));
    assertThat(listener.heard().getFirst().path()).isEqualTo("/users");
    assertThat(json(listener.heard().getFirst().body()))
        .isEqualTo(
            json(
                "{\"action\":\"ssoCreate\",\"user_info\":{\"email\":\"jane@acme.example\",\"type\":2,\"last_name\":\"Doe\",\"display_name\":\"Jane Doe\"}}"));
  }

  @Test
  void whomZoomInvitesIsPendingUntilTheyFollowTheLink() {
    Connector connector =
        saying(
            "zoom",
            Says.status(200, "{\"id\":\"z1\",\"created_at\":\"2026-03-01T08:00:00Z\"}"),
            "settings: {action: create}");

    assertThat(connector.capabilities().invites()).isTrue();
    assertThat(find(connector))
        .isEqualTo(new Lookup.StillInvited("z1", Kitchen.NOW.plus(Duration.ofDays(30))));
  }

  @Test
  void anAddressThatZoomKnowsElsewhereIsNoConflict() {
    assertThat(
            create(
                saying(
                    "zoom",
                    Says.status(
                        409, "{\"code\":1005,\"message\":\"User already in the account.\"}"))))
        .isEqualTo(new Creation.Conflict());
    assertThat(
            create(
                saying(
                    "zoom",
                    Says.status(
                        409, "{\"code\":1009,\"message\":\"It holds an account elsewhere.\"}"))))
        .isEqualTo(new Rejected("The service answered 409", "It holds an account elsewhere."));
    assertThat(
            find(
                saying(
                    "zoom",
                    Says.status(404, "{\"code\":1001,\"message\":\"User does not exist.\"}"))))
        .isEqualTo(new Lookup.Absent());
    assertThat(
            find(
                saying(
                    "zoom",
                    Says.status(
                        404,
                        "{\"code\":2300,\"message\":\"This API endpoint is not recognized.\"}"))))
        .isInstanceOf(NotNow.class);
  }

  // The tool.

  private static final String SIGNED =
      "auth: {type: webhook-signature, secret: \"${SLACK_TOKEN}\"}";

  @Test
  void aDeliveryIsSignedOverAllThatItAsksFor() {
    Tool tool = standing(new Tool());
    Connector connector = connector("signed-webhook", tool.url() + "/usher", Tool.SECRET, SIGNED);

    assertThat(create(connector)).isInstanceOf(Creation.Created.class);
    assertThat(find(connector)).isInstanceOf(Lookup.Found.class);

    assertThat(tool.heard())
        .allSatisfy(
            asked -> {
              assertThat(asked.method() + " " + asked.rawPath()).isEqualTo("POST /usher");
              assertThat(asked.query()).isEmpty();
            });
    assertThat(tool.heard().getFirst().header("Idempotency-Key"))
        .as("an answer that is replayed once the account was deleted would be no account")
        .isEmpty();
    assertThat(tool.heard().getFirst().body())
        .isEqualTo(
            json(
                "{\"type\":\"account.create\",\"tenant\":\"acme\",\"service\":\"slack\",\"account\":{\"externalId\":\"acme/staff/1/slack\",\"userName\":\"jane@acme.example\",\"email\":\"jane@acme.example\",\"displayName\":\"Jane Doe\",\"familyName\":\"Doe\",\"locale\":\"de-CH\",\"timeZone\":\"Europe/Zurich\",\"groups\":[]}}"));
    Set<String> ids = new HashSet<>();
    assertThat(tool.heard())
        .allSatisfy(asked -> assertThat(ids.add(asked.header("webhook-id"))).isTrue());
  }

  @Test
  void aDeliveryThatComesTwiceIsRefused() throws Exception {
    Tool tool = standing(new Tool());
    create(connector("signed-webhook", tool.url(), Tool.SECRET, SIGNED));

    assertThat(replayed(tool, tool.heard().getFirst())).isEqualTo(401);
  }

  @Test
  void aDeliveryThatComesLateIsRefused() {
    Tool tool = standing(new Tool());
    Connector connector = connector("signed-webhook", tool.url(), Tool.SECRET, SIGNED);

    tool.tellTimeBy(() -> now.plus(Duration.ofMinutes(6)));
    assertThat(create(connector)).isInstanceOf(NotNow.class);
    tool.tellTimeBy(() -> now.plus(Duration.ofMinutes(4)));
    assertThat(create(connector)).isInstanceOf(Creation.Created.class);
  }

  private static int replayed(Tool tool, Asked asked) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(tool.url()))
            .POST(HttpRequest.BodyPublishers.ofString(asked.text()));
    for (String name : List.of("webhook-id", "webhook-timestamp", "webhook-signature")) {
      request.header(name, asked.header(name));
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    }
  }
}
