package dev.usher.provisioning.provision.connector.scim;

import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.NotNow;
import dev.usher.provisioning.provision.connector.http.Answer;
import dev.usher.provisioning.provision.connector.http.Answer.Received;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a service says it can do (section 5 of RFC 7643), asked for when it is first needed and
 * again once an hour. It decides how a thing is asked for and never what the service can be asked
 * for.
 */
final class Features {

  private static final Duration KEPT = Duration.ofHours(1);

  /** How long nobody asks again where the service does not say. */
  private static final Duration KEPT_NONE = Duration.ofMinutes(1);

  private static final Said NOTHING = new Said(true, false, false);

  private final Endpoint endpoint;
  private final Verdict verdict;
  private final Dialect dialect;
  private final InstantSource clock;
  private volatile @Nullable Kept kept;

  /** What it said, or what it is held to where it does not say. */
  private record Said(boolean patch, boolean etag, boolean cursor) {}

  private record Kept(Said said, Instant until) {}

  /** Whether a service does something. */
  sealed interface Does {

    /** As we have been told, or as is to be expected of whoever does not say. */
    record Known(boolean so) implements Does {}

    /** It is to be asked, and could not answer: another time it may. */
    record NotKnown(NotNow why) implements Does {}
  }

  Features(Endpoint endpoint, Verdict verdict, Dialect dialect, InstantSource clock) {
    this.endpoint = endpoint;
    this.verdict = verdict;
    this.dialect = dialect;
    this.clock = clock;
  }

  Does patches(Deadline deadline) {
    return does(dialect.patches(), Said::patch, deadline);
  }

  Does sendsVersions(Deadline deadline) {
    return does(dialect.sendsVersions(), Said::etag, deadline);
  }

  Does pagesByCursor(Deadline deadline) {
    return does(dialect.pagesByCursor(), Said::cursor, deadline);
  }

  /**
   * Whether the answer to a PATCH says that there is none (sections 9.1 and 15.6.2 of RFC 9110), so
   * that nothing was done and a PUT does as well. Not where a setting has said how changes go.
   */
  boolean learnsThatThereIsNoPatch(Answer answer) {
    boolean none =
        dialect.patches().isEmpty()
            && answer instanceof Received received
            && (received.status() == 405 || received.status() == 501);
    if (none) {
      Said said = known();
      kept = new Kept(new Said(false, said.etag(), said.cursor()), clock.instant().plus(KEPT));
    }
    return none;
  }

  private Does does(Optional<Boolean> set, Predicate<Said> what, Deadline deadline) {
    if (set.isPresent()) {
      return new Does.Known(set.get());
    }
    if (dialect.discovery().isEmpty()) {
      return new Does.Known(what.test(known()));
    }
    Instant now = clock.instant();
    Kept before = kept;
    if (before != null && now.isBefore(before.until())) {
      return new Does.Known(what.test(before.said()));
    }
    Answer answer = endpoint.get("/" + dialect.discovery().get(), deadline);
    if (before == null && isNoAnswer(answer)) {
      return new Does.NotKnown(verdict.notNow(answer));
    }
    Said said = said(answer);
    Kept after =
        said == null ? new Kept(known(), now.plus(KEPT_NONE)) : new Kept(said, now.plus(KEPT));
    kept = after;
    return new Does.Known(what.test(after.said()));
  }

  private Said known() {
    Kept known = kept;
    return known == null ? NOTHING : known.said();
  }

  /** Whether it is of the moment, and says nothing of what the service can do. */
  private static boolean isNoAnswer(Answer answer) {
    return switch (answer) {
      case Answer.NotSent _, Answer.Lost _ -> true;
      case Received(int status, _, _, _) ->
          status == 408 || status == 429 || (status >= 500 && status != 501);
    };
  }

  private static @Nullable Said said(Answer answer) {
    JsonNode config =
        answer instanceof Received received && received.status() == 200 ? received.json() : null;
    if (config == null) {
      return null;
    }
    // Where the path is a plural, so may be the answer.
    JsonNode one = config.path("Resources").isArray() ? config.path("Resources").path(0) : config;
    if (!one.isObject()) {
      return null;
    }
    JsonNode pagination = one.path("pagination");
    return new Said(
        one.path("patch").path("supported").asBoolean(true),
        one.path("etag").path("supported").asBoolean(false),
        pagination.path("cursor").asBoolean(false) && !pagination.path("index").asBoolean(false));
  }
}
