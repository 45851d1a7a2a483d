package dev.usher.provisioning.provision.connector.http;

import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.http.Authentication.Exchange;
import dev.usher.provisioning.provision.connector.http.Authentication.Step;
import dev.usher.provisioning.provision.connector.http.KeptToken.Fetch;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Where OAuth 2 gives tokens (RFC 6749, sections 3.2 and 5). */
final class TokenEndpoint {

  /** Where it does not say how long a token is good. */
  private static final Duration SHORT = Duration.ofMinutes(5);

  private static final long LONGEST_SECONDS = 30L * 24 * 60 * 60;
  private static final Pattern ERROR = Pattern.compile("[a-z_]{1,40}");

  private TokenEndpoint() {}

  static Request.Body form(Map<String, String> parameters) {
    return new Request.Body(
        "application/x-www-form-urlencoded",
        parameters.entrySet().stream()
            .map(entry -> encoded(entry.getKey()) + '=' + encoded(entry.getValue()))
            .collect(Collectors.joining("&")));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static Fetch ask(Request request, Exchange exchange, Deadline deadline) {
    return switch (exchange.send(request.with("Accept", "application/json"), deadline)) {
      case Answer.Received answer when answer.status() == 200 -> token(answer, request.uri());
      case Answer answer -> none(answer, request.uri());
    };
  }

  /** Whatever is no token. */
  static Fetch.None none(Answer answer, URI where) {
    String host = "`" + where.getHost() + "`, which gives tokens, ";
    return new Fetch.None(
        switch (answer) {
          case Answer.NotSent(var why, var after) ->
              new Step.Failed(host + "was not asked: " + why, after);
          case Answer.Lost(var why) -> new Step.Failed(host + "did not answer: " + why, null);
          case Answer.Received received ->
              new Step.Failed(
                  host + "answered " + received.status() + error(received), received.retryAfter());
        });
  }

  /** Section 5.2 of RFC 6749; nothing else of the answer is quoted. */
  private static String error(Answer.Received answer) {
    JsonNode json = answer.json();
    String code = json == null ? "" : json.path("error").stringValue("");
    return ERROR.matcher(code).matches() ? " `" + code + "`" : "";
  }

  private static Fetch token(Answer.Received answer, URI where) {
    JsonNode json = answer.json();
    String token = json == null ? "" : json.path("access_token").stringValue("");
    if (json == null || !Request.isValue("Bearer " + token) || token.isEmpty()) {
      return new Fetch.None(
          new Step.Failed("`" + where.getHost() + "` gave no token that can be read", null));
    }
    long seconds = json.path("expires_in").asLong(SHORT.toSeconds());
    return new Fetch.Fresh(token, Duration.ofSeconds(Math.clamp(seconds, 1, LONGEST_SECONDS)));
  }
}
