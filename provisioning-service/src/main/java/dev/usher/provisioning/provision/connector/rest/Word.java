package dev.usher.provisioning.provision.connector.rest;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.SimpleType;
import java.util.Arrays;
import java.util.List;

/** What expressions can speak of. A recipe's own settings come beside them. */
enum Word {
  PERSON_EMAIL("person.email", SimpleType.STRING, "text"),
  PERSON_DOMAIN("person.domain", SimpleType.STRING, "text"),
  PERSON_DISPLAY_NAME("person.displayName", unknown(), "text or `null`"),
  PERSON_GIVEN_NAME("person.givenName", unknown(), "text or `null`"),
  PERSON_FAMILY_NAME("person.familyName", unknown(), "text or `null`"),
  PERSON_LOCALE("person.locale", unknown(), "text or `null`"),
  PERSON_TIME_ZONE("person.timeZone", unknown(), "text or `null`"),
  PERSON_ATTRIBUTES(
      "person.attributes", MapType.create(SimpleType.STRING, SimpleType.STRING), "text by name"),
  ACCOUNT_EXTERNAL_ID("account.externalId", SimpleType.STRING, "text"),
  ACCOUNT_USER_NAME("account.userName", SimpleType.STRING, "text"),
  ACCOUNT_GROUPS("account.groups", ListType.create(SimpleType.STRING), "a list of text"),
  ACCOUNT_ID("account.id", SimpleType.STRING, "text"),
  TENANT_ID("tenant.id", SimpleType.STRING, "text"),
  SERVICE_ID("service.id", SimpleType.STRING, "text"),
  NOW("now", SimpleType.TIMESTAMP, "a time"),
  RANDOM("random", SimpleType.STRING, "text"),
  PAGE("page", SimpleType.DYN, "what `next-page` gave"),
  KEPT("kept", MapType.create(SimpleType.STRING, SimpleType.DYN), "values by name"),
  STATUS("status", SimpleType.INT, "a number"),
  HEADERS("headers", MapType.create(SimpleType.STRING, SimpleType.STRING), "text by name"),
  BODY("body", SimpleType.DYN, "JSON, or `null`"),
  IT("it", SimpleType.DYN, "JSON, or `null`");

  private final String text;
  private final CelType type;
  private final String inWords;

  Word(String text, CelType type, String inWords) {
    this.text = text;
    this.type = type;
    this.inWords = inWords;
  }

  private static CelType unknown() {
    return NullableType.create(SimpleType.STRING);
  }

  String text() {
    return text;
  }

  CelType type() {
    return type;
  }

  /** What it is, for the page on recipes. */
  String inWords() {
    return inWords;
  }

  /** Whether it is known only once an answer is there. */
  boolean isOfAnswer() {
    return this == STATUS || this == HEADERS || this == BODY || this == IT;
  }

  static List<String> texts() {
    return Arrays.stream(values()).map(Word::text).toList();
  }
}
