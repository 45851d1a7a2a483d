package dev.usher.provisioning.person;

import com.mongodb.client.model.Updates;
import dev.usher.policy.Outcome;
import dev.usher.provisioning.store.MongoFields;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** The person as a document: the names that stand in the database, both ways. */
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
    return new MongoFields()
        .document(
            "$set",
            decisions,
            (set, all) ->
                all.forEach(
                    each ->
                        set.document(
                            DECISIONS + '.' + each.service(), each, PersonDocument::decision)))
        .document(
            "$max",
            newest(decisions.stream().flatMap(each -> Stream.of(each.first(), each.last()))),
            PersonDocument::heard)
        .done();
  }

  private static void heard(MongoFields fields, Instant at) {
    fields.with(HEARD, at);
  }

  private static void decision(MongoFields fields, KeptDecision decision) {
    fields
        .with("outcome", decision.outcome())
        .with("rule", decision.rule())
        .with("reason", decision.reason())
        .with("revision", decision.revision())
        .with("first", decision.first())
        .with("last", decision.last())
        .with("count", decision.count());
  }

  static RawBsonDocument standing(Standing standing) {
    return new MongoFields()
        .document(
            "$set",
            standing,
            (set, value) ->
                set.document(
                    STANDING,
                    value,
                    (fields, each) ->
                        fields
                            .with("kind", each.kind())
                            .with("at", each.at())
                            .with("causationId", each.causationId())))
        .document("$max", standing.at(), PersonDocument::heard)
        .done();
  }

  /**
   * The update that leaves the standing alone. Without {@link #HEARD} it does not come up again
   * until something more is heard.
   */
  static Bson standingAlone() {
    return Updates.combine(
        Updates.unset(DECISIONS), Updates.unset(LAST_SEEN), Updates.unset(HEARD));
  }

  static RawBsonDocument seen(Seen seen) {
    return new MongoFields()
        .document(
            "$max",
            seen,
            (max, value) -> {
              max.with(
                  HEARD,
                  newest(
                      Stream.concat(
                          Stream.of(value.last()), value.applications().values().stream())));
              value
                  .applications()
                  .forEach((name, at) -> max.with(LAST_SEEN + '.' + encoded(name), at));
              value
                  .repeats()
                  .keySet()
                  .forEach(service -> max.with(DECISIONS + '.' + service + ".last", value.last()));
            })
        .document(
            "$inc",
            seen.repeats().isEmpty() ? null : seen.repeats(),
            (inc, repeats) ->
                repeats.forEach(
                    (service, times) ->
                        inc.with(DECISIONS + '.' + service + ".count", (long) times)))
        .done();
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
}
