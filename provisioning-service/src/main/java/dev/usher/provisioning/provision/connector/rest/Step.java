package dev.usher.provisioning.provision.connector.rest;

import dev.usher.provisioning.provision.connector.http.Json;
import dev.usher.provisioning.provision.connector.http.Request;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request of a recipe, and what its answers mean.
 *
 * @param when whether it is sent at all; null for always
 * @param body what it carries as JSON; null for none
 * @param form what it carries as a form; empty for none
 * @param firstPage what {@code page} is at first; null for null
 * @param nextPage what {@code page} is after an answer, if there is more; null if there never is
 * @param rules the first that holds, counts
 */
record Step(
    @Nullable Expression when,
    String method,
    Template path,
    Map<String, Template> query,
    Map<String, Template> headers,
    @Nullable Expression body,
    Map<String, Template> form,
    @Nullable Object firstPage,
    @Nullable Expression nextPage,
    List<Rule> rules) {

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final int LONGEST_BODY = 1 << 16;

  /** Whether it may leave something behind (section 9.2.1 of RFC 9110). */
  boolean writes() {
    return !method.equals("GET");
  }

  /**
   * The request.
   *
   * @param base without a slash at its end
   * @param mediaType of a JSON body
   * @throws UnclearException if it cannot be put together from what is known
   */
  Request request(URI base, String mediaType, Map<String, Object> known) throws UnclearException {
    String parameters = parameters(query, known);
    Request request =
        Request.of(
            method,
            URI.create(base + path.path(known) + (parameters.isEmpty() ? "" : "?" + parameters)));
    for (Map.Entry<String, Template> header : headers.entrySet()) {
      String value = header.getValue().textOrNull(known);
      if (value != null) {
        if (!Request.isValue(value)) {
          throw new UnclearException(
              "header `%s` cannot be sent as it is".formatted(header.getKey()));
        }
        request = request.with(header.getKey(), value);
      }
    }
    if (!form.isEmpty()) {
      return request.with(bounded(new Request.Body(FORM, parameters(form, known))));
    }
    if (body == null) {
      return request;
    }
    Object value = body.value(known);
    if (!(value instanceof Map) && !(value instanceof List)) {
      throw new UnclearException("`body` gave neither a mapping nor a list");
    }
    return request.with(bounded(new Request.Body(mediaType, Json.write(Values.json(value)))));
  }

  private static Request.Body bounded(Request.Body body) throws UnclearException {
    if (body.text().length() > LONGEST_BODY) {
      throw new UnclearException("the body is longer than " + LONGEST_BODY + " characters");
    }
    return body;
  }

  private static String parameters(Map<String, Template> all, Map<String, Object> known)
      throws UnclearException {
    List<String> encoded = new ArrayList<>();
    for (Map.Entry<String, Template> each : all.entrySet()) {
      String value = each.getValue().textOrNull(known);
      if (value != null) {
        encoded.add(Template.encoded(each.getKey()) + '=' + Template.encoded(value));
      }
    }
    return String.join("&", encoded);
  }
}
