package dev.usher.provisioning.provision.connector.rest;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A tool of one's own that takes signed deliveries, as the page on recipes says it must. */
final class Tool extends StandIn {

  static final String SECRET = "whsec_cGxhbnRlZC1zZWNyZXQtb2YtdGhlLXRvb2w=";

  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private final Map<String, ObjectNode> accounts = new LinkedHashMap<>();
  private final Set<String> seen = new HashSet<>();
  private long last;

  @Override
  Says error(int status) {
    return Says.of(
        status,
        "{\"code\":\"%s\",\"message\":\"no\"}"
            .formatted(status == 404 ? "no-such-account" : "error-" + status));
  }

  /** Puts an account there, past the webhook. */
  synchronized ObjectNode put(ObjectNode account) {
    String id = "t" + ++last;
    account.put("id", id).put("active", true);
    accounts.put(id, account);
    return account;
  }

  synchronized Optional<ObjectNode> by(String field, String value) {
    return accounts.values().stream()
        .filter(each -> !value.isEmpty() && each.path(field).asString("").equals(value))
        .findFirst();
  }

  /** Standard Webhooks 1.0.0: the signature, the time, and whether it comes for the first time. */
  private boolean isGood(Asked asked) {
    String id = asked.header("webhook-id");
    String timestamp = asked.header("webhook-timestamp");
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(
              Base64.getDecoder().decode(SECRET.substring("whsec_".length())), "HmacSHA256"));
      byte[] expected =
          mac.doFinal((id + "." + timestamp + "." + asked.text()).getBytes(StandardCharsets.UTF_8));
      Instant sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
      return MessageDigest.isEqual(
              ("v1," + Base64.getEncoder().encodeToString(expected))
                  .getBytes(StandardCharsets.UTF_8),
              asked.header("webhook-signature").getBytes(StandardCharsets.UTF_8))
          && Duration.between(sent, now()).abs().compareTo(TOLERANCE) <= 0
          && seen.add(id);
    } catch (GeneralSecurityException | NumberFormatException e) {
      return false;
    }
  }

  @Override
  Says answer(Asked asked) {
    if (!isGood(asked)) {
      return error(401);
    }
    JsonNode body = asked.body();
    return switch (body.path("type").asString("")) {
      case "ping" -> Says.of(204, "");
      case "account.create" -> create((ObjectNode) body.path("account"));
      case "account.find" ->
          by("externalId", body.path("externalId").asString(""))
              .or(() -> by("email", body.path("email").asString("")))
              .map(each -> Says.of(200, each.toString()))
              .orElseGet(() -> error(404));
      default ->
          by("id", body.path("id").asString(""))
              .map(each -> changed(each, body))
              .orElseGet(() -> error(404));
    };
  }

  private Says create(ObjectNode account) {
    boolean taken =
        by("externalId", account.path("externalId").asString("")).isPresent()
            || by("email", account.path("email").asString("")).isPresent();
    return taken ? error(409) : Says.of(201, put(account).toString());
  }

  private Says changed(ObjectNode account, JsonNode body) {
    return switch (body.path("type").asString("")) {
      case "account.read" -> Says.of(200, account.toString());
      case "account.update" -> {
        account.setAll((ObjectNode) body.path("account"));
        yield Says.of(204, "");
      }
      case "account.suspend" -> {
        account.put("active", false);
        yield Says.of(204, "");
      }
      case "account.reactivate" -> {
        account.put("active", true);
        yield Says.of(204, "");
      }
      case "account.delete" -> {
        accounts.remove(account.path("id").asString());
        yield Says.of(204, "");
      }
      default -> error(400);
    };
  }
}
