package dev.usher.provisioning.provision;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.usher.sandbox.Database;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;

/** The store on a database, the embedded one or another that the environment names. */
final class MongoLimitStoreIT extends LimitStoreContract {

  private static @Nullable Database server;
  private static @Nullable MongoClient client;

  private final SimpleMongoClientDatabaseFactory database =
      new SimpleMongoClientDatabaseFactory(
          Objects.requireNonNull(client),
          "limits_" + Integer.toHexString(System.identityHashCode(this)));

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
  LimitStore store() {
    return new MongoLimitStore(database);
  }
}
