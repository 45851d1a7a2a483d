package dev.usher.provisioning.provision.connector.rest;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An organization at GitHub: invitations by e-mail that are accepted or lapse, members whose
 * addresses only GraphQL tells, and only those in the organization's verified domains.
 *
 * @see <a href="https://docs.github.com/en/rest/orgs/members">GitHub's documentation</a>
 */
final class Github extends StandIn {

  static final String ORG = "acme";
  static final String TOKEN = "ghp_planted-secret";

  /** GitHub's own. */
  private static final Duration LIFETIME = Duration.ofDays(7);

  private final List<Invitation> invitations = new ArrayList<>();
  private final List<Member> members = new ArrayList<>();
  private final List<String> verifiedDomains = new ArrayList<>(List.of("acme.example"));
  private long last = 1_000;
  private int pageLimit = 100;
  private boolean sees = true;
  private boolean changes = true;

  record Invitation(long id, String email, String role, Instant created) {}

  record Member(long id, String login, String email, String role) {}

  @Override
  Says error(int status) {
    return Says.of(
        status,
        "{\"message\":\"%s\",\"documentation_url\":\"https://docs.github.com/rest\",\"status\":\"%d\"}"
            .formatted(
                switch (status) {
                  case 401 -> "Bad credentials";
                  case 404 -> "Not Found";
                  case 429 -> "You have exceeded a secondary rate limit";
                  default -> "Validation Failed";
                },
                status));
  }

  /** The person follows the link in the e-mail, signed in as somebody. */
  synchronized void accept(String email, String login) {
    Invitation invitation =
        invitations.stream().filter(each -> each.email().equals(email)).findFirst().orElseThrow();
    invitations.remove(invitation);
    members.add(
        new Member(++last, login, email, invitation.role().equals("admin") ? "admin" : "member"));
  }

  synchronized Member join(String email, String login, String role) {
    Member member = new Member(++last, login, email, role);
    members.add(member);
    return member;
  }

  synchronized void forgetDomains() {
    verifiedDomains.clear();
  }

  /** From now on the token sees nothing, and is told so as GitHub does. */
  synchronized void takeRights() {
    sees = false;
  }

  /** From now on the token may look, and change nothing. */
  synchronized void letLook() {
    changes = false;
  }

  synchronized List<Invitation> invitations() {
    lapse();
    return List.copyOf(invitations);
  }

  synchronized List<Member> members() {
    return List.copyOf(members);
  }

  private void lapse() {
    invitations.removeIf(each -> !each.created().plus(LIFETIME).isAfter(now()));
  }

  @Override
  Says answer(Asked asked) {
    if (!asked.header("Authorization").equals("Bearer " + TOKEN)) {
      return error(401);
    }
    lapse();
    boolean ofOrg = asked.path().getFirst().equals("orgs");
    if (ofOrg && (!sees || (!changes && !asked.method().equals("GET")))) {
      return error(404);
    }
    if (asked.is("POST", "graphql") && !sees) {
      return Says.of(
          200, "{\"data\":{\"organization\":null},\"errors\":[{\"type\":\"NOT_FOUND\"}]}");
    }
    if (asked.is("POST", "graphql")) {
      return graphql(asked.body().path("variables"));
    }
    if (asked.is("POST", "orgs", ORG, "invitations")) {
      return invite(asked.body());
    }
    if (asked.is("GET", "orgs", ORG, "invitations")) {
      return list(asked.query());
    }
    if (asked.is("DELETE", "orgs", ORG, "invitations", "*")) {
      String id = asked.path().getLast();
      return invitations.removeIf(each -> String.valueOf(each.id()).equals(id))
          ? Says.of(204, "")
          : error(404);
    }
    if (asked.is("GET", "user", "*")) {
      String id = asked.path().getLast();
      return member(each -> String.valueOf(each.id()).equals(id))
          .map(each -> Says.of(200, user(each).toString()))
          .orElseGet(() -> error(404));
    }
    if (asked.is("GET", "orgs", ORG, "memberships", "*")) {
      return member(each -> each.login().equals(asked.path().getLast()))
          .map(Github::membership)
          .orElseGet(() -> error(404));
    }
    if (asked.is("DELETE", "orgs", ORG, "memberships", "*")) {
      return members.removeIf(each -> each.login().equals(asked.path().getLast()))
          ? Says.of(204, "")
          : error(404);
    }
    return error(404);
  }

  private interface Wanted {
    boolean is(Member member);
  }

  private Optional<Member> member(Wanted wanted) {
    return members.stream().filter(wanted::is).findFirst();
  }

  private static ObjectNode user(Member member) {
    return JSON.createObjectNode()
        .put("login", member.login())
        .put("id", member.id())
        .put("type", "User");
  }

  private static Says membership(Member member) {
    ObjectNode json = JSON.createObjectNode().put("state", "active").put("role", member.role());
    json.set("user", user(member));
    return Says.of(200, json.toString());
  }

  private Says invite(JsonNode body) {
    String email = body.path("email").asString("");
    if (members.stream().anyMatch(each -> each.email().equalsIgnoreCase(email))) {
      // The spelling is GitHub's: https://github.com/github/rest-api-description/issues/4109
      return Says.of(
          422,
          """
          {"message":"Validation Failed","errors":[{"resource":"OrganizationInvitation","code":"unprocessable","field":"data","message":"A user with this email addresss is already a part of this organization"}],"documentation_url":"https://docs.github.com/rest/orgs/members#create-an-organization-invitation","status":"422"}""");
    }
    Invitation invitation =
        invitations.stream()
            .filter(each -> each.email().equalsIgnoreCase(email))
            .findFirst()
            .orElseGet(() -> invited(email, body.path("role").asString("direct_member")));
    return Says.of(201, json(invitation).toString());
  }

  private Invitation invited(String email, String role) {
    Invitation invitation = new Invitation(++last, email, role, now());
    invitations.add(invitation);
    return invitation;
  }

  private static ObjectNode json(Invitation invitation) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("id", invitation.id())
            .put("email", invitation.email())
            .put("role", invitation.role())
            .put("created_at", invitation.created().toString())
            .put("team_count", 0);
    json.putNull("login");
    json.putNull("failed_at");
    return json;
  }

  private Says list(Map<String, String> query) {
    int size = Integer.parseInt(query.getOrDefault("per_page", "30"));
    int from = (Integer.parseInt(query.getOrDefault("page", "1")) - 1) * size;
    ArrayNode page = JSON.createArrayNode();
    invitations.stream().skip(from).limit(size).forEach(each -> page.add(json(each)));
    return Says.of(200, page.toString());
  }

  /** The one query that is asked, with its paging by cursor. */
  private Says graphql(JsonNode variables) {
    int from = Integer.parseInt(variables.path("after").asString("0"));
    ObjectNode organization = JSON.createObjectNode();
    ArrayNode domains = organization.putObject("domains").putArray("nodes");
    verifiedDomains.forEach(each -> domains.addObject().put("domain", each));
    ObjectNode connection = organization.putObject("membersWithRole");
    ArrayNode edges = connection.putArray("edges");
    members.stream()
        .skip(from)
        .limit(pageLimit)
        .forEach(
            each -> {
              ObjectNode edge = edges.addObject().put("role", each.role().toUpperCase(Locale.ROOT));
              ArrayNode emails =
                  edge.putObject("node")
                      .put("databaseId", each.id())
                      .put("login", each.login())
                      .putArray("organizationVerifiedDomainEmails");
              if (verifiedDomains.contains(each.email().substring(each.email().indexOf('@') + 1))) {
                emails.add(each.email());
              }
            });
    int end = from + pageLimit;
    connection
        .putObject("pageInfo")
        .put("hasNextPage", end < members.size())
        .put("endCursor", String.valueOf(end));
    ObjectNode answer = JSON.createObjectNode();
    answer.putObject("data").set("organization", organization);
    return Says.of(200, answer.toString());
  }

  synchronized void pagesOf(int most) {
    pageLimit = most;
  }
}
