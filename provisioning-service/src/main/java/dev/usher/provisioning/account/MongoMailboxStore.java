package dev.usher.provisioning.account;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.store.MongoCalls;
import dev.usher.provisioning.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.bson.Document;
import org.springframework.data.mongodb.MongoDatabaseFactory;

/** Mailboxes in MongoDB: inserted, read, never changed. */
final class MongoMailboxStore implements MailboxStore {

  private static final String ID = "_id";
  private static final String PERSON = "person";
  private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);
  private static final UpdateOptions UPSERT = new UpdateOptions().upsert(true);

  private final MongoDatabaseFactory database;

  MongoMailboxStore(MongoDatabaseFactory database) {
    this.database = database;
  }

  @Override
  public Map<Mailbox, PersonKey> claim(Map<Mailbox, PersonKey> claims) {
    if (claims.isEmpty()) {
      return Map.of();
    }
    Map<Mailbox, PersonKey> holders = HashMap.newHashMap(claims.size());
    MongoException refusal = null;
    try {
      Set<String> won = insert(claims);
      claims.forEach(
          (mailbox, person) -> {
            if (won.contains(mailbox.toString())) {
              holders.put(mailbox, person);
            }
          });
    } catch (MongoException e) {
      // Two claims at once may collide, which is no error: whoever reads afterwards sees who won.
      refusal = e;
    }
    List<Mailbox> others =
        claims.keySet().stream().filter(mailbox -> !holders.containsKey(mailbox)).toList();
    if (!others.isEmpty()) {
      Map<String, PersonKey> held = holders(others);
      for (Mailbox mailbox : others) {
        PersonKey holder = held.get(mailbox.toString());
        if (holder == null) {
          throw new StoreUnavailableException(
              "MongoDB did not claim a mailbox",
              Objects.requireNonNullElseGet(
                  refusal, () -> new MongoException("a claimed mailbox is not there")));
        }
        holders.put(mailbox, holder);
      }
    }
    return holders;
  }

  /** The ids of those that this call inserted. */
  private Set<String> insert(Map<Mailbox, PersonKey> claims) {
    List<UpdateOneModel<Document>> writes = new ArrayList<>(claims.size());
    claims.forEach(
        (mailbox, person) ->
            writes.add(
                new UpdateOneModel<>(
                    eq(ID, mailbox.toString()),
                    new Document("$setOnInsert", new Document(PERSON, person.toString())),
                    UPSERT)));
    // By id: FerretDB 1 counts the indexes among the upserts alone.
    return mailboxes().bulkWrite(writes, UNORDERED).getUpserts().stream()
        .map(upsert -> upsert.getId().asString().getValue())
        .collect(Collectors.toSet());
  }

  private Map<String, PersonKey> holders(List<Mailbox> mailboxes) {
    return MongoCalls.call(
        "read mailboxes",
        () -> {
          Map<String, PersonKey> holders = HashMap.newHashMap(mailboxes.size());
          for (Document document :
              mailboxes().find(in(ID, mailboxes.stream().map(Mailbox::toString).toList()))) {
            holders.put(document.getString(ID), PersonKey.parse(document.getString(PERSON)));
          }
          return holders;
        });
  }

  private MongoCollection<Document> mailboxes() {
    return MongoCalls.collection(database, "mailboxes");
  }
}
