package dev.usher.provisioning.provision.connector.scim;

import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.provision.connector.Capabilities;
import dev.usher.provisioning.provision.connector.Capabilities.OnExisting;
import dev.usher.provisioning.provision.connector.Change;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Creation;
import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.DesiredAccount;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.Lookup;
import dev.usher.provisioning.provision.connector.NotNow;
import dev.usher.provisioning.provision.connector.NotNow.Cause;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.Probe;
import dev.usher.provisioning.provision.connector.Rejected;
import dev.usher.provisioning.provision.connector.Unknown;
import dev.usher.provisioning.provision.connector.scim.ScimHttp.Answer;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
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
  private static final String TOTAL = "totalResults";
  private static final String RESOURCES = "Resources";
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
  public Creation create(DesiredAccount account, Deadline deadline) {
    return switch (http.post(users, JSON.writeValueAsBytes(user(account)), deadline)) {
      case Answer.NotSent(String why) -> new NotNow(why, Cause.TROUBLE, null);
      case Answer.Lost(String why) -> new Unknown(why, null, false);
      case Answer.Received received -> creation(received);
    };
  }

  private Creation creation(Answer.Received answer) {
    String what = "The service answered " + answer.status();
    return switch (answer.status()) {
      case 200, 201 -> created(answer);
      case 409 -> new Creation.Conflict();
      case 401, 403 ->
          new NotNow(
              what + ": it does not accept the credentials", Cause.TROUBLE, answer.retryAfter());
      case 429 -> new NotNow(what, Cause.BURST, answer.retryAfter());
      case 301, 302, 303, 307, 308 ->
          new NotNow(what + ": redirects are not followed", Cause.TROUBLE, null);
      case 404, 405, 410, 501 ->
          // Says nothing of the person: the address is wrong, or about to be right again.
          new NotNow(
              what + ": it takes no accounts at this address", Cause.TROUBLE, answer.retryAfter());
      case 400, 406, 411, 412, 413, 414, 415, 422 -> new Rejected(what, words(answer));
      // Gateways speak so of a service that has not answered them.
      case 408, 502, 504 -> new Unknown(what, answer.retryAfter(), false);
      default -> new Unknown(what, answer.retryAfter(), true);
    };
  }

  private static Creation created(Answer.Received answer) {
    JsonNode user = json(answer);
    String id = user == null ? null : text(user, "id");
    if (user == null || id == null) {
      return new Unknown("The service answered " + answer.status() + " without an id", null, true);
    }
    String userName = text(user, "userName");
    return userName == null
        ? new Unknown("The service answered " + answer.status() + " without a userName", null, true)
        : new Creation.Created(id, userName);
  }

  /**
   * First by our {@code externalId}, which not every service filters by, then by the name. What a
   * filter returns is compared again, since services are known to answer an unsupported filter with
   * everything, or with nothing.
   */
  @Override
  public Lookup find(DesiredAccount account, Deadline deadline) {
    return switch (search("externalId", account.externalId())) {
      case Answer.Received(int status, _, _) when status == 400 || status == 501 ->
          byUserName(account);
      case Answer answer ->
          switch (found(answer, account)) {
            case Lookup.Found found when account.externalId().equals(found.externalId()) -> found;
            case NotNow notNow -> notNow;
            case Lookup.Answered _ -> byUserName(account);
          };
    };
  }

  private Lookup byUserName(DesiredAccount account) {
    Answer answer = search("userName", account.userName());
    Lookup found = found(answer, account);
    return found instanceof Lookup.Absent && !isWhole(answer)
        ? new NotNow("The service's answer to a search is not the whole of it", Cause.TROUBLE, null)
        : found;
  }

  /** Section 3.4.2.2 of RFC 7644: values are JSON strings. */
  private Answer search(String attribute, String value) {
    String filter = attribute + " eq " + JSON.writeValueAsString(value);
    String encoded = URLEncoder.encode(filter, StandardCharsets.UTF_8).replace("+", "%20");
    return http.get(users + "?filter=" + encoded);
  }

  private static Lookup found(Answer answer, DesiredAccount account) {
    return switch (answer) {
      case Answer.NotSent(String why) -> new NotNow(why, Cause.TROUBLE, null);
      case Answer.Lost(String why) -> new NotNow(why, Cause.TROUBLE, null);
      case Answer.Received received when received.status() == 200 -> found(received, account);
      case Answer.Received received ->
          new NotNow(
              "The service answered " + received.status() + " to a search",
              received.status() == 429 ? Cause.BURST : Cause.TROUBLE,
              received.retryAfter());
    };
  }

  private static Lookup found(Answer.Received answer, DesiredAccount account) {
    JsonNode list = json(answer);
    if (list == null || !list.path(TOTAL).isIntegralNumber()) {
      return new NotNow("The service's answer to a search cannot be read", Cause.TROUBLE, null);
    }
    Lookup.Found taken = null;
    for (JsonNode user : list.path(RESOURCES)) {
      String id = text(user, "id");
      String userName = text(user, "userName");
      if (account.externalId().equals(text(user, "externalId")) && id != null) {
        return found(id, userName == null ? account.userName() : userName, user);
      }
      if (id != null && userName != null && account.userName().equalsIgnoreCase(userName)) {
        taken = found(id, userName, user);
      }
    }
    return taken == null ? new Lookup.Absent() : taken;
  }

  private static Lookup.Found found(String id, String userName, JsonNode user) {
    return new Lookup.Found(id, userName, text(user, "externalId"), null, false, false, null, null);
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(OnExisting.CONFLICTS, true, false, false, Set.of());
  }

  @Override
  public Lookup read(String id, DesiredAccount account, Deadline deadline) {
    return find(account, deadline);
  }

  @Override
  public Change update(String id, DesiredAccount account, Deadline deadline) {
    throw new UnsupportedOperationException("update");
  }

  @Override
  public Change suspend(String id, DesiredAccount account, Deadline deadline) {
    throw new UnsupportedOperationException("suspend");
  }

  @Override
  public Change reactivate(String id, DesiredAccount account, Deadline deadline) {
    throw new UnsupportedOperationException("reactivate");
  }

  @Override
  public Change delete(String id, DesiredAccount account, Deadline deadline) {
    throw new UnsupportedOperationException("delete");
  }

  @Override
  public Probe probe(Deadline deadline) {
    throw new UnsupportedOperationException("probe");
  }

  /** Whether no further page could hold what this one does not. */
  private static boolean isWhole(Answer answer) {
    JsonNode list = answer instanceof Answer.Received received ? json(received) : null;
    return list != null && list.path(TOTAL).asLong(Long.MAX_VALUE) <= list.path(RESOURCES).size();
  }

  private static ObjectNode user(DesiredAccount account) {
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
  private String words(Answer.Received answer) {
    JsonNode error = json(answer);
    String detail = error == null ? null : text(error, "detail");
    String words = detail == null ? "no detail" : http.withoutToken(detail);
    return words.length() > WORDS_LIMIT ? words.substring(0, WORDS_LIMIT) + "…" : words;
  }

  @Override
  public void close() {
    http.close();
  }
}
