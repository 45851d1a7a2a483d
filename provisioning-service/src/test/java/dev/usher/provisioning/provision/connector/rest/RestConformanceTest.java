package dev.usher.provisioning.provision.connector.rest;

import dev.usher.provisioning.provision.connector.ConnectorContract;
import dev.usher.provisioning.provision.connector.DesiredAccount;
import dev.usher.provisioning.provision.connector.Subject;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Each recipe that comes with us, against a stand-in with the habits that its vendor documents. */
class RestConformanceTest extends ConnectorContract {

  @Override
  protected String table() {
    return "rest";
  }

  @Override
  protected List<Subject> subjects() {
    return List.of(
        new GithubSubject(new Github()),
        new GoogleSubject(new Google()),
        new ZoomSubject(new Zoom(), "settings: {type: 2}"),
        new ZoomSubject(new Zoom(), "settings: {action: create}"),
        new ToolSubject(new Tool()));
  }

  private static final class GithubSubject extends RestSubject {

    private final Github github;

    GithubSubject(Github github) {
      super("github-organization", github, "settings: {org: acme}");
      this.github = github;
    }

    @Override
    public String server() {
      return "a GitHub organization";
    }

    @Override
    String auth() {
      return "{type: bearer, token: \"${SLACK_TOKEN}\"}";
    }

    @Override
    String secret(boolean right) {
      return right ? Github.TOKEN : "ghp_of-nobody";
    }

    @Override
    public List<Seen> seen(DesiredAccount account) {
      return Stream.concat(
              github.invitations().stream()
                  .filter(each -> each.email().equals(account.userName()))
                  .map(each -> "invitation-" + each.id()),
              github.members().stream()
                  .filter(each -> each.email().equals(account.userName()))
                  .map(each -> String.valueOf(each.id())))
          .map(id -> new Seen(id, Optional.empty(), Optional.empty(), Optional.empty()))
          .toList();
    }

    @Override
    public void puts(DesiredAccount account, Optional<String> externalId) {
      github.join(account.userName(), "jane", "member");
    }
  }

  private static final class GoogleSubject extends RestSubject {

    private final Google google;
    private final String key = key(google());

    GoogleSubject(Google google) {
      super("google-workspace", google);
      this.google = google;
    }

    private static String google() {
      return "usher@project.iam.gserviceaccount.com";
    }

    private static String key(String email) {
      try {
        KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
        keys.initialize(2048);
        KeyPair pair = keys.generateKeyPair();
        String pem =
            "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
                .formatted(Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded()));
        return StandIn.JSON
            .createObjectNode()
            .put("client_email", email)
            .put("private_key", pem)
            .toString();
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public String server() {
      return "a Google Workspace";
    }

    @Override
    String auth() {
      return "{type: google-service-account, key: \"${SLACK_TOKEN}\", subject: admin@acme.example, scope: \"https://www.googleapis.com/auth/admin.directory.user\", token-url: \"%s\"}"
          .formatted(google.tokenUrl());
    }

    @Override
    String secret(boolean right) {
      return right ? key : "{}";
    }

    @Override
    public List<Seen> seen(DesiredAccount account) {
      return google.user(account.userName()).stream()
          .map(
              user ->
                  new Seen(
                      user.path("id").asString(),
                      Optional.ofNullable(
                          user.path("externalIds").path(0).path("value").asString(null)),
                      Optional.of(!user.path("suspended").asBoolean()),
                      Optional.of(
                          user.path("name").path("givenName").asString("")
                              + " "
                              + user.path("name").path("familyName").asString(""))))
          .toList();
    }

    @Override
    public void puts(DesiredAccount account, Optional<String> externalId) {
      ObjectNode user = StandIn.JSON.createObjectNode().put("primaryEmail", account.userName());
      user.putObject("name").put("givenName", "Jane").put("familyName", "Doe");
      externalId.ifPresent(
          id ->
              user.putArray("externalIds")
                  .addObject()
                  .put("type", "custom")
                  .put("customType", "usher")
                  .put("value", id));
      google.put(user);
    }
  }

  private static final class ZoomSubject extends RestSubject {

    private final Zoom zoom;

    ZoomSubject(Zoom zoom, String settings) {
      super("zoom", zoom, settings);
      this.zoom = zoom;
    }

    @Override
    public String server() {
      return "a Zoom account";
    }

    @Override
    String auth() {
      return "{type: oauth2-client-credentials, token-url: \"%s\", client-id: C1, client-secret: \"${SLACK_TOKEN}\", credentials-in: body, parameters: {grant_type: account_credentials, account_id: A1}}"
          .formatted(zoom.tokenUrl());
    }

    @Override
    String secret(boolean right) {
      return right ? "right" : "wrong";
    }

    @Override
    public List<Seen> seen(DesiredAccount account) {
      return zoom.user(account.userName()).stream()
          .map(
              user ->
                  new Seen(
                      user.path("id").asString(),
                      Optional.empty(),
                      Optional.of(!user.path("status").asString().equals("inactive")),
                      Optional.of(user.path("display_name").asString(""))))
          .toList();
    }

    @Override
    public void puts(DesiredAccount account, Optional<String> externalId) {
      zoom.put(account.userName(), "Somebody", "active", "2");
    }
  }

  private static final class ToolSubject extends RestSubject {

    private final Tool tool;

    ToolSubject(Tool tool) {
      super("signed-webhook", tool);
      this.tool = tool;
    }

    @Override
    public String server() {
      return "a tool that takes signed deliveries";
    }

    @Override
    String auth() {
      return "{type: webhook-signature, secret: \"${SLACK_TOKEN}\"}";
    }

    @Override
    String secret(boolean right) {
      return right ? Tool.SECRET : "whsec_d3Jvbmc=";
    }

    @Override
    public List<Seen> seen(DesiredAccount account) {
      return tool.by("email", account.userName()).stream()
          .map(
              each ->
                  new Seen(
                      each.path("id").asString(),
                      Optional.ofNullable(each.path("externalId").asString(null)),
                      Optional.of(each.path("active").asBoolean()),
                      Optional.ofNullable(each.path("displayName").asString(null))))
          .toList();
    }

    @Override
    public void puts(DesiredAccount account, Optional<String> externalId) {
      ObjectNode there =
          StandIn.JSON
              .createObjectNode()
              .put("email", account.userName())
              .put("userName", account.userName());
      externalId.ifPresent(id -> there.put("externalId", id));
      tool.put(there);
    }

    @Override
    public Optional<String> group() {
      return Optional.of("engineering");
    }

    @Override
    public boolean isMember(DesiredAccount account) {
      return tool.by("email", account.userName())
          .orElseThrow()
          .path("groups")
          .valueStream()
          .map(JsonNode::asString)
          .anyMatch("engineering"::equals);
    }
  }
}
