package dev.usher.events.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The page on events says what the schemas say. `./mvnw -pl event-schemas test -Dcontract=write`
 * writes its tables of fields.
 */
class EventsPageTest {

  private static final Path PAGE = Path.of("../docs/events.md");

  static final List<Schema> EVENTS = Contract.EVENTS;

  @ParameterizedTest
  @FieldSource("EVENTS")
  void tellsEveryField(Schema event) throws IOException {
    String begin = "<!-- fields of %s: generated -->\n".formatted(event.getName());
    String end = "<!-- end of fields -->";
    String page = Files.readString(PAGE);
    int from = page.indexOf(begin) + begin.length();
    int to = page.indexOf(end, from);
    assertThat(from).as(begin).isGreaterThanOrEqualTo(begin.length());
    assertThat(to).as(end).isPositive();
    if (System.getProperty("contract", "check").equals("write")) {
      Files.writeString(PAGE, page.substring(0, from) + fields(event) + page.substring(to));
    } else {
      assertThat(page.substring(from, to)).isEqualTo(fields(event));
    }
  }

  @Test
  void tellsOfNoEventThatThereIsNot() throws IOException {
    assertThat(Files.readString(PAGE).split("<!-- fields of ", -1)).hasSize(EVENTS.size() + 1);
  }

  private static String fields(Schema event) {
    StringBuilder text = new StringBuilder();
    text.append('\n').append(event.getDoc()).append("\n\n");
    table(text, event);
    Contract.namedTypes(event).values().stream()
        .skip(1)
        .filter(type -> type.getType() == Schema.Type.RECORD)
        .forEach(
            type -> {
              text.append("\n`")
                  .append(type.getName())
                  .append("`: ")
                  .append(type.getDoc())
                  .append("\n\n");
              table(text, type);
            });
    return text.append('\n').toString();
  }

  private static void table(StringBuilder text, Schema record) {
    text.append("| field | type | meaning |\n| --- | --- | --- |\n");
    for (Schema.Field field : record.getFields()) {
      text.append(
          "| `%s` | %s | %s |\n"
              .formatted(field.name(), type(field.schema()), field.doc().replace("|", "\\|")));
    }
  }

  private static String type(Schema schema) {
    LogicalType logical = schema.getLogicalType();
    return switch (schema.getType()) {
      case UNION ->
          schema.getTypes().stream()
              .map(EventsPageTest::type)
              .sorted(nullLast())
              .collect(Collectors.joining(" or "));
      case ARRAY -> "list of " + type(schema.getElementType());
      case MAP -> "map of " + type(schema.getValueType());
      case RECORD -> "`" + schema.getName() + "`";
      case ENUM ->
          schema.getEnumSymbols().stream()
              .map(symbol -> "`" + symbol + "`")
              .collect(Collectors.joining(", "));
      case STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL, FIXED ->
          logical == null ? schema.getName() : logical.getName();
    };
  }

  private static Comparator<String> nullLast() {
    return Comparator.comparing("null"::equals);
  }
}
