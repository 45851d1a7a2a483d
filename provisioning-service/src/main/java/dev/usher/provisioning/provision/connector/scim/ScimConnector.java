package dev.usher.provisioning.provision.connector.scim;

import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Creation;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.Lookup;
import dev.usher.provisioning.provision.connector.NewAccount;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.scim.ScimHttp.Answer;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A service that speaks SCIM 2.0 (RFC 7643, RFC 7644). */
final class ScimConnector implements Connector {

  private static final String USER = "urn:ietf:params:scim:schemas:core:2.0:User";
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int WORDS_LIMIT = 300;

  private final String users;
  private final ScimHttp http;

  ScimConnector(
      URI base,
      Supplier<Optional<String>> token,
      Limits limits,
      Outbound outbound,
      InstantSource clock) {
    this.users = base + "/Users";
    this.http = new ScimHttp(token, limits, outbound, clock);
  }

  /** Section 3.3 of RFC 7644. */
  @Override
  public Creation create(NewAccount account) {
    return switch (http.post(users, JSON.writeValueAsBytes(user(account)))) {
      case Answer.NotSent(String why) -> new Creation.NotNow(why, null);
      case Answer.Lost(String why) -> new Creation.Unknown(why, null);
      case Answer.Received received -> creation(received);
    };
  }

  private static Creation creation(Answer.Received answer) {
    String what = "The service answered " + answer.status();
    return switch (answer.status()) {
      case 200, 201 -> created(answer);
      case 409 -> new Creation.Conflict();
      case 401, 403 ->
          new Creation.NotNow(what + ": it does not accept the credentials", answer.retryAfter());
      case 429 -> new Creation.NotNow(what, answer.retryAfter());
      case 301, 302, 303, 307, 308 ->
          new Creation.NotNow(what + ": redirects are not followed", null);
      case 400, 404, 405, 406, 410, 411, 412, 413, 414, 415, 422, 501 ->
          new Creation.Rejected(what, words(answer));
      default -> new Creation.Unknown(what, answer.retryAfter());
    };
  }

  private static Creation created(Answer.Received answer) {
    JsonNode user = json(answer);
    String id = user == null ? null : text(user, "id");
    if (user == null || id == null) {
      return new Creation.Unknown(
          "The service answered " + answer.status() + " without an id", null);
    }
    String userName = text(user, "userName");
    return userName == null
        ? new Creation.Unknown(
            "The service answered " + answer.status() + " without a userName", null)
        : new Creation.Created(id, userName);
  }

  /**
   * First by our {@code externalId}, then by the name. What a filter returns is compared again,
   * since services are known to answer an unsupported filter with everything, or with nothing.
   */
  @Override
  public Lookup find(NewAccount account) {
    Lookup byExternalId = find("externalId", account);
    return byExternalId instanceof Lookup.Absent ? find("userName", account) : byExternalId;
  }

  private Lookup find(String attribute, NewAccount account) {
    String value = attribute.equals("externalId") ? account.externalId() : account.userName();
    String filter = attribute + " eq " + JSON.writeValueAsString(value);
    String url = users + "?filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8);
    return switch (http.get(url)) {
      case Answer.NotSent(String why) -> new Lookup.NotNow(why, null);
      case Answer.Lost(String why) -> new Lookup.NotNow(why, null);
      case Answer.Received received when received.status() == 200 -> found(received, account);
      case Answer.Received received ->
          new Lookup.NotNow(
              "The service answered " + received.status() + " to a search", received.retryAfter());
    };
  }

  private static Lookup found(Answer.Received answer, NewAccount account) {
    JsonNode list = json(answer);
    if (list == null || !list.isObject() || !list.has("totalResults")) {
      return new Lookup.NotNow("The service's answer to a search cannot be read", null);
    }
    boolean nameTaken = false;
    for (JsonNode user : list.path("Resources")) {
      String id = text(user, "id");
      String userName = text(user, "userName");
      if (account.externalId().equals(text(user, "externalId")) && id != null) {
        return new Lookup.Ours(id, userName == null ? account.userName() : userName);
      }
      nameTaken |= account.userName().equalsIgnoreCase(userName);
    }
    return nameTaken ? new Lookup.SomebodyElses() : new Lookup.Absent();
  }

  private static ObjectNode user(NewAccount account) {
    Profile profile = account.profile();
    ObjectNode user = JsonNodeFactory.instance.objectNode();
    user.putArray("schemas").add(USER);
    user.put("externalId", account.externalId());
    user.put("userName", account.userName());
    user.put("active", true);
    put(user, "displayName", profile.displayName());
    put(user, "locale", profile.locale());
    put(user, "timezone", profile.timeZone());
    if (profile.givenName() != null || profile.familyName() != null) {
      ObjectNode name = user.putObject("name");
      put(name, "givenName", profile.givenName());
      put(name, "familyName", profile.familyName());
    }
    if (profile.email() != null) {
      user.putArray("emails")
          .addObject()
          .put("value", profile.email())
          .put("type", "work")
          .put("primary", true);
    }
    return user;
  }

  private static void put(ObjectNode node, String name, @Nullable String value) {
    if (value != null) {
      node.put(name, value);
    }
  }

  private static @Nullable String text(JsonNode node, String name) {
    JsonNode value = node.get(name);
    return value != null && value.isString() && !value.asString().isEmpty()
        ? value.asString()
        : null;
  }

  private static @Nullable JsonNode json(Answer.Received answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (JacksonException _) {
      return null;
    }
  }

  /** What the service says of the error (section 3.12 of RFC 7644), bounded. */
  private static String words(Answer.Received answer) {
    JsonNode error = json(answer);
    String detail = error == null ? null : text(error, "detail");
    String words = detail == null ? "no detail" : detail;
    return words.length() > WORDS_LIMIT ? words.substring(0, WORDS_LIMIT) + "…" : words;
  }

  @Override
  public void close() {
    http.close();
  }
}
