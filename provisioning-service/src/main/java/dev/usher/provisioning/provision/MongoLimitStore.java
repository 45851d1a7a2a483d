package dev.usher.provisioning.provision;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;

import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import dev.usher.provisioning.store.MongoCalls;
import dev.usher.provisioning.tenant.ServiceKey;
import java.util.Date;
import org.bson.Document;
import org.springframework.data.mongodb.MongoDatabaseFactory;

/** Used limits in MongoDB. */
final class MongoLimitStore implements LimitStore {

  private static final String ID = "_id";
  private static final int DUPLICATE_KEY = 11_000;
  private static final String VERSION = "version";

  private final MongoDatabaseFactory database;

  MongoLimitStore(MongoDatabaseFactory database) {
    this.database = database;
  }

  @Override
  public Used read(ServiceKey service) {
    return MongoCalls.call(
        "read limits",
        () -> {
          Document found = limits().find(eq(ID, service.toString())).first();
          return found == null
              ? Used.NOTHING
              : new Used(
                  found.getLong(VERSION),
                  found.getDate("next").toInstant(),
                  found.getLong("day"),
                  found.getLong("usedToday"),
                  found.getDate("pausedUntil").toInstant());
        });
  }

  @Override
  public boolean write(ServiceKey service, Used next) {
    Document document =
        new Document(ID, service.toString())
            .append(VERSION, next.version())
            .append("next", Date.from(next.next()))
            .append("day", next.day())
            .append("usedToday", next.usedToday())
            .append("pausedUntil", Date.from(next.pausedUntil()));
    return MongoCalls.call(
        "write limits",
        () -> next.version() == 1 ? inserted(document) : replaced(document, next.version() - 1));
  }

  private boolean inserted(Document document) {
    try {
      limits().insertOne(document);
      return true;
    } catch (MongoWriteException e) {
      if (e.getError().getCode() == DUPLICATE_KEY) {
        return false;
      }
      throw e;
    }
  }

  private boolean replaced(Document document, long before) {
    return limits()
            .replaceOne(and(eq(ID, document.getString(ID)), eq(VERSION, before)), document)
            .getMatchedCount()
        == 1;
  }

  private MongoCollection<Document> limits() {
    return MongoCalls.collection(database, "limits");
  }
}
