package dev.usher.events.contract;

import dev.usher.events.AccessRequested;
import dev.usher.events.AccountChanged;
import dev.usher.events.AccountCreated;
import dev.usher.events.IdentityChanged;
import dev.usher.events.SignIn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.SchemaFormatter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What every event's schema promises to those who publish and subscribe. */
final class Contract {

  /** The events, in the order in which they are told of. */
  static final List<Schema> EVENTS =
      List.of(
          SignIn.getClassSchema(),
          AccessRequested.getClassSchema(),
          IdentityChanged.getClassSchema(),
          AccountCreated.getClassSchema(),
          AccountChanged.getClassSchema());

  private static final Pattern PERSONAL =
      Pattern.compile("(?s).*(^|\\. )(Not personal|Personal) data\\.$");
  private static final Pattern TIME = Pattern.compile(".*(At|Time|Since|Until)");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Contract() {}

  /** What is wrong with a schema in itself; empty if nothing is. */
  static List<String> faults(Schema event) {
    List<String> faults = new ArrayList<>();
    for (Schema type : namedTypes(event).values()) {
      if (blank(type.getDoc())) {
        faults.add("`%s` has no `doc`".formatted(type.getName()));
      }
      if (type.getType() == Schema.Type.ENUM && !"UNKNOWN".equals(type.getEnumDefault())) {
        faults.add(
            "enum `%s` must have `UNKNOWN` among its symbols and as its default"
                .formatted(type.getName()));
      }
      if (type.getType() == Schema.Type.RECORD) {
        type.getFields().forEach(field -> faults.addAll(faults(type, field)));
      }
    }
    return faults;
  }

  private static List<String> faults(Schema record, Schema.Field field) {
    List<String> faults = new ArrayList<>();
    String name = "`%s.%s`".formatted(record.getName(), field.name());
    if (blank(field.doc()) || !PERSONAL.matcher(field.doc()).matches()) {
      faults.add(name + " must have a `doc` that ends in `Personal data.` or `Not personal data.`");
    }
    boolean time =
        TIME.matcher(field.name()).matches()
            || (field.doc() != null && field.doc().contains("since 1970"));
    if (time
        && !(valueOf(field.schema()).getLogicalType() instanceof LogicalTypes.TimestampMillis)) {
      faults.add(name + " is a time and must be a `long` with the logical type `timestamp-millis`");
    }
    return faults;
  }

  /** How a schema breaks with an earlier one, in either direction; empty if it does not. */
  static List<String> breaks(Schema current, Schema released) {
    List<String> breaks = new ArrayList<>();
    breaks.addAll(unreadable("the released version's records", current, released));
    breaks.addAll(unreadable("by the released version, today's records", released, current));
    Map<String, Schema> before = namedTypes(released);
    namedTypes(current)
        .forEach(
            (name, type) -> {
              Schema earlier = before.get(name);
              if (earlier != null
                  && type.getType() == Schema.Type.RECORD
                  && earlier.getType() == type.getType()) {
                breaks.addAll(changedMeanings(type, earlier));
              }
            });
    return breaks;
  }

  private static List<String> unreadable(String what, Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
        .getResult()
        .getIncompatibilities()
        .stream()
        .map(Contract::told)
        .map(told -> "cannot read " + what + ": " + told)
        .toList();
  }

  private static String told(Incompatibility incompatibility) {
    return "%s at `%s`: %s"
        .formatted(
            incompatibility.getType(), incompatibility.getLocation(), incompatibility.getMessage());
  }

  /** Avro compares the bytes' types only; a long that is a time and becomes a count would pass. */
  private static List<String> changedMeanings(Schema record, Schema earlier) {
    List<String> changes = new ArrayList<>();
    for (Schema.Field field : record.getFields()) {
      Schema.Field before = earlier.getField(field.name());
      if (before != null
          && !Objects.equals(
              valueOf(field.schema()).getLogicalType(),
              valueOf(before.schema()).getLogicalType())) {
        changes.add("`%s.%s` changed its logical type".formatted(record.getName(), field.name()));
      }
    }
    return changes;
  }

  /** Every record and enum within a schema, by full name, itself first. */
  static Map<String, Schema> namedTypes(Schema schema) {
    Map<String, Schema> found = new LinkedHashMap<>();
    collect(schema, found);
    return found;
  }

  private static void collect(Schema schema, Map<String, Schema> found) {
    switch (schema.getType()) {
      case RECORD -> {
        if (found.putIfAbsent(schema.getFullName(), schema) == null) {
          schema.getFields().forEach(field -> collect(field.schema(), found));
        }
      }
      case ENUM, FIXED -> found.putIfAbsent(schema.getFullName(), schema);
      case ARRAY -> collect(schema.getElementType(), found);
      case MAP -> collect(schema.getValueType(), found);
      case UNION -> schema.getTypes().forEach(type -> collect(type, found));
      case STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> {}
    }
  }

  /** The type of a field that may be null, without the null. */
  static Schema valueOf(Schema schema) {
    return schema.getType() != Schema.Type.UNION
        ? schema
        : schema.getTypes().stream()
            .filter(type -> type.getType() != Schema.Type.NULL)
            .findFirst()
            .orElse(schema);
  }

  /** The schema in one piece, as a person would write it down, without what is for Java alone. */
  static String text(Schema schema) {
    JsonNode tree = JSON.readTree(schema.toString());
    withoutJava(tree);
    return SchemaFormatter.format("json/pretty", new Schema.Parser().parse(tree.toString())) + "\n";
  }

  private static void withoutJava(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove("avro.java.string");
    }
    node.forEach(Contract::withoutJava);
  }

  private static boolean blank(String text) {
    return text == null || text.isBlank();
  }
}
