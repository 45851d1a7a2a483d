package dev.usher.provisioning.store;

import com.mongodb.MongoException;
import com.mongodb.ReadConcern;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import java.util.function.Supplier;
import org.bson.Document;
import org.springframework.data.mongodb.MongoDatabaseFactory;

/** What all our calls of MongoDB share: how durable a write is, and how trouble is told. */
public final class MongoCalls {

  private MongoCalls() {}

  /**
   * The collection, written by majority and journaled; and read by majority, since what we read
   * decides what is committed.
   */
  public static MongoCollection<Document> collection(MongoDatabaseFactory database, String name) {
    return database
        .getMongoDatabase()
        .getCollection(name)
        .withReadConcern(ReadConcern.MAJORITY)
        .withWriteConcern(WriteConcern.MAJORITY.withJournal(true));
  }

  /** Runs the call; whatever keeps the database from doing it is for the caller to wait out. */
  public static <T> T call(String what, Supplier<T> call) {
    try {
      return call.get();
    } catch (MongoException e) {
      throw new StoreUnavailableException(
          "MongoDB did not " + what + " (" + e.getClass().getSimpleName() + ")", e);
    }
  }
}
