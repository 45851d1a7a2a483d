package dev.usher.provisioning.provision.connector.rest;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The users of a Google Workspace: found by id or address, both in any case, with a PATCH that
 * replaces lists.
 *
 * @see <a
 *     href="https://developers.google.com/workspace/admin/directory/reference/rest/v1/users">Google's
 *     documentation</a>
 */
final class Google extends StandIn {

  private static final String TOKEN = "ya29.planted-secret";

  /** The middle of a JWT. */
  private static final Pattern CLAIMS = Pattern.compile("assertion=[^.&]+\\.([^.&]+)\\.");

  private final Map<String, ObjectNode> users = new LinkedHashMap<>();
  private long last = 100_000;

  @Override
  String base() {
    return "/admin/directory/v1";
  }

  @Override
  Says token(Asked asked) {
    // Who asks shows in the signature, which is tried elsewhere; here, in who is acted for.
    Matcher assertion = CLAIMS.matcher(asked.text());
    String claims =
        assertion.find()
            ? new String(Base64.getUrlDecoder().decode(assertion.group(1)), StandardCharsets.UTF_8)
            : "{}";
    return JSON.readTree(claims).path("sub").asString("").equals("admin@acme.example")
        ? Says.of(200, "{\"access_token\":\"%s\",\"expires_in\":3599}".formatted(TOKEN))
        : Says.of(401, "{\"error\":\"unauthorized_client\"}");
  }

  @Override
  Says error(int status) {
    return switch (status) {
      case 400 -> error(400, "Invalid Input: primary_user_email", "invalid");
      case 401 -> error(401, "Invalid Credentials", "authError");
      case 409 -> error(409, "Entity already exists.", "duplicate");
      case 429 -> error(429, "Quota exceeded", "rateLimitExceeded");
      default -> error(404, "Resource Not Found: userKey", "notFound");
    };
  }

  Says error(int status, String message, String reason) {
    return Says.of(
        status,
        """
        {"error":{"code":%d,"message":"%s","errors":[{"message":"%s","domain":"global","reason":"%s"}]}}"""
            .formatted(status, message, message, reason));
  }

  /** Puts a user there, past the API. */
  synchronized ObjectNode put(ObjectNode user) {
    String id = String.valueOf(++last);
    user.put("id", id)
        .put("creationTime", now().toString())
        .put("suspended", false)
        .put("isAdmin", user.path("isAdmin").asBoolean(false))
        .put("isDelegatedAdmin", false)
        .remove("password");
    users.put(id, user);
    return user;
  }

  synchronized Optional<ObjectNode> user(String key) {
    return users.values().stream()
        .filter(
            user ->
                user.path("id").asString().equals(key)
                    || user.path("primaryEmail").asString().equalsIgnoreCase(key))
        .findFirst();
  }

  @Override
  Says answer(Asked asked) {
    if (!asked.header("Authorization").equals("Bearer " + TOKEN)) {
      return error(401);
    }
    if (asked.is("POST", "users")) {
      return insert((ObjectNode) asked.body());
    }
    if (asked.is("GET", "users")) {
      ArrayNode all = JSON.createArrayNode();
      users.values().forEach(all::add);
      return Says.of(200, JSON.createObjectNode().set("users", all).toString());
    }
    Optional<ObjectNode> user =
        asked.path().size() == 2 ? user(asked.path().getLast()) : Optional.empty();
    if (user.isEmpty()) {
      return error(404);
    }
    return switch (asked.method()) {
      case "GET" -> Says.of(200, user.get().toString());
      case "PATCH" -> patch(user.get(), asked.body());
      case "DELETE" -> {
        users.remove(user.get().path("id").asString());
        yield Says.of(204, "");
      }
      default -> error(400);
    };
  }

  private Says insert(ObjectNode user) {
    boolean whole =
        user.path("password").asString("").length() >= 8
            && !user.path("name").path("givenName").asString("").isEmpty()
            && !user.path("name").path("familyName").asString("").isEmpty();
    if (!whole) {
      return error(400);
    }
    return user(user.path("primaryEmail").asString("")).isPresent()
        ? error(409)
        : Says.of(200, put(user).toString());
  }

  private static Says patch(ObjectNode user, JsonNode changes) {
    changes
        .properties()
        .forEach(
            change -> {
              if (change.getValue() instanceof ObjectNode more
                  && user.get(change.getKey()) instanceof ObjectNode before) {
                before.setAll(more);
              } else {
                user.set(change.getKey(), change.getValue());
              }
            });
    return Says.of(200, user.toString());
  }
}
