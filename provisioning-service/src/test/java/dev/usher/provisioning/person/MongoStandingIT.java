package dev.usher.provisioning.person;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.usher.sandbox.Database;
import java.util.Objects;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;

/** The store keeps the law on the embedded database. */
class MongoStandingIT extends StandingLaw {

  private static @Nullable Database server;
  private static @Nullable MongoClient client;

  private final PersonStore store =
      new MongoPersonStore(
          new SimpleMongoClientDatabaseFactory(Objects.requireNonNull(client), "law"));

  @BeforeContainer
  static void startDatabase() {
    server = Database.start();
    client = MongoClients.create(server.uri(""));
  }

  @AfterContainer
  static void stopDatabase() {
    Objects.requireNonNull(client).close();
    Objects.requireNonNull(server).close();
  }

  @Override
  PersonStore store() {
    return store;
  }
}
