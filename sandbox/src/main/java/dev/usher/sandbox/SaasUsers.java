package dev.usher.sandbox;

import de.captaingoldfish.scim.sdk.common.constants.enums.Comparator;
import de.captaingoldfish.scim.sdk.common.constants.enums.SortOrder;
import de.captaingoldfish.scim.sdk.common.etag.ETag;
import de.captaingoldfish.scim.sdk.common.exceptions.ConflictException;
import de.captaingoldfish.scim.sdk.common.exceptions.ResourceNotFoundException;
import de.captaingoldfish.scim.sdk.common.resources.User;
import de.captaingoldfish.scim.sdk.common.resources.complex.Meta;
import de.captaingoldfish.scim.sdk.common.schemas.SchemaAttribute;
import de.captaingoldfish.scim.sdk.common.utils.JsonHelper;
import de.captaingoldfish.scim.sdk.server.endpoints.Context;
import de.captaingoldfish.scim.sdk.server.endpoints.ResourceHandler;
import de.captaingoldfish.scim.sdk.server.filter.AttributeExpressionLeaf;
import de.captaingoldfish.scim.sdk.server.filter.FilterNode;
import de.captaingoldfish.scim.sdk.server.filter.resources.FilterResourceResolver;
import de.captaingoldfish.scim.sdk.server.response.PartialListResponse;
import dev.usher.sandbox.Habit.Quirk;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The users of one SaaS in memory. They are kept as JSON text, a kilobyte each, and found by
 * userName and externalId without looking at the others; any other filter looks at all.
 */
final class SaasUsers extends ResourceHandler<User> {

  /** A request whose creates are answered like any other and then forgotten. */
  static final class Forgetful extends Context {
    Forgetful() {
      super(SaasScim.CHECKED_BEFORE);
    }
  }

  private static final String UNIQUENESS = "uniqueness";

  private record Kept(Saas.Account account, String externalIdOrEmpty, String json) {
    User user() {
      return JsonHelper.readJsonDocument(json, User.class);
    }
  }

  private final InstantSource clock;
  private final SaasHabits habits;
  private final AtomicLong sequence = new AtomicLong();
  private final ConcurrentNavigableMap<String, Kept> byId = new ConcurrentSkipListMap<>();
  // The rest is guarded by this.
  private final Map<String, List<String>> idsByUserName = new HashMap<>();
  private final Map<String, List<String>> idsByExternalId = new HashMap<>();
  private final Map<String, Integer> createsByExternalId = new HashMap<>();
  private boolean unique = true;

  SaasUsers(InstantSource clock, SaasHabits habits) {
    this.clock = clock;
    this.habits = habits;
  }

  synchronized void uniqueness(boolean on) {
    unique = on;
  }

  List<Saas.Account> accounts() {
    return byId.values().stream().map(Kept::account).toList();
  }

  synchronized Map<String, Integer> createsByExternalId() {
    return Map.copyOf(createsByExternalId);
  }

  @Override
  public User createResource(User user, Context context) {
    Instant now = clock.instant();
    String id = "U%09d".formatted(sequence.incrementAndGet());
    user.setId(id);
    stamp(user, now, now, 1);
    if (user.isActive().isEmpty()) {
      user.setActive(true);
    }
    if (context instanceof Forgetful) {
      return user;
    }
    Kept kept = kept(user, now);
    synchronized (this) {
      List<String> holders = idsByUserName.getOrDefault(key(kept), List.of());
      if (habits.has(Quirk.BINDS) && !holders.isEmpty()) {
        user.setId(holders.getFirst());
        return updateResource(user, context);
      }
      refuseTaken(kept, null);
      index(kept);
      byId.put(id, kept);
      createsByExternalId.merge(kept.externalIdOrEmpty(), 1, Integer::sum);
    }
    return user;
  }

  @Override
  public User getResource(
      String id,
      List<SchemaAttribute> attributes,
      List<SchemaAttribute> excludedAttributes,
      Context context) {
    return known(id).user();
  }

  @Override
  public PartialListResponse<User> listResources(
      long startIndex,
      int count,
      @Nullable FilterNode filter,
      @Nullable SchemaAttribute sortBy,
      @Nullable SortOrder sortOrder,
      List<SchemaAttribute> attributes,
      List<SchemaAttribute> excludedAttributes,
      Context context) {
    long before = Math.max(0, startIndex - 1);
    if (filter == null) {
      List<User> page = byId.values().stream().skip(before).limit(count).map(Kept::user).toList();
      return PartialListResponse.<User>builder().resources(page).totalResults(byId.size()).build();
    }
    List<User> candidates = candidates(filter).map(Kept::user).toList();
    List<User> matches =
        FilterResourceResolver.filterResources(getServiceProvider(), candidates, filter);
    return PartialListResponse.<User>builder()
        .resources(matches.stream().skip(before).limit(count).toList())
        .totalResults(matches.size())
        .build();
  }

  @Override
  public User updateResource(User user, Context context) {
    String id = user.getId().orElseThrow();
    synchronized (this) {
      Kept old = known(id);
      Instant created = old.account().created();
      stamp(user, created, clock.instant(), versionOf(old) + 1);
      Kept updated = kept(user, created);
      refuseTaken(updated, id);
      unindex(old);
      index(updated);
      byId.put(id, updated);
    }
    return user;
  }

  @Override
  public synchronized void deleteResource(String id, Context context) {
    if (habits.has(Quirk.DELETE_DEACTIVATES)) {
      User user = known(id).user();
      user.setActive(false);
      updateResource(user, context);
      return;
    }
    unindex(known(id));
    byId.remove(id);
  }

  private Kept known(String id) {
    Kept kept = byId.get(id);
    if (kept == null) {
      throw new ResourceNotFoundException("there is no user `" + id + "`");
    }
    return kept;
  }

  private void refuseTaken(Kept kept, @Nullable String itself) {
    List<String> holders = idsByUserName.getOrDefault(key(kept), List.of());
    if (unique && holders.stream().anyMatch(id -> !id.equals(itself))) {
      throw new ConflictException(
          "the userName `%s` is taken".formatted(kept.account().userName()), UNIQUENESS);
    }
  }

  private Stream<Kept> candidates(FilterNode filter) {
    if (filter instanceof AttributeExpressionLeaf leaf
        && leaf.getComparator() == Comparator.EQ
        && leaf.isMainSchemaNode()) {
      String value = leaf.getStringValue().orElse("");
      switch (leaf.getShortName()) {
        case "userName" -> {
          return kept(idsByUserName, value.toLowerCase(Locale.ROOT));
        }
        case "externalId" -> {
          return kept(idsByExternalId, value);
        }
        default -> {
          // No index knows this attribute.
        }
      }
    }
    return byId.values().stream();
  }

  private synchronized Stream<Kept> kept(Map<String, List<String>> index, String key) {
    Collection<String> ids = index.getOrDefault(key, List.of());
    return ids.stream().map(id -> Optional.ofNullable(byId.get(id))).flatMap(Optional::stream);
  }

  private void index(Kept kept) {
    String id = kept.account().id();
    idsByUserName.merge(key(kept), List.of(id), SaasUsers::joined);
    idsByExternalId.merge(kept.externalIdOrEmpty(), List.of(id), SaasUsers::joined);
  }

  private void unindex(Kept kept) {
    String id = kept.account().id();
    idsByUserName.computeIfPresent(key(kept), (_, ids) -> without(ids, id));
    idsByExternalId.computeIfPresent(kept.externalIdOrEmpty(), (_, ids) -> without(ids, id));
  }

  private static List<String> joined(List<String> some, List<String> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  private static @Nullable List<String> without(List<String> ids, String gone) {
    List<String> rest = ids.stream().filter(id -> !id.equals(gone)).toList();
    return rest.isEmpty() ? null : rest;
  }

  private static String key(Kept kept) {
    return kept.account().userName().toLowerCase(Locale.ROOT);
  }

  private Kept kept(User given, Instant created) {
    User user = given;
    if (habits.has(Quirk.FORGETS_EXTERNAL_ID)) {
      user = JsonHelper.readJsonDocument(given.toString(), User.class);
      user.setExternalId(null);
    }
    Optional<String> externalId = user.getExternalId();
    return new Kept(
        new Saas.Account(
            user.getId().orElseThrow(),
            user.getUserName().orElse(""),
            externalId,
            user.getDisplayName(),
            user.isActive().orElse(true),
            created),
        externalId.orElse(""),
        user.toString());
  }

  /** The library has made the rest of {@code meta} by now, and wants it left as it is. */
  private static void stamp(User user, Instant created, Instant modified, int version) {
    Meta meta =
        user.getMeta()
            .orElseGet(
                () -> {
                  user.setMeta(Meta.builder().resourceType("User").build());
                  return user.getMeta().orElseThrow();
                });
    meta.setCreated(created);
    meta.setLastModified(modified);
    meta.setVersion(ETag.builder().weak(true).tag(String.valueOf(version)).build());
  }

  private static int versionOf(Kept kept) {
    return kept.user()
        .getMeta()
        .flatMap(Meta::getVersion)
        .map(version -> Integer.parseInt(version.getTag()))
        .orElse(0);
  }
}
