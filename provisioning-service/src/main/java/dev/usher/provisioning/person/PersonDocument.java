package dev.usher.provisioning.person;

import dev.usher.policy.Outcome;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.io.BasicOutputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The person as a document: the names that stand in the database, both ways. Updates are written as
 * bytes at once, since a batch of first sign-ins has thousands of fields.
 */
final class PersonDocument {

  static final String ID = "_id";
  static final String STANDING = "standing";
  static final String STANDING_KIND = "standing.kind";
  static final String STANDING_AT = "standing.at";

  /** The newest time in the document, by which it expires. */
  static final String HEARD = "heard";

  private static final String DECISIONS = "decisions";
  private static final String LAST_SEEN = "lastSeen";

  private PersonDocument() {}

  static BsonDocument id(PersonKey key) {
    return new BsonDocument(ID, new BsonString(key.toString()));
  }

  /** The update that puts these decisions in force, of which there is at least one. */
  static RawBsonDocument keeping(Collection<KeptDecision> decisions) {
    return document(
        writer -> {
          writer.writeStartDocument("$set");
          decisions.forEach(decision -> decision(writer, decision));
          writer.writeEndDocument();
          writer.writeStartDocument("$max");
          time(
              writer,
              HEARD,
              newest(decisions.stream().flatMap(each -> Stream.of(each.first(), each.last()))));
          writer.writeEndDocument();
        });
  }

  private static void decision(BsonBinaryWriter writer, KeptDecision decision) {
    writer.writeStartDocument(DECISIONS + '.' + decision.service());
    writer.writeString("outcome", decision.outcome().name());
    text(writer, "rule", decision.rule());
    writer.writeString("reason", decision.reason());
    writer.writeString("revision", decision.revision());
    time(writer, "first", decision.first());
    time(writer, "last", decision.last());
    writer.writeInt64("count", decision.count());
    writer.writeEndDocument();
  }

  static RawBsonDocument standing(Standing standing) {
    return document(
        writer -> {
          writer.writeStartDocument("$set");
          writer.writeStartDocument(STANDING);
          writer.writeString("kind", standing.kind().name());
          time(writer, "at", standing.at());
          text(writer, "causationId", standing.causationId());
          writer.writeEndDocument();
          writer.writeEndDocument();
          writer.writeStartDocument("$max");
          time(writer, HEARD, standing.at());
          writer.writeEndDocument();
        });
  }

  static RawBsonDocument seen(Seen seen) {
    return document(
        writer -> {
          writer.writeStartDocument("$max");
          time(
              writer,
              HEARD,
              newest(Stream.concat(Stream.of(seen.last()), seen.applications().values().stream())));
          seen.applications()
              .forEach((name, at) -> time(writer, LAST_SEEN + '.' + encoded(name), at));
          seen.repeats()
              .keySet()
              .forEach(service -> time(writer, DECISIONS + '.' + service + ".last", seen.last()));
          writer.writeEndDocument();
          if (!seen.repeats().isEmpty()) {
            writer.writeStartDocument("$inc");
            seen.repeats()
                .forEach(
                    (service, times) ->
                        writer.writeInt64(DECISIONS + '.' + service + ".count", times));
            writer.writeEndDocument();
          }
        });
  }

  static Person read(PersonKey key, Document document) {
    Map<String, KeptDecision> decisions = new HashMap<>();
    fields(document, DECISIONS)
        .forEach(
            (service, value) -> {
              // Repeats of a decision that is not there leave a count, which is no decision.
              if (value instanceof Document decision && decision.containsKey("outcome")) {
                decisions.put(service, decision(service, decision));
              }
            });
    Map<String, Instant> lastSeen = new HashMap<>();
    fields(document, LAST_SEEN)
        .forEach((name, at) -> lastSeen.put(decoded(name), ((Date) at).toInstant()));
    return new Person(key, standing(document), decisions, lastSeen);
  }

  private static KeptDecision decision(String service, Document decision) {
    return new KeptDecision(
        service,
        Outcome.valueOf(decision.getString("outcome")),
        decision.getString("rule"),
        decision.getString("reason"),
        decision.getString("revision"),
        decision.getDate("first").toInstant(),
        decision.getDate("last").toInstant(),
        decision.getLong("count"));
  }

  static @Nullable Standing standing(Document document) {
    Document standing = document.get(STANDING, Document.class);
    return standing == null
        ? null
        : new Standing(
            Standing.Kind.valueOf(standing.getString("kind")),
            standing.getDate("at").toInstant(),
            standing.getString("causationId"));
  }

  private static Document fields(Document document, String name) {
    return Objects.requireNonNullElseGet(document.get(name, Document.class), Document::new);
  }

  /** A name as a field's: these hold no dot and no dollar, which mean something in a path. */
  private static String encoded(String name) {
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace(".", "%2E");
    // An empty name is no step of a path, and a lone % is no other name's.
    return encoded.isEmpty() ? "%" : encoded;
  }

  private static String decoded(String field) {
    return field.equals("%") ? "" : URLDecoder.decode(field, StandardCharsets.UTF_8);
  }

  private static Instant newest(Stream<Instant> times) {
    return times.max(Instant::compareTo).orElseThrow();
  }

  private static void time(BsonBinaryWriter writer, String name, Instant at) {
    writer.writeDateTime(name, at.toEpochMilli());
  }

  private static void text(BsonBinaryWriter writer, String name, @Nullable String text) {
    if (text != null) {
      writer.writeString(name, text);
    }
  }

  private static RawBsonDocument document(Consumer<BsonBinaryWriter> fields) {
    BasicOutputBuffer buffer = new BasicOutputBuffer();
    try (BsonBinaryWriter writer = new BsonBinaryWriter(buffer)) {
      writer.writeStartDocument();
      fields.accept(writer);
      writer.writeEndDocument();
      return new RawBsonDocument(buffer.getInternalBuffer(), 0, buffer.getSize());
    }
  }
}
