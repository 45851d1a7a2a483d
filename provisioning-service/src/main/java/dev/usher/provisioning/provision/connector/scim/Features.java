package dev.usher.provisioning.provision.connector.scim;

import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.http.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a service says it can do (section 5 of RFC 7643), asked for when it is first needed and
 * again once an hour. It decides how a thing is asked for and never what the service can be asked
 * for.
 */
final class Features {

  private static final Duration KEPT = Duration.ofHours(1);

  /** How long nobody asks again where the answer was none. */
  private static final Duration KEPT_NONE = Duration.ofMinutes(1);

  private static final Said NOTHING = new Said(true, false, false);

  private final Endpoint endpoint;
  private final Dialect dialect;
  private final InstantSource clock;
  private volatile @Nullable Kept kept;

  /** What it said, or what it is held to where it did not. */
  record Said(boolean patch, boolean etag, boolean cursor) {}

  private record Kept(Said said, Instant until) {}

  Features(Endpoint endpoint, Dialect dialect, InstantSource clock) {
    this.endpoint = endpoint;
    this.dialect = dialect;
    this.clock = clock;
  }

  boolean patches(Deadline deadline) {
    return dialect.patches().orElseGet(() -> said(deadline).patch());
  }

  boolean sendsVersions(Deadline deadline) {
    return dialect.sendsVersions().orElseGet(() -> said(deadline).etag());
  }

  boolean pagesByCursor(Deadline deadline) {
    return dialect.pagesByCursor().orElseGet(() -> said(deadline).cursor());
  }

  private Said said(Deadline deadline) {
    if (dialect.discovery().isEmpty()) {
      return NOTHING;
    }
    Instant now = clock.instant();
    Kept before = kept;
    if (before != null && now.isBefore(before.until())) {
      return before.said();
    }
    Said said = asked(endpoint.get("/" + dialect.discovery().get(), deadline));
    Kept after =
        said == null
            ? new Kept(before == null ? NOTHING : before.said(), now.plus(KEPT_NONE))
            : new Kept(said, now.plus(KEPT));
    kept = after;
    return after.said();
  }

  static @Nullable Said asked(Answer answer) {
    JsonNode config =
        answer instanceof Answer.Received received && received.status() == 200
            ? received.json()
            : null;
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
