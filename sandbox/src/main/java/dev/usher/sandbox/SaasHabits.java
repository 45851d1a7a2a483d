package dev.usher.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.captaingoldfish.scim.sdk.common.utils.JsonHelper;
import dev.usher.sandbox.Habit.Quirk;
import dev.usher.sandbox.SaasFront.Answer;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The habits of one SaaS, as far as they show in requests and answers. */
final class SaasHabits {

  private static final String JSON = "application/json";
  private static final String SCIM = "application/scim+json";
  private static final String CONFIG = "/ServiceProviderConfig";
  private static final String USERS = "/Users";
  private static final String GROUPS = "/Groups";

  /** One that is found, and asks nothing. */
  private static final String FINDS_NOTHING = "userName eq \"nobody has this name\"";

  private volatile List<Habit> habits = List.of();

  void set(Habit... now) {
    habits = List.of(now);
  }

  boolean has(Quirk quirk) {
    return habits.contains(quirk);
  }

  /**
   * A request.
   *
   * @param path below the base, with its slash
   * @param query empty if there is none
   */
  record Asked(String method, String path, String query, Map<String, String> headers, String body) {

    Asked {
      Map<String, String> named = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      named.putAll(headers);
      headers = named;
    }

    private boolean isAt(String method, String path) {
      return this.method.equals(method) && this.path.startsWith(path);
    }

    private String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /** The answer of a vendor that goes no further with this request. */
  Optional<Answer> refusal(Asked asked) {
    boolean hasBody = !asked.body().isEmpty();
    if (has(Quirk.WANTS_USER_AGENT) && asked.header("User-Agent").isEmpty()) {
      return refused(403, "", "a User-Agent is missing");
    }
    if (has(Quirk.PLAIN_JSON) && hasBody && !asked.header("Content-Type").startsWith(JSON)) {
      return refused(415, "", "the body should be " + JSON);
    }
    if (has(Quirk.WANTS_SCIM_ACCEPTED) && !asked.header("Accept").contains(SCIM)) {
      return refused(406, "", "the answer is " + SCIM);
    }
    if (has(Quirk.PUT_ONLY) && asked.isAt("PATCH", USERS)) {
      return refused(501, "", "PATCH is not implemented");
    }
    if (has(Quirk.PLURAL_CONFIG) && asked.path().equals(CONFIG)) {
      return refused(404, "", "there is nothing here");
    }
    if (asked.isAt("POST", USERS)) {
      return refusedUser(JsonHelper.readJsonDocument(asked.body()));
    }
    if (has(Quirk.NO_REPLACE_IN_GROUPS) && asked.isAt("PATCH", GROUPS)) {
      return children(JsonHelper.readJsonDocument(asked.body()).path("Operations"))
          .filter(operation -> operation.path("op").asText().equalsIgnoreCase("replace"))
          .findFirst()
          .flatMap(_ -> refused(400, "invalidValue", "members cannot be replaced"));
    }
    return unsupported(asked) == Habit.Unsupported.REFUSED
        ? refused(400, "invalidFilter", "this filter is not supported")
        : Optional.empty();
  }

  private Optional<Answer> refusedUser(JsonNode user) {
    List<JsonNode> emails = children(user.path("emails")).toList();
    if (has(Quirk.WANTS_WORK_EMAIL)
        && emails.stream().noneMatch(email -> email.path("type").asText().equals("work"))) {
      return refused(400, "invalidValue", "a work e-mail is missing");
    }
    JsonNode name = user.path("name");
    if (has(Quirk.WANTS_NAMES_AND_ONE_EMAIL)
        && (!user.hasNonNull("displayName")
            || !name.hasNonNull("givenName")
            || !name.hasNonNull("familyName")
            || emails.size() != 1
            || !emails.getFirst().path("primary").asBoolean())) {
      return refused(400, "invalidValue", "names, or the one primary e-mail, are missing");
    }
    return Optional.empty();
  }

  private static Stream<JsonNode> children(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false);
  }

  private static Optional<Answer> refused(int status, String scimType, String detail) {
    return Optional.of(Answer.scimError(status, scimType, detail));
  }

  /** What comes of the request's filter; the habit of others if it has none to speak of. */
  private Habit.@Nullable Unsupported unsupported(Asked asked) {
    String filter = filter(asked.query());
    if (filter.isEmpty() || !asked.isAt("GET", USERS)) {
      return null;
    }
    String attribute = filter.split(" ", 2)[0].toLowerCase(Locale.ROOT);
    return habits.stream()
        .filter(Habit.Filters.class::isInstance)
        .map(Habit.Filters.class::cast)
        .filter(honoured -> honoured.attributes().stream().noneMatch(attribute::equalsIgnoreCase))
        .map(Habit.Filters::others)
        .findFirst()
        .orElse(null);
  }

  private static String filter(String query) {
    return parameters(query)
        .filter(parameter -> parameter.startsWith("filter="))
        .map(parameter -> URLDecoder.decode(parameter.substring(7), StandardCharsets.UTF_8))
        .findFirst()
        .orElse("");
  }

  private static Stream<String> parameters(String query) {
    return Arrays.stream(query.split("&", -1)).filter(parameter -> !parameter.isEmpty());
  }

  /** The path and query that the library is asked for instead. */
  String asked(Asked asked) {
    // Some vendors filter by a word of their own.
    String query = asked.query().replace("filter=email%20eq", "filter=emails.value%20eq");
    String path =
        has(Quirk.PLURAL_CONFIG) && asked.path().equals(CONFIG + "s") ? CONFIG : asked.path();
    switch (unsupported(asked)) {
      case null -> {
        // As it is.
      }
      case EMPTY -> query = "filter=" + encoded(FINDS_NOTHING);
      case IGNORED -> query = without(query, "filter=");
      case REFUSED -> throw new IllegalStateException("it has been refused");
    }
    for (Habit habit : habits) {
      if (habit instanceof Habit.Pages(int most) && asked.method().equals("GET")) {
        query = capped(query, most);
      }
    }
    return query.isEmpty() ? path : path + "?" + query;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String without(String query, String name) {
    return parameters(query)
        .filter(parameter -> !parameter.startsWith(name))
        .collect(Collectors.joining("&"));
  }

  private static String capped(String query, int most) {
    int asked =
        parameters(query)
            .filter(parameter -> parameter.startsWith("count="))
            .map(parameter -> Integer.parseInt(parameter.substring(6)))
            .findFirst()
            .orElse(most);
    String rest = without(query, "count=");
    return (rest.isEmpty() ? "" : rest + "&") + "count=" + Math.min(asked, most);
  }

  /** The answer as this vendor gives it. */
  Answer given(Asked asked, Answer answer) {
    if (answer.body().isEmpty()
        || !(JsonHelper.readJsonDocument(answer.body()) instanceof ObjectNode body)) {
      return answer;
    }
    Map<String, String> headers = new HashMap<>(answer.headers());
    if (has(Quirk.NO_SCIM_TYPE)) {
      body.remove("scimType");
    }
    if (has(Quirk.PUT_ONLY) && asked.path().startsWith(CONFIG)) {
      body.withObject("/patch").put("supported", false);
    }
    if (has(Quirk.NO_ETAGS)) {
      headers.keySet().removeIf("ETag"::equalsIgnoreCase);
      unversioned(body);
      children(body.path("Resources")).forEach(SaasHabits::unversioned);
      if (asked.path().startsWith(CONFIG)) {
        body.withObject("/etag").put("supported", false);
      }
    }
    if (has(Quirk.PLAIN_JSON)) {
      headers.keySet().removeIf("Content-Type"::equalsIgnoreCase);
      headers.put("Content-Type", JSON);
    }
    return new Answer(answer.status(), headers, body.toString());
  }

  private static void unversioned(JsonNode resource) {
    if (resource.path("meta") instanceof ObjectNode meta) {
      meta.remove("version");
    }
  }
}
