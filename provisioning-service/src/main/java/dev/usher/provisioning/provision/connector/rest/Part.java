package dev.usher.provisioning.provision.connector.rest;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What can be told of an account, and where a recipe says where it is. */
enum Part {
  ID("id", Kind.TEXT),
  USER_NAME("userName", Kind.TEXT),
  EXTERNAL_ID("externalId", Kind.TEXT),
  EMAIL("email", Kind.TEXT),
  ACTIVE("active", Kind.TRUTH),
  CREATED("created", Kind.TIME),
  PRIVILEGED("privileged", Kind.TRUTH),
  GUEST("guest", Kind.TRUTH);

  private final String text;
  private final Kind kind;

  Part(String text, Kind kind) {
    this.text = text;
    this.kind = kind;
  }

  String text() {
    return text;
  }

  Kind kind() {
    return kind;
  }

  static Optional<Part> of(String text) {
    return Arrays.stream(values()).filter(part -> part.text.equals(text)).findFirst();
  }

  static List<String> texts() {
    return Arrays.stream(values()).map(Part::text).toList();
  }
}
