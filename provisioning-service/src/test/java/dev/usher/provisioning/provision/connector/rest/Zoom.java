package dev.usher.provisioning.provision.connector.rest;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The users of Zoom: made at once, or pending until they follow the link in an e-mail.
 *
 * @see <a href="https://developers.zoom.us/docs/api/users/">Zoom's documentation</a>
 */
final class Zoom extends StandIn {

  private static final String TOKEN = "zoom-planted-secret";

  private final Map<String, ObjectNode> users = new LinkedHashMap<>();
  private long last = 500;

  @Override
  String base() {
    return "/v2";
  }

  @Override
  Says token(Asked asked) {
    return asked.text().contains("client_secret=right")
            && asked.text().contains("grant_type=account_credentials")
            && asked.text().contains("account_id=A1")
        ? Says.of(200, "{\"access_token\":\"%s\",\"expires_in\":3599}".formatted(TOKEN))
        : Says.of(401, "{\"error\":\"invalid_client\"}");
  }

  @Override
  Says error(int status) {
    return switch (status) {
      case 401 -> error(401, 124, "Invalid access token.");
      case 404 -> error(404, 1001, "User does not exist.");
      case 409 -> error(409, 1005, "User already in the account.");
      case 429 ->
          error(429, 429, "You have reached the maximum per-second rate limit for this API.")
              .with("X-RateLimit-Category", "Light")
              .with("X-RateLimit-Type", "QPS");
      default -> error(400, 300, "Validation Failed.");
    };
  }

  private static Says error(int status, int code, String message) {
    return Says.of(status, "{\"code\":%d,\"message\":\"%s\"}".formatted(code, message));
  }

  /** Puts a user there, past the API. */
  synchronized ObjectNode put(String email, String name, String status, String role) {
    String id = "z" + ++last;
    ObjectNode user =
        JSON.createObjectNode()
            .put("id", id)
            .put("email", email)
            .put("display_name", name)
            .put("status", status)
            .put("role_id", role)
            .put("user_created_at", now().toString());
    users.put(id, user);
    return user;
  }

  synchronized Optional<ObjectNode> user(String key) {
    return users.values().stream()
        .filter(
            user ->
                user.path("id").asString().equals(key)
                    || user.path("email").asString().equalsIgnoreCase(key))
        .findFirst();
  }

  @Override
  Says answer(Asked asked) {
    if (!asked.header("Authorization").equals("Bearer " + TOKEN)) {
      return error(401);
    }
    if (asked.is("POST", "users")) {
      return create(asked.body());
    }
    if (asked.is("GET", "users")) {
      return Says.of(
          200, "{\"page_count\":1,\"total_records\":%d,\"users\":[]}".formatted(users.size()));
    }
    Optional<ObjectNode> user =
        asked.path().size() >= 2 ? user(asked.path().get(1)) : Optional.empty();
    if (user.isEmpty()) {
      return error(404);
    }
    if (asked.is("PUT", "users", "*", "status")) {
      user.get()
          .put(
              "status",
              asked.body().path("action").asString("").equals("activate") ? "active" : "inactive");
      return Says.of(204, "");
    }
    return switch (asked.method()) {
      case "GET" -> Says.of(200, told(user.get()).toString());
      case "PATCH" -> {
        user.get().setAll((ObjectNode) asked.body());
        yield Says.of(204, "");
      }
      case "DELETE" -> {
        users.remove(user.get().path("id").asString());
        yield Says.of(204, "");
      }
      default -> error(400);
    };
  }

  /** Of whoever has not accepted, the id and the time of the call. */
  private ObjectNode told(ObjectNode user) {
    return user.path("status").asString("").equals("pending")
        ? JSON.createObjectNode()
            .put("id", user.path("id").asString())
            .put("created_at", now().toString())
        : user;
  }

  private Says create(JsonNode body) {
    JsonNode wanted = body.path("user_info");
    String email = wanted.path("email").asString("");
    if (email.isEmpty() || wanted.path("type").asInt(0) == 0) {
      return error(400);
    }
    if (user(email).isPresent()) {
      return error(409);
    }
    boolean invites = body.path("action").asString("").equals("create");
    ObjectNode user =
        put(email, wanted.path("display_name").asString(""), invites ? "pending" : "active", "2");
    return Says.of(
        201,
        JSON.createObjectNode()
            .put("id", user.path("id").asString())
            .put("email", email)
            .put("type", 1)
            .toString());
  }
}
