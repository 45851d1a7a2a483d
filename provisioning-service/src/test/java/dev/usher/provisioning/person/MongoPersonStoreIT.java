package dev.usher.provisioning.person;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.usher.provisioning.store.StoreUnavailableException;
import dev.usher.sandbox.Database;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
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

  /**
   * For each two events: one comes while the store, which has looked, is about to write the other.
   */
  @Test
  @Tag("atomic-database")
  void ofTwoStandingsAtOnceTheHigherOneStays() {
    List<Standing> events =
        Stream.of(Standing.Kind.values())
            .flatMap(
                kind ->
                    Stream.of(1, 2).map(at -> new Standing(kind, Instant.ofEpochMilli(at), null)))
            .toList();
    Standing before = new Standing(Standing.Kind.LEFT, Instant.EPOCH, null);
    PersonKey known = new PersonKey("acme", "staff", "known");
    PersonKey unknown = new PersonKey("acme", "staff", "unknown");
    for (Standing ours : events) {
      for (Standing theirs : events) {
        empty();
        store().apply(Map.of(known, before));
        Map<PersonKey, Standing> end =
            justBefore("update", () -> store().apply(Map.of(known, theirs, unknown, theirs)))
                .apply(store -> store.apply(Map.of(known, ours, unknown, ours)));

        Standing higher = theirs.outranks(ours) ? theirs : ours;
        assertThat(end).isEqualTo(Map.of(known, higher, unknown, higher));
        assertThat(store().find(end.keySet()).values())
            .extracting(Person::standing)
            .containsExactly(higher, higher);
      }
    }
  }

  @Test
  @Tag("atomic-database")
  void whoeverTurnsUpWhenTheyAreAboutToBeForgottenIsNot() {
    PersonKey ada = new PersonKey("acme", "staff", "ada");
    PersonKey bob = new PersonKey("acme", "staff", "bob");
    KeptDecision old = decision("slack", "staff", Instant.EPOCH);
    KeptDecision recent = decision("slack", "staff", Instant.EPOCH.plusSeconds(9));
    store().keepDecisions(Map.of(ada, List.of(old), bob, List.of(old)));

    long forgotten =
        justBefore("delete", () -> store().keepDecisions(Map.of(ada, List.of(recent))))
            .apply(store -> store.expire(Instant.EPOCH.plusSeconds(1), 10));

    assertThat(forgotten).isEqualTo(1);
    assertThat(store().find(List.of(ada, bob))).containsOnlyKeys(ada);
  }

  private interface InBetween {
    <T> T apply(Function<PersonStore, T> call);
  }

  /** Calls a store of which the first such command waits for somebody else to be done. */
  private InBetween justBefore(String command, Runnable somebodyElse) {
    AtomicBoolean done = new AtomicBoolean();
    CommandListener listener =
        new CommandListener() {
          @Override
          public void commandStarted(CommandStartedEvent event) {
            if (event.getCommandName().equals(command) && done.compareAndSet(false, true)) {
              somebodyElse.run();
            }
          }
        };
    return new InBetween() {
      @Override
      public <T> T apply(Function<PersonStore, T> call) {
        MongoClientSettings settings =
            MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(Objects.requireNonNull(server).uri("")))
                .addCommandListener(listener)
                .build();
        try (MongoClient watched = MongoClients.create(settings)) {
          T answer =
              call.apply(new MongoPersonStore(new SimpleMongoClientDatabaseFactory(watched, name)));
          assertThat(done).as("a command `%s` was sent", command).isTrue();
          return answer;
        }
      }
    };
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
