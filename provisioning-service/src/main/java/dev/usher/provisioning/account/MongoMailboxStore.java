package dev.usher.provisioning.account;

import static com.mongodb.client.model.Filters.in;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.InsertOneModel;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.store.MongoCalls;
import dev.usher.provisioning.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bson.Document;
import org.springframework.data.mongodb.MongoDatabaseFactory;

/** Mailboxes in MongoDB: inserted, read, never changed. */
final class MongoMailboxStore implements MailboxStore {

  private static final String ID = "_id";
  private static final String PERSON = "person";
  private static final int CLAIM_TRIES = 3;
  private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);

  private final MongoDatabaseFactory database;

  MongoMailboxStore(MongoDatabaseFactory database) {
    this.database = database;
  }

  @Override
  public Map<Mailbox, PersonKey> claim(Map<Mailbox, PersonKey> claims) {
    Map<Mailbox, PersonKey> missing = new LinkedHashMap<>(claims);
    Map<Mailbox, PersonKey> holders = HashMap.newHashMap(claims.size());
    for (int tries = 1; !missing.isEmpty(); tries++) {
      try {
        insert(missing);
        holders.putAll(missing);
        return holders;
      } catch (MongoException e) {
        // Some are held already, or two claims collide: whoever reads afterwards sees who holds
        // them. What is still missing is claimed again.
        holders.putAll(holders(missing.keySet()));
        missing.keySet().removeAll(holders.keySet());
        if (tries == CLAIM_TRIES && !missing.isEmpty()) {
          throw new StoreUnavailableException("MongoDB did not claim mailboxes", e);
        }
      }
    }
    return holders;
  }

  /**
   * Returns if none was there. No upserts: of two at once, DocumentDB reports both as those that
   * inserted.
   */
  private void insert(Map<Mailbox, PersonKey> claims) {
    List<InsertOneModel<Document>> writes = new ArrayList<>(claims.size());
    claims.forEach(
        (mailbox, person) ->
            writes.add(
                new InsertOneModel<>(
                    new Document(ID, mailbox.toString()).append(PERSON, person.toString()))));
    mailboxes().bulkWrite(writes, UNORDERED);
  }

  private Map<Mailbox, PersonKey> holders(Collection<Mailbox> mailboxes) {
    Map<String, Mailbox> byId = HashMap.newHashMap(mailboxes.size());
    mailboxes.forEach(mailbox -> byId.put(mailbox.toString(), mailbox));
    return MongoCalls.call(
        "read mailboxes",
        () -> {
          Map<Mailbox, PersonKey> holders = HashMap.newHashMap(mailboxes.size());
          for (Document document : mailboxes().find(in(ID, byId.keySet()))) {
            holders.put(
                Objects.requireNonNull(byId.get(document.getString(ID))),
                PersonKey.parse(document.getString(PERSON)));
          }
          return holders;
        });
  }

  private MongoCollection<Document> mailboxes() {
    return MongoCalls.collection(database, "mailboxes");
  }
}
