package dev.usher.provisioning.person;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.ne;
import static com.mongodb.client.model.Projections.include;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import dev.usher.provisioning.store.MongoCalls;
import dev.usher.provisioning.store.StoreUnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import org.bson.BsonInvalidOperationException;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.springframework.data.mongodb.MongoDatabaseFactory;

/**
 * People in MongoDB, or any server that speaks its protocol and updates one document atomically.
 * Decisions ask for the standing, too, and a change of standing for what it outranks.
 */
final class MongoPersonStore implements PersonStore {

  private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);
  private static final UpdateOptions UPSERT = new UpdateOptions().upsert(true);
  private static final UpdateOptions IF_THERE = new UpdateOptions().upsert(false);

  /** Whoever loses to another upsert finds its document the next time. */
  private static final int TRIES = 3;

  private final MongoDatabaseFactory database;
  private volatile @Nullable MongoCollection<Document> persons;

  MongoPersonStore(MongoDatabaseFactory database) {
    this.database = database;
  }

  @Override
  public Map<PersonKey, Person> find(Collection<PersonKey> keys) {
    return read(keys, List.of(), PersonDocument::read);
  }

  @Override
  public Map<PersonKey, Standing> leftAmong(Collection<PersonKey> keys) {
    // By key alone, as not every server finds by key what is asked for more; who is there is small.
    Map<PersonKey, Standing> standings = standings(keys);
    standings.values().removeIf(standing -> !standing.left());
    return standings;
  }

  private Map<PersonKey, Standing> standings(Collection<PersonKey> keys) {
    return read(
        keys, List.of(PersonDocument.STANDING), (_, document) -> PersonDocument.standing(document));
  }

  private <T> Map<PersonKey, T> read(
      Collection<PersonKey> keys,
      List<String> fields,
      BiFunction<PersonKey, Document, @Nullable T> reader) {
    Map<String, PersonKey> byId = byId(keys);
    if (byId.isEmpty()) {
      return new HashMap<>();
    }
    return MongoCalls.call(
        "read people",
        () -> {
          Map<PersonKey, T> found = HashMap.newHashMap(byId.size());
          for (Document document :
              persons()
                  .find(in(PersonDocument.ID, byId.keySet()))
                  .projection(fields.isEmpty() ? null : include(fields))) {
            PersonKey key = byId.get(document.getString(PersonDocument.ID));
            T value = key == null ? null : reader.apply(key, document);
            if (key != null && value != null) {
              found.put(key, value);
            }
          }
          return found;
        });
  }

  @Override
  public Map<PersonKey, Standing> keepDecisions(Map<PersonKey, List<KeptDecision>> decisions) {
    checkSize(decisions.size());
    Map<PersonKey, List<KeptDecision>> toKeep = new HashMap<>(decisions);
    toKeep.values().forEach(MongoPersonStore::checkServices);
    toKeep.values().removeIf(List::isEmpty);
    Map<PersonKey, Standing> left = new HashMap<>();
    @Nullable RuntimeException refusal = null;
    for (int tries = 1; tries <= TRIES; tries++) {
      refusal = toKeep.isEmpty() ? null : refusal(toKeep);
      if (refusal == null) {
        return left;
      }
      // Some have left, or met another's insert: the rest is written again.
      left.putAll(leftAmong(toKeep.keySet()));
      toKeep.keySet().removeAll(left.keySet());
    }
    throw new StoreUnavailableException(
        "MongoDB did not keep decisions", Objects.requireNonNull(refusal));
  }

  /** Writes them; what was said if some were refused. */
  private @Nullable RuntimeException refusal(Map<PersonKey, List<KeptDecision>> decisions) {
    List<UpdateOneModel<Document>> writes = new ArrayList<>(decisions.size());
    decisions.forEach(
        (key, kept) ->
            writes.add(
                new UpdateOneModel<>(unlessLeft(key), PersonDocument.keeping(kept), UPSERT)));
    return MongoCalls.call(
        "keep decisions",
        () -> {
          try {
            persons().bulkWrite(writes, UNORDERED);
            return null;
          } catch (MongoBulkWriteException e) {
            return e;
          } catch (BsonInvalidOperationException e) {
            // FerretDB tells of a refused upsert without the counts that the driver looks for.
            return e;
          }
        });
  }

  /**
   * The person unless they have left. If they have, the upsert's insert meets their key and is
   * refused (error 11000).
   */
  private static Bson unlessLeft(PersonKey key) {
    return new Document(PersonDocument.ID, key.toString())
        .append(PersonDocument.STANDING_KIND, new Document("$ne", Standing.Kind.LEFT.name()));
  }

  @Override
  public void seen(Map<PersonKey, Seen> seen) {
    checkSize(seen.size());
    List<UpdateOneModel<Document>> writes = new ArrayList<>(seen.size());
    seen.forEach(
        (key, each) ->
            writes.add(
                new UpdateOneModel<>(PersonDocument.id(key), PersonDocument.seen(each), IF_THERE)));
    if (!writes.isEmpty()) {
      MongoCalls.call("note who was seen", () -> persons().bulkWrite(writes, UNORDERED));
    }
  }

  @Override
  public Map<PersonKey, Standing> apply(Map<PersonKey, Standing> changes) {
    checkSize(changes.size());
    @Nullable MongoException refusal = null;
    for (int tries = 1; tries <= TRIES; tries++) {
      Map<PersonKey, Standing> inForce = standings(changes.keySet());
      Map<PersonKey, Standing> missing = new HashMap<>(changes);
      missing.entrySet().removeIf(each -> !each.getValue().outranks(inForce.get(each.getKey())));
      try {
        writeStandings(missing);
        inForce.putAll(missing);
        return inForce;
      } catch (MongoException e) {
        // Some applied, some were outranked meanwhile, some met another's insert: look again.
        refusal = e;
      }
    }
    throw new StoreUnavailableException(
        "MongoDB did not write standings", Objects.requireNonNull(refusal));
  }

  private void writeStandings(Map<PersonKey, Standing> changes) {
    List<UpdateOneModel<Document>> writes = new ArrayList<>(changes.size());
    changes.forEach(
        (key, change) ->
            writes.add(
                new UpdateOneModel<>(
                    outrankedBy(key, change), PersonDocument.standing(change), UPSERT)));
    if (!writes.isEmpty()) {
      persons().bulkWrite(writes, UNORDERED);
    }
  }

  /**
   * The person unless their standing is as high by now. If it is, the upsert's insert meets its key
   * and is refused (error 11000).
   */
  private static Bson outrankedBy(PersonKey key, Standing change) {
    Date at = Date.from(change.at());
    Document none = new Document("$not", new Document("$gte", at));
    Document filter = new Document(PersonDocument.ID, key.toString());
    return change.left()
        ? filter.append(
            "$or",
            List.of(
                new Document(PersonDocument.STANDING_AT, none),
                new Document(PersonDocument.STANDING_AT, at)
                    .append(PersonDocument.STANDING_KIND, Standing.Kind.PRESENT.name())))
        : filter.append(PersonDocument.STANDING_AT, none);
  }

  @Override
  public long expire(Instant unseenSince, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("a limit of " + limit + "; expected at least 1");
    }
    Bson unheardOf = lt(PersonDocument.HEARD, Date.from(unseenSince));
    Bson gone = and(unheardOf, ne(PersonDocument.STANDING_KIND, Standing.Kind.LEFT.name()));
    Bson left = and(unheardOf, eq(PersonDocument.STANDING_KIND, Standing.Kind.LEFT.name()));
    // Asked again of each, as somebody may have turned up since.
    return MongoCalls.call(
        "expire people",
        () -> {
          List<String> leavers = ids(left, limit);
          if (!leavers.isEmpty()) {
            persons()
                .updateMany(
                    and(left, in(PersonDocument.ID, leavers)), PersonDocument.standingAlone());
          }
          List<String> ids = ids(gone, limit);
          return ids.isEmpty()
              ? 0L
              : persons().deleteMany(and(gone, in(PersonDocument.ID, ids))).getDeletedCount();
        });
  }

  private List<String> ids(Bson filter, int limit) {
    return persons()
        .find(filter)
        .projection(include(PersonDocument.ID))
        .limit(limit)
        .map(document -> document.getString(PersonDocument.ID))
        .into(new ArrayList<>());
  }

  private static Map<String, PersonKey> byId(Collection<PersonKey> keys) {
    checkSize(keys.size());
    Map<String, PersonKey> byId = HashMap.newHashMap(keys.size());
    keys.forEach(key -> byId.put(key.toString(), key));
    return byId;
  }

  private static void checkSize(int people) {
    if (people > BATCH_LIMIT) {
      throw new IllegalArgumentException(
          people + " people in one call; expected at most " + BATCH_LIMIT);
    }
  }

  private static void checkServices(List<KeptDecision> decisions) {
    Set<String> services = HashSet.newHashSet(decisions.size());
    for (KeptDecision decision : decisions) {
      if (!services.add(decision.service())) {
        throw new IllegalArgumentException("two decisions for `" + decision.service() + "`");
      }
    }
  }

  /** The collection, with its index, which the first call that reaches the database makes. */
  private MongoCollection<Document> persons() {
    MongoCollection<Document> ready = persons;
    if (ready == null) {
      ready = MongoCalls.collection(database, "persons");
      ready.createIndex(Indexes.ascending(PersonDocument.STANDING_KIND, PersonDocument.HEARD));
      persons = ready;
    }
    return ready;
  }
}
