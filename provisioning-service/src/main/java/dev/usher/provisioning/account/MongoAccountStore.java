package dev.usher.provisioning.account;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Projections.include;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOneModel;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.store.MongoCalls;
import dev.usher.provisioning.store.StoreUnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.mongodb.MongoDatabaseFactory;

/**
 * Accounts in MongoDB, or any server that speaks its protocol and updates one document atomically.
 * Each write carries a token of its own, so that after a lost answer, or a bulk in which some did
 * not match, the documents themselves say which writes they hold.
 */
final class MongoAccountStore implements AccountStore {

  private static final Logger log = LoggerFactory.getLogger(MongoAccountStore.class);
  private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);
  private static final int INSERT_TRIES = 3;

  private final MongoDatabaseFactory database;
  private final String writer = UUID.randomUUID().toString();
  private final AtomicLong writes = new AtomicLong();
  private volatile @Nullable MongoCollection<Document> accounts;

  MongoAccountStore(MongoDatabaseFactory database) {
    this.database = database;
  }

  @Override
  public Map<AccountKey, Account> find(Collection<AccountKey> keys) {
    if (keys.isEmpty()) {
      return Map.of();
    }
    return MongoCalls.call(
        "read accounts",
        () -> {
          Map<AccountKey, Account> found = HashMap.newHashMap(keys.size());
          for (Document document : accounts().find(in(AccountDocument.ID, ids(keys)))) {
            Account account = AccountDocument.read(document);
            found.put(account.key(), account);
          }
          return found;
        });
  }

  @Override
  public Set<AccountKey> insert(List<Account> toInsert) {
    Map<AccountKey, Tokened> missing = tokened(toInsert);
    Set<AccountKey> inserted = new HashSet<>();
    for (int tries = 1; !missing.isEmpty(); tries++) {
      List<InsertOneModel<RawBsonDocument>> writes = new ArrayList<>(missing.size());
      for (Tokened each : missing.values()) {
        writes.add(new InsertOneModel<>(AccountDocument.insertion(each.account, each.token)));
      }
      try {
        // No upserts: of two at once, DocumentDB reports both as those that inserted.
        accounts().withDocumentClass(RawBsonDocument.class).bulkWrite(writes, UNORDERED);
        inserted.addAll(missing.keySet());
        return inserted;
      } catch (MongoException e) {
        // Some applied, or none, or all: the documents know. What is still missing is tried again.
        Map<AccountKey, String> present = tokens(missing.keySet());
        missing.forEach(
            (key, each) -> {
              if (each.token.equals(present.get(key))) {
                inserted.add(key);
              }
            });
        missing.keySet().removeAll(present.keySet());
        if (tries == INSERT_TRIES && !missing.isEmpty()) {
          throw new StoreUnavailableException("MongoDB did not insert accounts", e);
        }
      }
    }
    return inserted;
  }

  @Override
  public Set<AccountKey> update(List<Account> next) {
    Map<AccountKey, Tokened> toWrite = tokened(next);
    List<UpdateOneModel<Document>> writes = new ArrayList<>(next.size());
    for (Tokened each : toWrite.values()) {
      Account account = each.account;
      writes.add(
          new UpdateOneModel<>(
              // Flat: the embedded database finds nothing by index inside of an `$and`.
              new Document(AccountDocument.ID, account.key().toString())
                  .append(AccountDocument.VERSION, account.version()),
              AccountDocument.update(account, each.token)));
    }
    try {
      if (accounts().bulkWrite(writes, UNORDERED).getMatchedCount() == writes.size()) {
        return toWrite.keySet();
      }
    } catch (MongoException e) {
      if (applied(toWrite).size() == writes.size()) {
        return toWrite.keySet();
      }
      // What is not there may still be on its way.
      throw new StoreUnavailableException("MongoDB did not write accounts", e);
    }
    return applied(toWrite);
  }

  private Set<AccountKey> applied(Map<AccountKey, Tokened> writes) {
    Map<AccountKey, String> present = tokens(writes.keySet());
    Set<AccountKey> applied = new HashSet<>();
    writes.forEach(
        (key, each) -> {
          if (each.token.equals(present.get(key))) {
            applied.add(key);
          }
        });
    return applied;
  }

  @Override
  public List<Account> of(Collection<PersonKey> people) {
    if (people.size() > PEOPLE_LIMIT) {
      throw new IllegalArgumentException(
          people.size() + " people in one read; expected at most " + PEOPLE_LIMIT);
    }
    // Their keys begin with the person's, and a slash; what comes after a slash is a zero.
    List<Bson> theirs =
        people.stream()
            .map(
                person ->
                    and(gt(AccountDocument.ID, person + "/"), lt(AccountDocument.ID, person + "0")))
            .toList();
    if (theirs.isEmpty()) {
      return List.of();
    }
    return MongoCalls.call(
        "read people's accounts",
        () ->
            accounts()
                .find(or(theirs))
                .map(MongoAccountStore::readable)
                .into(new ArrayList<>())
                .stream()
                .flatMap(Optional::stream)
                .toList());
  }

  @Override
  public Set<Queue> dueQueues(Instant now) {
    return MongoCalls.call(
        "list due work",
        () -> {
          Set<Queue> queues = new HashSet<>();
          for (String queue :
              accounts()
                  .distinct(
                      AccountDocument.QUEUE,
                      and(
                          lte(AccountDocument.DUE, Date.from(now)),
                          eq(AccountDocument.OWNER, null)),
                      String.class)) {
            queues.add(Queue.parse(queue));
          }
          return queues;
        });
  }

  @Override
  public List<Account> due(Queue queue, Instant now, int limit) {
    return MongoCalls.call(
        "read due work",
        () ->
            accounts()
                .find(
                    and(
                        eq(AccountDocument.QUEUE, queue.toString()),
                        eq(AccountDocument.OWNER, null),
                        lte(AccountDocument.DUE, Date.from(now))))
                .sort(Sorts.ascending(AccountDocument.DUE))
                .limit(limit)
                .map(MongoAccountStore::readable)
                .into(new ArrayList<>())
                .stream()
                .flatMap(Optional::stream)
                .toList());
  }

  @Override
  public Set<String> owners() {
    return MongoCalls.call(
        "list owners",
        () -> {
          Set<String> owners = new HashSet<>();
          for (@Nullable String owner : accounts().distinct(AccountDocument.OWNER, String.class)) {
            if (owner != null) {
              owners.add(owner);
            }
          }
          return owners;
        });
  }

  @Override
  public List<Account> ownedBy(String owner, int limit) {
    return MongoCalls.call(
        "read owned work",
        () ->
            accounts()
                .find(eq(AccountDocument.OWNER, owner))
                .limit(limit)
                .map(MongoAccountStore::readable)
                .into(new ArrayList<>())
                .stream()
                .flatMap(Optional::stream)
                .toList());
  }

  /**
   * One document that this version cannot read, as a newer one may have written it, hides no other.
   */
  private static Optional<Account> readable(Document document) {
    try {
      return Optional.of(AccountDocument.read(document));
    } catch (RuntimeException e) {
      log.error("An account's document cannot be read, and is left alone: {}", e.toString());
      return Optional.empty();
    }
  }

  private Map<AccountKey, String> tokens(Collection<AccountKey> keys) {
    return MongoCalls.call(
        "read back what it wrote",
        () -> {
          Map<AccountKey, String> tokens = HashMap.newHashMap(keys.size());
          for (Document document :
              accounts()
                  .find(in(AccountDocument.ID, ids(keys)))
                  .projection(include(AccountDocument.TOKEN))) {
            tokens.put(
                AccountKey.parse(document.getString(AccountDocument.ID)),
                document.getString(AccountDocument.TOKEN));
          }
          return tokens;
        });
  }

  private Map<AccountKey, Tokened> tokened(List<Account> batch) {
    if (batch.size() > BATCH_LIMIT) {
      throw new IllegalArgumentException(batch.size() + " accounts in one write");
    }
    Map<AccountKey, Tokened> tokened = LinkedHashMap.newLinkedHashMap(batch.size());
    for (Account account : batch) {
      Tokened each = new Tokened(account, writer + ':' + writes.incrementAndGet());
      if (tokened.put(account.key(), each) != null) {
        throw new IllegalArgumentException("`" + account.key() + "` twice in one write");
      }
    }
    return tokened;
  }

  private static List<String> ids(Collection<AccountKey> keys) {
    return keys.stream().map(AccountKey::toString).toList();
  }

  /** The collection, with its indexes, which the first call that reaches the database makes. */
  private MongoCollection<Document> accounts() {
    MongoCollection<Document> ready = accounts;
    if (ready == null) {
      ready = MongoCalls.collection(database, "accounts");
      ready.createIndex(
          Indexes.ascending(AccountDocument.QUEUE, AccountDocument.OWNER, AccountDocument.DUE),
          new IndexOptions().sparse(true));
      ready.createIndex(Indexes.ascending(AccountDocument.OWNER), new IndexOptions().sparse(true));
      accounts = ready;
    }
    return ready;
  }

  /** An account with the token of the one write that carries it. */
  private record Tokened(Account account, String token) {}
}
