package dev.usher.provisioning.provision.connector.rest;

import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;

/** What an expression is to give. */
enum Kind {
  TEXT("text or a whole number"),
  TRUTH("`true` or `false`"),
  TIME("a time, such as `timestamp(body.createdAt)`"),
  SPAN("a time span, such as `duration(\"90s\")`"),
  LIST("a list"),
  JSON("a mapping or a list, such as `{\"email\": person.email}`"),
  ANY("a value");

  private final String expected;

  Kind(String expected) {
    this.expected = expected;
  }

  String expected() {
    return expected;
  }

  /** Whether an expression of that type may give it; what comes from answers is seen then. */
  boolean takes(CelType type) {
    CelKind kind = type.kind();
    return kind == CelKind.DYN
        || switch (this) {
          case TEXT -> kind == CelKind.STRING || kind == CelKind.INT;
          case TRUTH -> kind == CelKind.BOOL;
          case TIME -> kind == CelKind.TIMESTAMP;
          case SPAN -> kind == CelKind.DURATION;
          case LIST -> kind == CelKind.LIST;
          case JSON -> kind == CelKind.MAP || kind == CelKind.LIST;
          case ANY -> true;
        };
  }
}
