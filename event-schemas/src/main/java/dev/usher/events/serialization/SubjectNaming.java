package dev.usher.events.serialization;

import java.util.Locale;
import java.util.Optional;
import org.apache.avro.Schema;

/** How a subject of the registry gets its name: Confluent's three strategies. */
enum SubjectNaming {
  /** The topic, with `-key` or `-value`. */
  TOPIC("TopicNameStrategy"),
  /** The record's full name. */
  RECORD("RecordNameStrategy"),
  /** The topic, a hyphen, and the record's full name. */
  TOPIC_RECORD("TopicRecordNameStrategy");

  private final String simpleName;

  SubjectNaming(String simpleName) {
    this.simpleName = simpleName;
  }

  /**
   * Finds a strategy by its name or by a class name of Confluent's, with or without the package.
   */
  static Optional<SubjectNaming> named(String name) {
    String simple = name.substring(name.lastIndexOf('.') + 1);
    for (SubjectNaming naming : values()) {
      if (naming.simpleName.equals(simple) || naming.name().equals(name.toUpperCase(Locale.ROOT))) {
        return Optional.of(naming);
      }
    }
    return Optional.empty();
  }

  String subject(String topic, boolean isKey, Schema schema) {
    return switch (this) {
      case TOPIC -> topic + (isKey ? "-key" : "-value");
      case RECORD -> schema.getFullName();
      case TOPIC_RECORD -> topic + "-" + schema.getFullName();
    };
  }
}
