package dev.usher.provisioning.provision.connector.scim;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.usher.policy.Entitlement;
import dev.usher.provisioning.provision.connector.Change;
import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.DesiredAccount;
import dev.usher.provisioning.provision.connector.NotNow;
import dev.usher.provisioning.provision.connector.Rejected;
import dev.usher.provisioning.provision.connector.http.Answer;
import dev.usher.provisioning.provision.connector.scim.Listing.Search;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Memberships in groups that the service has (section 4.2 of RFC 7643). Groups are neither made nor
 * left: whom somebody else has made a member stays one.
 */
final class Groups {

  private static final String PATH = "/Groups";
  private static final String DISPLAY_NAME = "displayName";
  private static final String GROUP = "group";
  private static final Duration KEPT = Duration.ofMinutes(10);
  private static final int MOST_KEPT = 10_000;

  private final Endpoint endpoint;
  private final Verdict verdict;
  private final Dialect dialect;
  private final Cache<String, String> idsByName =
      Caffeine.newBuilder().maximumSize(MOST_KEPT).expireAfterWrite(KEPT).build();

  /** Which groups of the service are meant. */
  sealed interface Named {

    /** By their ids. */
    record Ids(List<String> ids) implements Named {}

    /** It cannot be said now. */
    record NotKnown(NotNow why) implements Named {}

    /** There is no such group, or more than one. */
    record None(Rejected why) implements Named {}
  }

  Groups(Endpoint endpoint, Verdict verdict, Dialect dialect) {
    this.endpoint = endpoint;
    this.verdict = verdict;
    this.dialect = dialect;
  }

  /** The groups that an account shall be in. */
  Named of(DesiredAccount account, Deadline deadline) {
    List<String> ids = new ArrayList<>();
    for (Entitlement granted : account.entitlements()) {
      if (granted.type().equals(GROUP)) {
        Named named = dialect.hasGroups() ? named(granted.value(), deadline) : noGroups();
        if (!(named instanceof Named.Ids found)) {
          return named;
        }
        ids.addAll(found.ids());
      }
    }
    return new Named.Ids(ids);
  }

  private static Named noGroups() {
    return new Named.None(
        new Rejected(
            "A group is granted, and the service's `groups` is `none`",
            "expected no grant of a `group`"));
  }

  private Named named(String name, Deadline deadline) {
    String known = idsByName.getIfPresent(name);
    if (known != null) {
      return new Named.Ids(List.of(known));
    }
    boolean filtered = dialect.filtersGroups();
    Listing listing =
        new Listing(
            endpoint,
            verdict,
            PATH,
            dialect.pagesByCursor().orElse(false),
            dialect.pageSize(),
            dialect.scanLimit());
    return switch (listing.search(
        filtered ? Listing.eq(DISPLAY_NAME, name) : null,
        group -> name.equals(Resource.text(group, DISPLAY_NAME)) && Resource.id(group) != null,
        2,
        deadline)) {
      case Search.Hits(List<JsonNode> groups) when groups.size() == 1 -> {
        String id = groups.getFirst().path(Resource.ID).asString();
        idsByName.put(name, id);
        yield new Named.Ids(List.of(id));
      }
      case Search.Hits _ ->
          new Named.None(
              new Rejected("The service has several groups of a name that is granted", name));
      case Search.Nothing _ ->
          new Named.None(new Rejected("The service has no group of a name that is granted", name));
      case Search.Unsupported _ ->
          new Named.None(
              new Rejected(
                  "The service does not find groups by name; expected `groups: scanned`", name));
      case Search.Failed(NotNow why) -> new Named.NotKnown(why);
    };
  }

  /** Makes the user a member of the groups, which members may be told again (section 3.5.2.1). */
  Change join(String userId, List<String> groups, Deadline deadline) {
    for (String group : groups) {
      Change change = join(userId, group, deadline);
      if (!(change instanceof Change.Done)) {
        return change;
      }
    }
    return new Change.Done();
  }

  private Change join(String userId, String group, Deadline deadline) {
    Answer answer =
        endpoint.send(
            "PATCH",
            PATH + "/" + Endpoint.encoded(group),
            Patch.of(Patch.member(userId)),
            null,
            deadline);
    if (answer instanceof Answer.Received received) {
      if (received.status() == 200 || received.status() == 204) {
        return new Change.Done();
      }
      if (received.status() == 404) {
        idsByName.asMap().values().remove(group);
        return verdict.notNow(answer);
      }
      return verdict.change(received);
    }
    // A membership that is told twice is one.
    return verdict.notNow(answer);
  }
}
