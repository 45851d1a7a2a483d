package dev.usher.provisioning.provision.connector.scim;

import dev.usher.policy.Connector;
import dev.usher.policy.Problem;
import dev.usher.provisioning.provision.connector.Capabilities;
import dev.usher.provisioning.provision.connector.Capabilities.OnExisting;
import dev.usher.provisioning.provision.connector.Capabilities.Operation;
import dev.usher.provisioning.provision.connector.http.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How one service speaks SCIM: what its tenant's file says of it, or else its vendor's profile, or
 * else what the standard leads one to expect.
 */
final class Dialect {

  private static final Pattern HEADER = Pattern.compile("([A-Za-z0-9-]{1,100}): ?(\\S.{0,99})");

  /** What can be said of a service, and how. */
  enum Setting {
    CREATE("create"),
    EXTERNAL_ID("external-id"),
    EMAILS("emails"),
    RE_READ("re-read-after-create"),
    MEDIA_TYPE("media-type"),
    OPERATIONS("operations"),
    UPDATES("updates"),
    ETAGS("etags"),
    DELETE("delete"),
    FILTERS("filters"),
    PAGING("paging"),
    PAGE_SIZE("page-size"),
    SCAN_LIMIT("scan-limit"),
    GROUPS("groups"),
    DISCOVERY("discovery"),
    PROBE("probe"),
    QUOTA_HEADER("quota-header"),
    ATTRIBUTES("attributes"),
    PRIVILEGED("privileged"),
    GUEST("guest");

    private final String name;

    Setting(String name) {
      this.name = name;
    }

    private Kind kind() {
      return switch (this) {
        case CREATE -> oneOf("conflicts", "binds");
        case EXTERNAL_ID -> oneOf("kept", "forgotten");
        case EMAILS -> oneOf("verified", "unverified");
        case RE_READ -> flag();
        case MEDIA_TYPE -> oneOf("application/scim+json", "application/json");
        case OPERATIONS -> listOf(names(Operation.values()));
        case UPDATES -> oneOf("discovered", "patch", "put");
        case ETAGS -> oneOf("discovered", "sent", "ignored");
        case DELETE -> oneOf("removes", "deactivates");
        case FILTERS -> paths();
        case PAGING -> oneOf("discovered", "index", "cursor");
        case PAGE_SIZE -> upTo(1_000);
        case SCAN_LIMIT -> upTo(100_000);
        case GROUPS -> oneOf("filtered", "scanned", "none");
        case DISCOVERY -> oneOf("ServiceProviderConfig", "ServiceProviderConfigs", "none");
        case PROBE -> oneOf("users", "discovery");
        case QUOTA_HEADER -> header();
        case ATTRIBUTES -> mapping();
        case PRIVILEGED, GUEST -> marks();
      };
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * What a setting may be.
   *
   * @param takes whether it may be this
   * @param expected what would be right, for messages
   */
  private record Kind(Predicate<Object> takes, String expected) {}

  private static Kind oneOf(String... words) {
    return new Kind(Arrays.asList(words)::contains, "one of " + quoted(words));
  }

  private static Kind flag() {
    return new Kind(Boolean.class::isInstance, "`true` or `false`");
  }

  private static Kind upTo(int most) {
    return new Kind(
        value -> value instanceof Long number && number >= 1 && number <= most,
        "a number from 1 to " + most);
  }

  private static Kind listOf(String... words) {
    return new Kind(
        value -> value instanceof List<?> list && Arrays.asList(words).containsAll(list),
        "a list of " + quoted(words));
  }

  private static Kind paths() {
    return new Kind(
        value ->
            value instanceof List<?> list
                && list.stream().allMatch(each -> AttributePath.of(each.toString()).isPresent()),
        "a list of attributes such as `[userName, externalId]`, or `[]`");
  }

  private static Kind header() {
    return new Kind(
        value -> HEADER.matcher(value.toString()).matches(),
        "a header's name and what it contains, such as `X-RateLimit-Type: daily`");
  }

  private static Kind mapping() {
    return new Kind(
        value ->
            value instanceof Map<?, ?> map
                && map.entrySet().stream()
                    .allMatch(
                        entry ->
                            AttributePath.of((String) entry.getKey())
                                    .filter(path -> !Resource.isOurs(path))
                                    .isPresent()
                                && PersonField.isOne(entry.getValue())),
        "a mapping of paths such as "
            + AttributePath.EXPECTED
            + ", but not of `userName`, `externalId`, `active`, `id`, `schemas` and `meta`, to "
            + PersonField.EXPECTED);
  }

  private static Kind marks() {
    return new Kind(
        value ->
            value instanceof Map<?, ?> map
                && map.entrySet().stream()
                    .allMatch(
                        entry ->
                            AttributePath.of((String) entry.getKey()).isPresent()
                                && entry.getValue() instanceof List<?> values
                                && values.stream().noneMatch(Map.class::isInstance)),
        "a mapping of paths to lists of values, such as `{roles.value: [admin, owner]}`");
  }

  private static String quoted(String... words) {
    return Arrays.stream(words).map(word -> "`" + word + "`").collect(Collectors.joining(", "));
  }

  private static String[] names(Enum<?>... values) {
    return Arrays.stream(values)
        .map(value -> value.name().toLowerCase(Locale.ROOT))
        .toArray(String[]::new);
  }

  /** The settings, by their names. */
  static final List<String> SETTINGS =
      Arrays.stream(Setting.values()).map(Setting::toString).toList();

  private final List<Connector> layers;
  private final Map<AttributePath, PersonField> attributes;
  private final Map<AttributePath, List<String>> privileged;
  private final Map<AttributePath, List<String>> guest;

  /**
   * @param file what the tenant's file says, without problems
   * @param profile what is known of the vendor, without problems
   */
  Dialect(Connector file, Connector profile) {
    this.layers = List.of(file, profile);
    this.attributes = told(file, profile);
    this.privileged = marks(Setting.PRIVILEGED);
    this.guest = marks(Setting.GUEST);
  }

  /** All that is wrong with the settings of a tenant's file, or of a profile. */
  static List<Problem> problems(Connector layer) {
    List<Problem> problems = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      Object value = layer.settings().get(setting.name);
      Kind kind = setting.kind();
      if (value != null && !kind.takes().test(value)) {
        problems.add(
            layer.problem(
                setting.name,
                "`%s` is no `%s`; expected %s".formatted(value, setting.name, kind.expected())));
      }
    }
    return problems;
  }

  private Optional<Object> said(Setting setting) {
    return layers.stream()
        .flatMap(layer -> Stream.ofNullable(layer.settings().get(setting.name)))
        .findFirst();
  }

  private boolean is(Setting setting, String word) {
    return said(setting).filter(word::equals).isPresent();
  }

  private int number(Setting setting, int otherwise) {
    return said(setting).map(value -> ((Long) value).intValue()).orElse(otherwise);
  }

  Capabilities capabilities() {
    return new Capabilities(
        is(Setting.CREATE, "conflicts") ? OnExisting.CONFLICTS : OnExisting.BINDS,
        keepsExternalId(),
        is(Setting.EMAILS, "verified"),
        false,
        said(Setting.OPERATIONS)
            .map(
                list ->
                    ((List<?>) list)
                        .stream()
                            .map(
                                name -> Operation.valueOf(((String) name).toUpperCase(Locale.ROOT)))
                            .collect(Collectors.toUnmodifiableSet()))
            .orElseGet(() -> Set.of(Operation.values())));
  }

  boolean keepsExternalId() {
    return !is(Setting.EXTERNAL_ID, "forgotten");
  }

  boolean reReadsAfterCreate() {
    return said(Setting.RE_READ).filter(Boolean.TRUE::equals).isPresent();
  }

  String mediaType() {
    return (String) said(Setting.MEDIA_TYPE).orElse("application/scim+json");
  }

  /** Whether changes go by PATCH rather than PUT; empty if the service is to be asked. */
  Optional<Boolean> patches() {
    return said(Setting.UPDATES).filter(how -> !how.equals("discovered")).map("patch"::equals);
  }

  /** Whether changes name the version they change; empty if the service is to be asked. */
  Optional<Boolean> sendsVersions() {
    return said(Setting.ETAGS).filter(how -> !how.equals("discovered")).map("sent"::equals);
  }

  /** Whether pages are asked for by cursor (RFC 9865); empty if the service is to be asked. */
  Optional<Boolean> pagesByCursor() {
    return said(Setting.PAGING).filter(how -> !how.equals("discovered")).map("cursor"::equals);
  }

  int pageSize() {
    return number(Setting.PAGE_SIZE, 100);
  }

  int scanLimit() {
    return number(Setting.SCAN_LIMIT, 10_000);
  }

  /** What the service is known to filter users by; empty if nobody knows. */
  Optional<List<String>> filters() {
    return said(Setting.FILTERS)
        .map(list -> ((List<?>) list).stream().map(Object::toString).toList());
  }

  boolean hasGroups() {
    return !is(Setting.GROUPS, "none");
  }

  /** Whether groups are found by a filter on their {@code displayName}. */
  boolean filtersGroups() {
    return !is(Setting.GROUPS, "scanned");
  }

  /** Where the service says what it can do; empty if it does not. */
  Optional<String> discovery() {
    return Optional.of((String) said(Setting.DISCOVERY).orElse("ServiceProviderConfig"))
        .filter(path -> !path.equals("none"));
  }

  boolean probesUsers() {
    return !is(Setting.PROBE, "discovery");
  }

  /** Whether a 429 speaks of a quota, and not of how fast it goes. */
  boolean isQuota(Answer.Received answer) {
    return said(Setting.QUOTA_HEADER)
        .map(value -> HEADER.matcher(value.toString()))
        .filter(Matcher::matches)
        .filter(
            header ->
                answer
                    .headers()
                    .getOrDefault(header.group(1), "")
                    .toLowerCase(Locale.ROOT)
                    .contains(header.group(2).toLowerCase(Locale.ROOT)))
        .isPresent();
  }

  /** What the service is told of a person, by where. */
  Map<AttributePath, PersonField> attributes() {
    return attributes;
  }

  /** Where which values mark an administrator's account. */
  Map<AttributePath, List<String>> privileged() {
    return privileged;
  }

  /** Where which values mark a guest's account. */
  Map<AttributePath, List<String>> guest() {
    return guest;
  }

  private static Map<AttributePath, PersonField> told(Connector file, Connector profile) {
    Map<AttributePath, PersonField> all = new LinkedHashMap<>(PersonField.BY_DEFAULT);
    Stream.of(profile, file)
        .map(layer -> layer.settings().get(Setting.ATTRIBUTES.name))
        .filter(Map.class::isInstance)
        .forEach(
            map ->
                ((Map<?, ?>) map)
                    .forEach(
                        (path, field) ->
                            all.put(
                                AttributePath.of((String) path).orElseThrow(),
                                PersonField.of(field))));
    all.values().removeIf(PersonField::isNone);
    return all;
  }

  private Map<AttributePath, List<String>> marks(Setting setting) {
    Map<AttributePath, List<String>> marks = new LinkedHashMap<>();
    said(setting)
        .ifPresent(
            map ->
                ((Map<?, ?>) map)
                    .forEach(
                        (path, values) ->
                            marks.put(
                                AttributePath.of((String) path).orElseThrow(),
                                ((List<?>) values).stream().map(Object::toString).toList())));
    return marks;
  }
}
