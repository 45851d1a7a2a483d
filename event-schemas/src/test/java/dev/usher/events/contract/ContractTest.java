package dev.usher.events.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Every event keeps its contract, and is FULL_TRANSITIVE compatible with every version of it that
 * was released. `./mvnw -pl event-schemas test -Dcontract=write` writes down the schemas that have
 * changed as the next released version.
 */
class ContractTest {

  private static final Path RELEASED = Path.of("src/released");

  static final List<Schema> EVENTS = Contract.EVENTS;

  @ParameterizedTest
  @FieldSource("EVENTS")
  void keepsTheContract(Schema event) {
    assertThat(Contract.faults(event)).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("EVENTS")
  void readsAndIsReadByEveryReleasedVersion(Schema event) throws IOException {
    List<Path> versions = versions(event);
    for (Path version : versions) {
      assertThat(Contract.breaks(event, parsed(version))).as(version.toString()).isEmpty();
    }
    if (System.getProperty("contract", "check").equals("write")) {
      release(event, versions);
    }
    assertThat(versions).isNotEmpty();
  }

  @ParameterizedTest
  @FieldSource("EVENTS")
  void numbersItsReleasedVersionsFromOne(Schema event) throws IOException {
    List<Path> versions = versions(event);
    for (int i = 0; i < versions.size(); i++) {
      assertThat(versions.get(i)).hasFileName((i + 1) + ".avsc");
      assertThat(parsed(versions.get(i)).getFullName()).isEqualTo(event.getFullName());
    }
  }

  private static final String RELEASED_FIXTURE =
      """
      {"type": "record", "name": "Fixture", "doc": "Of a test.", "fields": [
        {"name": "happenedAt", "type": {"type": "long", "logicalType": "timestamp-millis"}, "doc": "When. Not personal data."},
        {"name": "name", "type": "string", "doc": "Who. Personal data."},
        {"name": "note", "type": ["null", "string"], "default": null, "doc": "What else. Personal data."},
        {"name": "kind", "default": "UNKNOWN", "doc": "Which. Not personal data.", "type":
          {"type": "enum", "name": "Kind", "doc": "Kinds.", "symbols": ["A", "B", "UNKNOWN"], "default": "UNKNOWN"}}
      ]}""";

  @Test
  void findsNoFaultWhereThereIsNone() {
    Schema fixture = new Schema.Parser().parse(RELEASED_FIXTURE);
    assertThat(Contract.faults(fixture)).isEmpty();
    assertThat(Contract.breaks(fixture, fixture)).isEmpty();
  }

  /** Each change to a released schema is one that somebody will want to make. */
  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          "fields": [                           | "fields": [{"name": "x", "type": "string"},       | cannot read the released version's records: READER_FIELD_MISSING_DEFAULT_VALUE
          "name": "name", "type": "string"      | "name": "renamed", "type": "string"               | cannot read by the released version, today's records: READER_FIELD_MISSING_DEFAULT_VALUE
          "name": "name", "type": "string"      | "name": "name", "type": ["null", "string"]        | cannot read by the released version, today's records: TYPE_MISMATCH
          "type": ["null", "string"], "default": null | "type": "string"                            | cannot read the released version's records: TYPE_MISMATCH
          "logicalType": "timestamp-millis"     | "logicalType": "timestamp-micros"                 | `Fixture.happenedAt` changed its logical type
          ["A", "B", "UNKNOWN"], "default": "UNKNOWN" | ["A", "UNKNOWN"]                            | MISSING_ENUM_SYMBOLS
          "name": "Fixture"                     | "name": "Renamed"                                 | NAME_MISMATCH
          """)
  void findsAChangeThatBreaks(String text, String changed, String told) {
    assertThat(RELEASED_FIXTURE).contains(text);
    Schema released = new Schema.Parser().parse(RELEASED_FIXTURE);
    Schema current = new Schema.Parser().parse(RELEASED_FIXTURE.replace(text, changed));

    assertThat(Contract.breaks(current, released)).anyMatch(fault -> fault.contains(told));
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          Who. Personal data.                                   | Who.                      | `Fixture.name` must have a `doc`
          , "doc": "Who. Personal data."                        |                           | `Fixture.name` must have a `doc`
          {"type": "long", "logicalType": "timestamp-millis"}   | "long"                    | `Fixture.happenedAt` is a time
          , "default": "UNKNOWN"}                               | }                         | enum `Kind`
          "doc": "Kinds.",                                      |                           | `Kind` has no `doc`
          """)
  void findsAFault(String text, String changed, String told) {
    assertThat(RELEASED_FIXTURE).contains(text);
    Schema current =
        new Schema.Parser().parse(RELEASED_FIXTURE.replace(text, changed == null ? "" : changed));

    assertThat(Contract.faults(current)).anyMatch(fault -> fault.contains(told));
  }

  private static void release(Schema event, List<Path> versions) throws IOException {
    if (versions.isEmpty() || !Files.readString(versions.getLast()).equals(Contract.text(event))) {
      Path next = folder(event).resolve((versions.size() + 1) + ".avsc");
      Files.createDirectories(next.getParent());
      Files.writeString(next, Contract.text(event));
      versions.add(next);
    }
  }

  private static Path folder(Schema event) {
    return RELEASED.resolve(event.getName());
  }

  private static Schema parsed(Path file) throws IOException {
    return new Schema.Parser().parse(Files.readString(file));
  }

  /** The released versions' files, in the order of their numbers. */
  private static List<Path> versions(Schema event) throws IOException {
    if (!Files.isDirectory(folder(event))) {
      return new ArrayList<>();
    }
    try (Stream<Path> files = Files.list(folder(event))) {
      return new ArrayList<>(
          files
              .sorted(
                  Comparator.comparingInt(
                      file -> Integer.parseInt(file.getFileName().toString().replace(".avsc", ""))))
              .toList());
    }
  }
}
