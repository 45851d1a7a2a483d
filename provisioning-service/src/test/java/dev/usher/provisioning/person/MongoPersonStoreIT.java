package dev.usher.provisioning.person;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.usher.provisioning.store.StoreUnavailableException;
import dev.usher.sandbox.Database;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;

/** The store on a database, the embedded one or another that the environment names. */
final class MongoPersonStoreIT extends PersonStoreContract {

  private static @Nullable Database server;
  private static @Nullable MongoClient client;

  private final String name = "contract_" + Integer.toHexString(System.identityHashCode(this));
  private final SimpleMongoClientDatabaseFactory database =
      new SimpleMongoClientDatabaseFactory(Objects.requireNonNull(client), name);

  @BeforeAll
  static void startDatabase() {
    server = Database.startOrExternal();
    client = MongoClients.create(server.uri(""));
  }

  @AfterAll
  static void stopDatabase() {
    Objects.requireNonNull(client).close();
    Objects.requireNonNull(server).close();
  }

  @BeforeEach
  @AfterEach
  void empty() {
    database.getMongoDatabase().drop();
  }

  @Override
  PersonStore store() {
    return new MongoPersonStore(database);
  }

  @Test
  void whileTheDatabaseIsAwayEachCallSaysSo() {
    PersonKey ada = new PersonKey("acme", "staff", "ada");
    Standing left = new Standing(Standing.Kind.LEFT, Instant.EPOCH, null);
    Seen seen = new Seen(Map.of(), Map.of(), Instant.EPOCH);
    try (Database other = Database.start();
        MongoClient impatient =
            MongoClients.create(other.uri("") + "?serverSelectionTimeoutMS=100")) {
      PersonStore store =
          new MongoPersonStore(new SimpleMongoClientDatabaseFactory(impatient, "usher"));
      store.apply(Map.of(ada, left));
      other.stop();

      List.<Runnable>of(
              () -> store.find(List.of(ada)),
              () -> store.leftAmong(List.of(ada)),
              () ->
                  store.keepDecisions(
                      Map.of(ada, List.of(decision("slack", "staff", Instant.EPOCH)))),
              () -> store.apply(Map.of(ada, left)),
              () -> store.seen(Map.of(ada, seen)),
              () -> store.expire(Instant.EPOCH, 1))
          .forEach(
              call -> assertThatThrownBy(call::run).isInstanceOf(StoreUnavailableException.class));
    }
  }
}
