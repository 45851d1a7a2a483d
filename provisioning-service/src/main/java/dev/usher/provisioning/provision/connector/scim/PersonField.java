package dev.usher.provisioning.provision.connector.scim;

import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.provision.connector.DesiredAccount;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a service is told of a person in one of its attributes.
 *
 * @param name as a setting writes it
 */
record PersonField(String name) {

  static final String EXPECTED =
      "`email`, `userName`, `displayName`, `givenName`, `familyName`, `locale`, `timeZone`, `attributes.NAME`, `none`, or `= TEXT` for always the same";

  /** What a service that says nothing else is told. */
  static final Map<AttributePath, PersonField> BY_DEFAULT = byDefault();

  private static final String NONE = "none";
  private static final Pattern ATTRIBUTE = Pattern.compile("attributes\\.(\\S{1,100})");
  private static final Pattern LITERAL = Pattern.compile("= ?(\\S.{0,299})");
  private static final Map<String, Function<Profile, @Nullable String>> FIELDS =
      Map.of(
          "email", Profile::email,
          "displayName", Profile::displayName,
          "givenName", Profile::givenName,
          "familyName", Profile::familyName,
          "locale", Profile::locale,
          "timeZone", Profile::timeZone);

  private static Map<AttributePath, PersonField> byDefault() {
    Map<AttributePath, PersonField> fields = new LinkedHashMap<>();
    Map<String, String> paths = new LinkedHashMap<>();
    paths.put("displayName", "displayName");
    paths.put("name.givenName", "givenName");
    paths.put("name.familyName", "familyName");
    paths.put("emails[type eq \"work\"].value", "email");
    paths.put("locale", "locale");
    paths.put("timezone", "timeZone");
    paths.forEach(
        (path, field) -> fields.put(AttributePath.of(path).orElseThrow(), new PersonField(field)));
    return fields;
  }

  /** Whether a setting names one. */
  static boolean isOne(@Nullable Object value) {
    return value instanceof String text
        && (text.equals(NONE)
            || text.equals("userName")
            || FIELDS.containsKey(text)
            || ATTRIBUTE.matcher(text).matches()
            || LITERAL.matcher(text).matches());
  }

  static PersonField of(@Nullable Object value) {
    if (!isOne(value)) {
      throw new IllegalArgumentException("`" + value + "` is no field of a person");
    }
    return new PersonField(String.valueOf(value));
  }

  /** Whether the service is told nothing there. */
  boolean isNone() {
    return name.equals(NONE);
  }

  /** What it is of this account's person; null if nobody knows. */
  @Nullable String of(DesiredAccount account) {
    Function<Profile, @Nullable String> field = FIELDS.get(name);
    if (field != null) {
      return field.apply(account.profile());
    }
    if (name.equals("userName")) {
      return account.userName();
    }
    Matcher attribute = ATTRIBUTE.matcher(name);
    if (attribute.matches()) {
      return account.attributes().get(attribute.group(1));
    }
    Matcher literal = LITERAL.matcher(name);
    return literal.matches() ? literal.group(1) : null;
  }
}
