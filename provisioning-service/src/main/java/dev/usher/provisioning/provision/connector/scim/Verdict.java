package dev.usher.provisioning.provision.connector.scim;

import dev.usher.provisioning.provision.connector.Change;
import dev.usher.provisioning.provision.connector.Creation;
import dev.usher.provisioning.provision.connector.NotNow;
import dev.usher.provisioning.provision.connector.NotNow.Cause;
import dev.usher.provisioning.provision.connector.Rejected;
import dev.usher.provisioning.provision.connector.Unknown;
import dev.usher.provisioning.provision.connector.http.Answer;
import dev.usher.provisioning.provision.connector.http.Answer.Received;
import dev.usher.provisioning.provision.connector.http.Http;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/**
 * What an answer means that is not the one hoped for (section 3.12 of RFC 7644, and what services
 * make of it).
 *
 * @param dialect how the service tells a quota from a burst
 * @param http takes secrets out of the service's words
 * @param credentials the setting that refers to the credentials
 */
record Verdict(Dialect dialect, Http http, String credentials) {

  /** Who asks to be left alone for longer means a quota, and not how fast it goes. */
  private static final Duration LONGEST_BURST = Duration.ofHours(1);

  private static final String ANSWERED = "The service answered ";

  /** Of a question, which leaves nothing behind. */
  NotNow notNow(Answer answer) {
    return switch (answer) {
      case Answer.NotSent(String why, Duration after) -> new NotNow(why, Cause.TROUBLE, after);
      case Answer.Lost(String why) -> new NotNow(why, Cause.TROUBLE, null);
      case Received received -> notNow(received);
    };
  }

  private NotNow notNow(Received answer) {
    String what = ANSWERED + answer.status();
    return switch (answer.status()) {
      case 401, 403 ->
          new NotNow(
              what + ": it does not accept what `" + credentials + "` refers to",
              Cause.TROUBLE,
              answer.retryAfter());
      case 429 ->
          new NotNow(what, isQuota(answer) ? Cause.QUOTA : Cause.BURST, answer.retryAfter());
      case 301, 302, 303, 307, 308 ->
          new NotNow(
              what + ": redirects are not followed; `url` must be where it answers itself",
              Cause.TROUBLE,
              null);
      case 200 -> new NotNow(what + " with what cannot be read", Cause.TROUBLE, null);
      default -> new NotNow(what + about(answer), Cause.TROUBLE, answer.retryAfter());
    };
  }

  private boolean isQuota(Received answer) {
    Duration after = answer.retryAfter();
    return dialect.isQuota(answer) || (after != null && after.compareTo(LONGEST_BURST) > 0);
  }

  /** The error's own word for its kind, which not every service gives. */
  private static String about(Received answer) {
    String type = scimType(answer);
    return type.matches("[A-Za-z]{1,40}") ? " (" + type + ")" : "";
  }

  private static String scimType(Received answer) {
    JsonNode error = answer.json();
    return error == null ? "" : error.path("scimType").asString("");
  }

  /** Of a create that brought no account that can be named. */
  Creation creation(Received answer) {
    if (answer.status() == 409 || isTaken(answer)) {
      return new Creation.Conflict();
    }
    String what = ANSWERED + answer.status();
    return switch (answer.status()) {
      case 404, 405, 410, 501 ->
          // Says nothing of the person: the address is wrong, or about to be right again.
          new NotNow(what + ": it takes no accounts at `url`", Cause.TROUBLE, answer.retryAfter());
      case 400, 406, 411, 412, 413, 414, 415, 422, 428 -> rejected(answer);
      case 301, 302, 303, 307, 308, 401, 403, 429 -> notNow(answer);
      default -> unknown(answer);
    };
  }

  private static boolean isTaken(Received answer) {
    return answer.status() == 400 && scimType(answer).equals("uniqueness");
  }

  /** Of a change that was not made. */
  Change change(Received answer) {
    return switch (answer.status()) {
      case 404, 410 -> isAnswerOfService(answer) ? new Change.Gone() : notNow(answer);
      case 400, 405, 406, 409, 411, 412, 413, 414, 415, 422, 428, 501 -> rejected(answer);
      case 301, 302, 303, 307, 308, 401, 403, 429 -> notNow(answer);
      default -> unknown(answer);
    };
  }

  /** Whether it speaks of an account, and not of an address behind which there is no service. */
  static boolean isAnswerOfService(Received answer) {
    return answer.body().isBlank() || answer.json() != null;
  }

  private Unknown unknown(Received answer) {
    // Gateways speak so of a service that has not answered them.
    boolean gateway = answer.status() == 408 || answer.status() == 502 || answer.status() == 504;
    return new Unknown(ANSWERED + answer.status(), answer.retryAfter(), !gateway);
  }

  private Rejected rejected(Received answer) {
    return new Rejected(ANSWERED + answer.status() + about(answer), words(answer));
  }

  /** What the service says of the error, in the forms of SCIM 2.0 and 1.1, and others. */
  private String words(Received answer) {
    JsonNode error = answer.json();
    if (error == null) {
      return "no detail";
    }
    for (String place :
        new String[] {"/detail", "/Errors/0/description", "/Errors/description", "/message"}) {
      JsonNode words = error.at(place);
      if (words.isString() && !words.asString().isBlank()) {
        return http.quotable(words.asString());
      }
    }
    return "no detail";
  }
}
