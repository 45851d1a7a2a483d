package dev.usher.provisioning.account;

import static dev.usher.provisioning.account.Accounts.key;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.usher.provisioning.account.InstanceStore.Heartbeat;
import dev.usher.provisioning.account.MailboxStore.Mailbox;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.sandbox.Database;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;

/** The stores on a database, the embedded one or another that the environment names. */
final class MongoAccountStoreIT extends AccountStoreContract {

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
  AccountStore store() {
    return new MongoAccountStore(database);
  }

  @Test
  @Tag("external-database")
  void aMailboxStaysWithWhoeverClaimedItFirst() {
    MailboxStore mailboxes = new MongoMailboxStore(database);
    Mailbox mailbox = new Mailbox("acme", "ada@acme.example");
    Mailbox other = new Mailbox("acme", "grace@acme.example");
    PersonKey ada = new PersonKey("acme", "staff", "ada");
    PersonKey eve = new PersonKey("acme", "staff", "eve/../ada");

    assertThat(mailboxes.claim(Map.of(mailbox, ada))).isEqualTo(Map.of(mailbox, ada));
    assertThat(mailboxes.claim(Map.of(mailbox, eve, other, eve)))
        .isEqualTo(Map.of(mailbox, ada, other, eve));
    assertThat(mailboxes.claim(Map.of())).isEmpty();
  }

  @Test
  @Tag("atomic-database")
  void inACrowdAllSeeTheSameHolder() throws Exception {
    Mailbox mailbox = new Mailbox("acme", "ada@acme.example");
    Set<PersonKey> holders = new HashSet<>();
    try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Map<Mailbox, PersonKey>>> claims =
          IntStream.range(0, 16)
              .mapToObj(
                  i ->
                      crowd.submit(
                          () ->
                              new MongoMailboxStore(database)
                                  .claim(Map.of(mailbox, new PersonKey("acme", "staff", "p" + i)))))
              .toList();
      for (Future<Map<Mailbox, PersonKey>> claim : claims) {
        holders.addAll(claim.get().values());
      }
    }
    assertThat(holders).hasSize(1);
  }

  @Test
  @Tag("external-database")
  void anInstanceThatIsFencedBeatsNoMore() {
    InstanceStore instances = new MongoInstanceStore(database);
    instances.register("one");
    Heartbeat first = instances.heartbeats().getFirst();
    assertThat(instances.beat("one")).isTrue();

    assertThat(instances.fence(first)).as("it has beaten since it was seen").isFalse();
    Heartbeat second = instances.heartbeats().getFirst();
    assertThat(second.beat()).isGreaterThan(first.beat());
    assertThat(instances.fence(second)).isTrue();
    assertThat(instances.fence(second)).as("somebody was first").isFalse();
    assertThat(instances.beat("one")).isFalse();
    assertThat(instances.heartbeats()).containsExactly(new Heartbeat("one", second.beat(), true));

    instances.remove("one");
    assertThat(instances.heartbeats()).isEmpty();
    assertThat(instances.beat("one")).isFalse();
  }

  @Test
  @Tag("external-database")
  void keysWithEveryCharacterAreKept() {
    AccountStore store = store();
    AccountKey odd =
        new AccountKey(new PersonKey("acme", "staff", "a/b.c$d e%2Fü\u0000*~"), "slack");
    store.insert(List.of(Accounts.requested(odd)));
    assertThat(store.find(List.of(odd)).get(odd)).isEqualTo(Accounts.requested(odd).written());
    assertThat(store.find(List.of(key("a")))).isEmpty();
  }
}
