package dev.usher.provisioning.provision.connector.scim;

import dev.usher.policy.Entitlement;
import dev.usher.provisioning.provision.connector.DesiredAccount;
import dev.usher.provisioning.provision.connector.Lookup;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Users as SCIM writes them (section 4 of RFC 7643).
 *
 * @param dialect what the service is told of a person, and how it marks accounts
 */
record Resource(Dialect dialect) {

  static final String ID = "id";
  static final String ACTIVE = "active";

  private static final String USER = "urn:ietf:params:scim:schemas:core:2.0:User";
  private static final String EXTERNAL_ID = "externalId";
  private static final String USER_NAME = "userName";
  private static final String SCHEMAS = "schemas";
  private static final String META = "meta";
  private static final String VALUE = "value";
  private static final Set<String> OURS = Set.of(ID, ACTIVE, EXTERNAL_ID, USER_NAME, SCHEMAS, META);

  /** Entitlements that are attributes of the user; groups are resources of their own. */
  private static final Map<String, String> GRANTS =
      Map.of("role", "roles", "license", "entitlements");

  /** Whether it is not for a setting to say what stands there. */
  static boolean isOurs(AttributePath path) {
    return path.extension() == null && OURS.contains(path.attribute());
  }

  /** A new user. */
  ObjectNode created(DesiredAccount account) {
    ObjectNode user = JsonNodeFactory.instance.objectNode();
    user.putArray(SCHEMAS).add(USER);
    user.put(ACTIVE, true);
    overlay(user, account);
    return user;
  }

  /**
   * A user that is there, as it shall be: what we know nothing of stays as it is, and what only the
   * service may say is left out.
   */
  ObjectNode replaced(JsonNode current, DesiredAccount account) {
    ObjectNode user = writable(current);
    overlay(user, account);
    return user;
  }

  /** A user that is there, usable or not. */
  static ObjectNode activated(JsonNode current, boolean active) {
    return writable(current).put(ACTIVE, active);
  }

  private static ObjectNode writable(JsonNode current) {
    ObjectNode user = ((ObjectNode) current).deepCopy();
    user.remove(List.of(META, "groups"));
    return user;
  }

  private void overlay(ObjectNode user, DesiredAccount account) {
    user.put(EXTERNAL_ID, account.externalId());
    user.put(USER_NAME, account.userName());
    dialect
        .attributes()
        .forEach(
            (path, field) -> {
              String value = field.of(account);
              if (value != null) {
                path.write(user, value);
              }
            });
    for (Entitlement granted : account.entitlements()) {
      String attribute = GRANTS.get(granted.type());
      if (attribute != null && !has(user, attribute, granted.value())) {
        ArrayNode all =
            user.get(attribute) instanceof ArrayNode there ? there : user.putArray(attribute);
        all.addObject().put(VALUE, granted.value());
      }
    }
    schemas(user);
  }

  /** Section 3 of RFC 7643: the URN of each extension in use. */
  private static void schemas(ObjectNode user) {
    Set<String> named = new TreeSet<>();
    user.path(SCHEMAS).valueStream().forEach(schema -> named.add(schema.asString()));
    ArrayNode all = user.get(SCHEMAS) instanceof ArrayNode there ? there : user.putArray(SCHEMAS);
    for (String name : user.propertyNames()) {
      if (name.startsWith("urn:") && named.add(name)) {
        all.add(name);
      }
    }
  }

  private static boolean has(JsonNode user, String attribute, String value) {
    return user.path(attribute)
        .valueStream()
        .anyMatch(one -> value.equals(one.path(VALUE).asString(null)));
  }

  /** What must change of a user that is there; empty if nothing must. */
  ArrayNode changes(JsonNode current, DesiredAccount account) {
    ArrayNode operations = JsonNodeFactory.instance.arrayNode();
    if (!account.userName().equalsIgnoreCase(text(current, USER_NAME))) {
      replace(operations, USER_NAME, account.userName());
    }
    if (dialect.keepsExternalId() && !account.externalId().equals(text(current, EXTERNAL_ID))) {
      replace(operations, EXTERNAL_ID, account.externalId());
    }
    dialect
        .attributes()
        .forEach(
            (path, field) -> {
              String value = field.of(account);
              if (value != null && !path.read(current).equals(List.of(value))) {
                path.patch(operations, current, value);
              }
            });
    for (Entitlement granted : account.entitlements()) {
      String attribute = GRANTS.get(granted.type());
      if (attribute != null && !has(current, attribute, granted.value())) {
        ObjectNode add = operations.addObject().put("op", "add").put("path", attribute);
        add.putArray(VALUE).addObject().put(VALUE, granted.value());
      }
    }
    return operations;
  }

  private static void replace(ArrayNode operations, String path, String value) {
    operations.addObject().put("op", "replace").put("path", path).put(VALUE, value);
  }

  /** The account that a user is; null if the service does not say its id. */
  Lookup.@Nullable Found found(JsonNode user, DesiredAccount account) {
    String id = text(user, ID);
    if (id == null) {
      return null;
    }
    String userName = text(user, USER_NAME);
    return new Lookup.Found(
        id,
        userName == null ? account.userName() : userName,
        text(user, EXTERNAL_ID),
        active(user),
        isMarked(user, dialect.privileged()),
        isMarked(user, dialect.guest()),
        email(user),
        instant(user.path(META).path("created").asString("")));
  }

  private static boolean isMarked(JsonNode user, Map<AttributePath, List<String>> marks) {
    return marks.entrySet().stream()
        .anyMatch(
            mark ->
                mark.getKey().read(user).stream()
                    .anyMatch(there -> mark.getValue().stream().anyMatch(there::equalsIgnoreCase)));
  }

  /** Whether the user is the one that an account shall be. */
  static boolean isOf(JsonNode user, DesiredAccount account) {
    return account.externalId().equals(text(user, EXTERNAL_ID));
  }

  /** Whether the user stands in the account's place. */
  static boolean isInTheWay(JsonNode user, DesiredAccount account) {
    String userName = text(user, USER_NAME);
    String email = account.profile().email();
    return account.userName().equalsIgnoreCase(userName)
        || (email != null
            && user.path("emails")
                .valueStream()
                .anyMatch(one -> email.equalsIgnoreCase(one.path(VALUE).asString(null))));
  }

  static @Nullable String userName(JsonNode user) {
    return text(user, USER_NAME);
  }

  static @Nullable String id(JsonNode resource) {
    return text(resource, ID);
  }

  /** Some services write it as text. */
  static @Nullable Boolean active(JsonNode user) {
    return switch (user.path(ACTIVE).asString("").toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> null;
    };
  }

  private static @Nullable String email(JsonNode user) {
    JsonNode emails = user.path("emails");
    return emails
        .valueStream()
        .filter(one -> one.path("primary").asBoolean(false))
        .findFirst()
        .or(() -> emails.valueStream().findFirst())
        .map(one -> text(one, VALUE))
        .orElse(null);
  }

  private static @Nullable Instant instant(String text) {
    try {
      return text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException _) {
      return null;
    }
  }

  /** The text of an attribute; null if it has none. */
  static @Nullable String text(JsonNode node, String name) {
    JsonNode value = node.get(name);
    return value != null && value.isString() && !value.asString().isEmpty()
        ? value.asString()
        : null;
  }
}
