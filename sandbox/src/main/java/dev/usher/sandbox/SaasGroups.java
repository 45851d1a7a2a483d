package dev.usher.sandbox;

import de.captaingoldfish.scim.sdk.common.constants.enums.SortOrder;
import de.captaingoldfish.scim.sdk.common.exceptions.ResourceNotFoundException;
import de.captaingoldfish.scim.sdk.common.resources.Group;
import de.captaingoldfish.scim.sdk.common.resources.complex.Meta;
import de.captaingoldfish.scim.sdk.common.schemas.SchemaAttribute;
import de.captaingoldfish.scim.sdk.common.utils.JsonHelper;
import de.captaingoldfish.scim.sdk.server.endpoints.Context;
import de.captaingoldfish.scim.sdk.server.endpoints.ResourceHandler;
import de.captaingoldfish.scim.sdk.server.filter.FilterNode;
import de.captaingoldfish.scim.sdk.server.filter.resources.FilterResourceResolver;
import de.captaingoldfish.scim.sdk.server.response.PartialListResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The groups of one SaaS in memory, as JSON text. */
final class SaasGroups extends ResourceHandler<Group> {

  private final InstantSource clock;
  private final AtomicLong sequence = new AtomicLong();
  private final ConcurrentNavigableMap<String, String> byId = new ConcurrentSkipListMap<>();

  SaasGroups(InstantSource clock) {
    this.clock = clock;
  }

  /** A new one without members; its id. */
  String add(String displayName) {
    Group group = new Group();
    group.setDisplayName(displayName);
    group.setMeta(Meta.builder().resourceType("Group").created(clock.instant()).build());
    return added(group);
  }

  private String added(Group group) {
    String id = "G%09d".formatted(sequence.incrementAndGet());
    group.setId(id);
    byId.put(id, group.toString());
    return id;
  }

  /** The ids of its members. */
  List<String> members(String id) {
    return known(id).getMembers().stream().map(member -> member.getValue().orElse("")).toList();
  }

  private Group known(String id) {
    String json = byId.get(id);
    if (json == null) {
      throw new ResourceNotFoundException("there is no group `" + id + "`");
    }
    return JsonHelper.readJsonDocument(json, Group.class);
  }

  @Override
  public Group createResource(Group group, Context context) {
    stamp(group, clock.instant());
    added(group);
    return group;
  }

  @Override
  public Group getResource(
      String id,
      List<SchemaAttribute> attributes,
      List<SchemaAttribute> excludedAttributes,
      Context context) {
    return known(id);
  }

  @Override
  public PartialListResponse<Group> listResources(
      long startIndex,
      int count,
      @Nullable FilterNode filter,
      @Nullable SchemaAttribute sortBy,
      @Nullable SortOrder sortOrder,
      List<SchemaAttribute> attributes,
      List<SchemaAttribute> excludedAttributes,
      Context context) {
    List<Group> all = byId.keySet().stream().map(this::known).toList();
    List<Group> matches =
        filter == null
            ? all
            : FilterResourceResolver.filterResources(getServiceProvider(), all, filter);
    return PartialListResponse.<Group>builder()
        .resources(matches.stream().skip(Math.max(0, startIndex - 1)).limit(count).toList())
        .totalResults(matches.size())
        .build();
  }

  @Override
  public Group updateResource(Group group, Context context) {
    String id = group.getId().orElseThrow();
    stamp(group, known(id).getMeta().flatMap(Meta::getCreated).orElseGet(clock::instant));
    byId.put(id, group.toString());
    return group;
  }

  private void stamp(Group group, Instant created) {
    group
        .getMeta()
        .ifPresent(
            meta -> {
              meta.setCreated(created);
              meta.setLastModified(clock.instant());
            });
  }

  @Override
  public void deleteResource(String id, Context context) {
    known(id);
    byId.remove(id);
  }
}
