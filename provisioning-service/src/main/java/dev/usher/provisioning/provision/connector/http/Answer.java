package dev.usher.provisioning.provision.connector.http;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What came of a request. Reasons hold neither secrets nor personal data. */
public sealed interface Answer {

  /** How long a service can ask to be left alone; what asks for more, asks for this. */
  Duration LONGEST_WAIT = Duration.ofDays(366);

  /** That long, or as long as a service can ask for: neither less than no time nor for ever. */
  static Duration bounded(Duration asked) {
    if (asked.isNegative()) {
      return Duration.ZERO;
    }
    return asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
  }

  /**
   * No byte of the request left.
   *
   * @param why in a sentence
   * @param after how long whoever stood in the way asks to be left alone; null if nobody said
   */
  record NotSent(String why, @Nullable Duration after) implements Answer {}

  /**
   * The request left, or part of it, and no answer came that can be read whole.
   *
   * @param why in a sentence
   */
  record Lost(String why) implements Answer {}

  /**
   * An answer.
   *
   * @param headers the last of each name, whatever its case
   * @param body as UTF-8, at most {@value Wire#BODY_LIMIT} bytes; empty if there is none
   * @param retryAfter how long the service asks to be left alone (section 10.2.3 of RFC 9110, in
   *     both forms); null if it does not say
   */
  record Received(
      int status, Map<String, String> headers, String body, @Nullable Duration retryAfter)
      implements Answer {

    public Received {
      Map<String, String> named = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      named.putAll(headers);
      headers = Collections.unmodifiableMap(named);
    }

    /** The body as JSON; null if it is none, or nested deeper than any service's is. */
    public @Nullable JsonNode json() {
      return Json.read(body);
    }

    /** Says nothing of the person. */
    @Override
    public String toString() {
      return "Received[" + status + "]";
    }
  }
}
