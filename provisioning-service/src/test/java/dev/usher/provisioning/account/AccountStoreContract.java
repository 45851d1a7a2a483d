package dev.usher.provisioning.account;

import static dev.usher.provisioning.account.Accounts.NOW;
import static dev.usher.provisioning.account.Accounts.created;
import static dev.usher.provisioning.account.Accounts.key;
import static dev.usher.provisioning.account.Accounts.requested;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.usher.provisioning.person.PersonKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What every store of accounts promises. The part without a crowd is tagged for any other database,
 * the crowds for those that update one document atomically.
 */
abstract class AccountStoreContract {

  private static final int CROWD = 16;

  /** An empty store, and one more view of the same for each call after the first. */
  abstract AccountStore store();

  @Test
  @Tag("external-database")
  void whatIsInsertedIsFoundAsItWas() {
    AccountStore store = store();
    Account pending = requested("pending").taken("me", NOW);
    Account active = active("active");
    Account held = Accounts.held("held");
    Account done = active("done").announced(NOW);

    assertThat(store.insert(List.of(pending, active, held, done)))
        .containsExactlyInAnyOrder(key("pending"), key("active"), key("held"), key("done"));

    assertThat(
            store.find(List.of(key("pending"), key("active"), key("held"), key("done"))).values())
        .containsExactlyInAnyOrder(
            pending.written(), active.written(), held.written(), done.written());
    assertThat(store.find(List.of(key("nobody")))).isEmpty();
    assertThat(store.find(List.of())).isEmpty();
  }

  @Test
  @Tag("external-database")
  void onlyTheFirstInsertOfAKeyCounts() {
    AccountStore store = store();
    Account first = requested("ada").taken("first", NOW);
    assertThat(store.insert(List.of(first))).containsExactly(key("ada"));

    assertThat(store.insert(List.of(requested("ada").taken("second", NOW), requested("grace"))))
        .containsExactly(key("grace"));

    assertThat(store.find(List.of(key("ada"))).get(key("ada"))).isEqualTo(first.written());
  }

  @Test
  @Tag("external-database")
  void aNextVersionIsWrittenOnceAndAStaleOneNever() {
    AccountStore store = store();
    Account asked = requested("ada").written();
    store.insert(List.of(requested("ada")));
    Account taken = asked.taken("me", NOW);
    Account stale = asked.taken("somebody else", NOW);

    assertThat(store.update(List.of(taken))).containsExactly(key("ada"));
    assertThat(store.update(List.of(stale))).isEmpty();
    assertThat(store.update(List.of(taken))).isEmpty();
    assertThat(store.update(List.of(requested("nobody").taken("me", NOW)))).isEmpty();

    assertThat(store.find(List.of(key("ada"))).get(key("ada"))).isEqualTo(taken.written());
    assertThat(store.find(List.of(key("nobody")))).isEmpty();
  }

  @Test
  @Tag("external-database")
  void aBulkTellsWhichOfItsWritesApplied() {
    AccountStore store = store();
    List<Account> asked =
        new ArrayList<>(IntStream.range(0, 20).mapToObj(i -> requested("p" + i)).toList());
    store.insert(asked);
    asked.replaceAll(Account::written);
    List<Account> odd =
        IntStream.range(0, 20)
            .filter(i -> i % 2 == 1)
            .mapToObj(i -> asked.get(i).taken("somebody else", NOW))
            .toList();
    store.update(odd);

    Set<AccountKey> applied =
        store.update(asked.stream().map(account -> account.taken("me", NOW)).toList());

    assertThat(applied)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 20).filter(i -> i % 2 == 0).mapToObj(i -> key("p" + i)).toList());
  }

  @Test
  @Tag("external-database")
  void workIsFoundWhenItIsDueAndNobodyOwnsIt() {
    AccountStore store = store();
    Account now = requested("now");
    Account earlier =
        requested("earlier").taken("x", NOW).waiting(NOW.minusSeconds(10), NOW.minusSeconds(9));
    Account later = requested("later").taken("x", NOW).waiting(NOW, NOW.plusSeconds(1));
    Account owned = requested("owned").taken("me", NOW);
    Account telling = active("telling").released(NOW.plusSeconds(1));
    store.insert(List.of(now, earlier, later, owned, telling, active("done").announced(NOW)));

    Queue slack = new Queue(key("x").serviceKey());
    Instant then = NOW.plusSeconds(1);
    assertThat(store.dueQueues(NOW)).containsExactly(slack);
    assertThat(store.dueQueues(then)).containsExactlyInAnyOrder(slack, Queue.ANNOUNCEMENTS);
    assertThat(store.due(slack, NOW, 10)).containsExactly(earlier.written(), now.written());
    assertThat(store.due(slack, NOW, 1)).containsExactly(earlier.written());
    assertThat(store.due(slack, NOW.plusSeconds(1), 10))
        .containsExactly(earlier.written(), now.written(), later.written());
    assertThat(store.due(Queue.ANNOUNCEMENTS, then, 10)).containsExactly(telling.written());
    assertThat(store.owners()).containsExactly("me");
    assertThat(store.ownedBy("me", 10)).containsExactly(owned.written());
    assertThat(store.ownedBy("nobody", 10)).isEmpty();
  }

  @Test
  void aBatchHasABoundAndNoAccountTwice() {
    AccountStore store = store();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.insert(List.of(requested("ada"), requested("ada"))))
        .withMessageContaining("acme/staff/ada/slack");
    List<Account> tooMany =
        IntStream.rangeClosed(0, AccountStore.BATCH_LIMIT)
            .mapToObj(i -> requested("p" + i))
            .toList();
    assertThatIllegalArgumentException().isThrownBy(() -> store.update(tooMany));
    List<PersonKey> everybody = tooMany.stream().map(account -> account.key().person()).toList();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.of(everybody.subList(0, AccountStore.PEOPLE_LIMIT + 1)))
        .withMessageContaining("people");
  }

  @Test
  @Tag("atomic-database")
  void inACrowdOneInsertOfEachKeyCounts() throws Exception {
    List<Set<AccountKey>> inserted =
        together(
            (store, me) ->
                store.insert(
                    IntStream.range(0, 100)
                        .mapToObj(i -> requested("p" + i).taken("owner" + me, NOW))
                        .toList()));

    List<AccountKey> all = inserted.stream().flatMap(Set::stream).toList();
    assertThat(all).hasSize(100);
    assertThat(new HashSet<>(all)).hasSize(100);
    AccountStore store = store();
    for (int me = 0; me < CROWD; me++) {
      assertThat(store.ownedBy("owner" + me, 1_000))
          .extracting(Account::key)
          .containsExactlyInAnyOrderElementsOf(inserted.get(me));
    }
  }

  @Test
  @Tag("atomic-database")
  void inACrowdOneTransitionOfEachAccountWins() throws Exception {
    List<Account> asked = IntStream.range(0, 100).mapToObj(i -> requested("p" + i)).toList();
    store().insert(asked);

    List<Set<AccountKey>> won =
        together(
            (store, me) ->
                store.update(
                    asked.stream()
                        .map(account -> account.written().taken("owner" + me, NOW))
                        .toList()));

    List<AccountKey> all = won.stream().flatMap(Set::stream).toList();
    assertThat(all).hasSize(100);
    assertThat(new HashSet<>(all)).hasSize(100);
    AccountStore store = store();
    for (int me = 0; me < CROWD; me++) {
      assertThat(store.ownedBy("owner" + me, 1_000))
          .extracting(Account::key)
          .containsExactlyInAnyOrderElementsOf(won.get(me));
    }
  }

  private interface Doing {
    Set<AccountKey> in(AccountStore store, int me);
  }

  private List<Set<AccountKey>> together(Doing doing) throws Exception {
    CyclicBarrier start = new CyclicBarrier(CROWD);
    List<Set<AccountKey>> results = new ArrayList<>();
    try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Set<AccountKey>>> tasks = new ArrayList<>();
      for (int i = 0; i < CROWD; i++) {
        int me = i;
        AccountStore store = store();
        tasks.add(
            () -> {
              start.await();
              return doing.in(store, me);
            });
      }
      for (Future<Set<AccountKey>> result : crowd.invokeAll(tasks)) {
        results.add(result.get());
      }
    }
    return results;
  }

  private static Account active(String subject) {
    return created(requested(subject).taken("me", NOW));
  }
}
