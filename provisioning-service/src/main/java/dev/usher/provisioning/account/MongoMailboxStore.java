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
import org.bson.Document;
import org.jspecify.annotations.Nullable;
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
    MongoException refusal = insert(claims);
    Map<String, PersonKey> holders = holders(claims);
    Map<Mailbox, PersonKey> answer = HashMap.newHashMap(claims.size());
    for (Mailbox mailbox : claims.keySet()) {
      PersonKey holder = holders.get(mailbox.toString());
      if (holder == null) {
        throw new StoreUnavailableException(
            "MongoDB did not claim a mailbox",
            Objects.requireNonNullElseGet(
                refusal, () -> new MongoException("a claimed mailbox is not there")));
      }
      answer.put(mailbox, holder);
    }
    return answer;
  }

  /** Two claims at once may collide, which is no error: whoever reads afterwards sees who won. */
  private @Nullable MongoException insert(Map<Mailbox, PersonKey> claims) {
    List<UpdateOneModel<Document>> writes = new ArrayList<>(claims.size());
    claims.forEach(
        (mailbox, person) ->
            writes.add(
                new UpdateOneModel<>(
                    eq(ID, mailbox.toString()),
                    new Document("$setOnInsert", new Document(PERSON, person.toString())),
                    UPSERT)));
    try {
      mailboxes().bulkWrite(writes, UNORDERED);
      return null;
    } catch (MongoException e) {
      return e;
    }
  }

  private Map<String, PersonKey> holders(Map<Mailbox, PersonKey> claims) {
    return MongoCalls.call(
        "read mailboxes",
        () -> {
          Map<String, PersonKey> holders = HashMap.newHashMap(claims.size());
          for (Document document :
              mailboxes().find(in(ID, claims.keySet().stream().map(Mailbox::toString).toList()))) {
            holders.put(document.getString(ID), PersonKey.parse(document.getString(PERSON)));
          }
          return holders;
        });
  }

  private MongoCollection<Document> mailboxes() {
    return MongoCalls.collection(database, "mailboxes");
  }
}
