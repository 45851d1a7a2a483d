package dev.usher.provisioning.account;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Updates;
import dev.usher.provisioning.store.MongoCalls;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.springframework.data.mongodb.MongoDatabaseFactory;

/** Heartbeats in MongoDB. */
final class MongoInstanceStore implements InstanceStore {

  private static final String ID = "_id";
  private static final String BEAT = "beat";
  private static final String FENCED = "fenced";
  private static final int LIMIT = 1_000;

  private final MongoDatabaseFactory database;

  MongoInstanceStore(MongoDatabaseFactory database) {
    this.database = database;
  }

  @Override
  public void register(String instance) {
    MongoCalls.call(
        "register this instance",
        () ->
            instances()
                .insertOne(new Document(ID, instance).append(BEAT, 1L).append(FENCED, false)));
  }

  @Override
  public boolean beat(String instance) {
    return MongoCalls.call(
        "take a heartbeat",
        () ->
            instances()
                    .updateOne(and(eq(ID, instance), eq(FENCED, false)), Updates.inc(BEAT, 1L))
                    .getMatchedCount()
                == 1);
  }

  @Override
  public List<Heartbeat> heartbeats() {
    return MongoCalls.call(
        "list instances",
        () ->
            instances()
                .find()
                .limit(LIMIT)
                .map(
                    document ->
                        new Heartbeat(
                            document.getString(ID),
                            document.getLong(BEAT),
                            document.getBoolean(FENCED, false)))
                .into(new ArrayList<>()));
  }

  @Override
  public boolean fence(Heartbeat seen) {
    return MongoCalls.call(
        "fence an instance",
        () ->
            instances()
                    .updateOne(
                        and(eq(ID, seen.instance()), eq(BEAT, seen.beat()), eq(FENCED, false)),
                        Updates.set(FENCED, true))
                    .getMatchedCount()
                == 1);
  }

  @Override
  public void remove(String instance) {
    MongoCalls.call("forget an instance", () -> instances().deleteOne(eq(ID, instance)));
  }

  private MongoCollection<Document> instances() {
    return MongoCalls.collection(database, "instances");
  }
}
