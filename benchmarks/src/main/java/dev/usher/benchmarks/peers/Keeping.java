package dev.usher.benchmarks.peers;

import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import dev.usher.events.SignIn;
import java.util.Date;
import java.util.List;
import java.util.function.Function;
import org.bson.Document;
import org.springframework.data.mongodb.core.MongoOperations;

/** What is kept of a batch, in bulk. */
interface Keeping {

  /** Before anybody is created. */
  void wanted(List<SignIn> batch);

  /** Before anything is announced. */
  void created(List<PeerAccount> accounts);

  /** Once Kafka has the announcements. */
  void announced(List<PeerAccount> accounts);

  /** The accounts, once they are there, and nothing else: what a crash interrupts is lost. */
  static Keeping accountsAlone(MongoOperations database) {
    return new Keeping() {
      @Override
      public void wanted(List<SignIn> batch) {}

      @Override
      public void created(List<PeerAccount> accounts) {
        write(
            database,
            "accounts",
            accounts,
            each ->
                new InsertOneModel<>(
                    existing(each, byId(each.id()).append("email", each.email()))));
      }

      @Override
      public void announced(List<PeerAccount> accounts) {}
    };
  }

  /**
   * What our guarantees take: an account is written before it is asked for, before it is announced,
   * and when it has been; one document names whose mailbox it is, and one the decision for the
   * person. Each as small as can be, and nothing is read.
   */
  static Keeping allThatIsPromised(MongoOperations database) {
    return new Keeping() {
      @Override
      public void wanted(List<SignIn> batch) {
        write(
            database,
            "mailboxes",
            batch,
            each ->
                new InsertOneModel<>(
                    byId(String.valueOf(each.getEmail())).append("person", each.getSubject())));
        write(
            database,
            "accounts",
            batch,
            each ->
                new InsertOneModel<>(
                    byId(Onboarding.key(each))
                        .append("email", each.getEmail())
                        .append("work", "create")));
        write(
            database,
            "persons",
            batch,
            each ->
                new UpdateOneModel<>(
                    byId(each.getSubject()),
                    Updates.set("decisions.slack", new Document("rule", "anyone-at-acme")),
                    new UpdateOptions().upsert(true)));
      }

      @Override
      public void created(List<PeerAccount> accounts) {
        write(
            database,
            "accounts",
            accounts,
            each ->
                new UpdateOneModel<>(
                    byId(each.id()),
                    new Document("$set", existing(each, new Document("work", "announce")))));
      }

      @Override
      public void announced(List<PeerAccount> accounts) {
        write(
            database,
            "accounts",
            accounts,
            each -> new UpdateOneModel<>(byId(each.id()), Updates.unset("work")));
      }
    };
  }

  private static Document byId(String id) {
    return new Document("_id", id);
  }

  private static Document existing(PeerAccount account, Document more) {
    return more.append("serviceAccountId", account.serviceAccountId())
        .append("userName", account.userName())
        .append("createdAt", Date.from(account.createdAt()));
  }

  private static <T> void write(
      MongoOperations database,
      String collection,
      List<T> all,
      Function<T, WriteModel<Document>> write) {
    database
        .getCollection(collection)
        .bulkWrite(all.stream().map(write).toList(), new BulkWriteOptions().ordered(false));
  }
}
