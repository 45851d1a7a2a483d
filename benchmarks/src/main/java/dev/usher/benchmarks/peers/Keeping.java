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
        database.insert(accounts, PeerAccount.class);
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
        write("mailboxes", batch, each -> insert(String.valueOf(each.getEmail()), each));
        write("accounts", batch, each -> insert(Onboarding.key(each), each));
        write(
            "persons",
            batch,
            each ->
                new UpdateOneModel<>(
                    byId(each.getSubject()),
                    Updates.set("decisions.slack", new Document("rule", "anyone-at-acme")),
                    new UpdateOptions().upsert(true)));
      }

      private static InsertOneModel<Document> insert(String id, SignIn signIn) {
        return new InsertOneModel<>(
            byId(id).append("subject", signIn.getSubject()).append("email", signIn.getEmail()));
      }

      @Override
      public void created(List<PeerAccount> accounts) {
        write(
            "accounts",
            accounts,
            each ->
                new UpdateOneModel<>(
                    byId(each.id()),
                    new Document(
                        "$set",
                        new Document("serviceAccountId", each.serviceAccountId())
                            .append("userName", each.userName())
                            .append("createdAt", Date.from(each.createdAt()))
                            .append("work", "announce"))));
      }

      @Override
      public void announced(List<PeerAccount> accounts) {
        write(
            "accounts",
            accounts,
            each -> new UpdateOneModel<>(byId(each.id()), Updates.unset("work")));
      }

      private static Document byId(String id) {
        return new Document("_id", id);
      }

      private <T> void write(
          String collection, List<T> all, Function<T, WriteModel<Document>> write) {
        database
            .getCollection(collection)
            .bulkWrite(all.stream().map(write).toList(), new BulkWriteOptions().ordered(false));
      }
    };
  }
}
