package dev.usher.provisioning.account;

import static dev.usher.provisioning.account.Accounts.NOW;
import static dev.usher.provisioning.account.Accounts.created;
import static dev.usher.provisioning.account.Accounts.deferred;
import static dev.usher.provisioning.account.Accounts.key;
import static dev.usher.provisioning.account.Accounts.requested;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.provisioning.person.InMemoryPersonStore;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.person.Standing;
import dev.usher.provisioning.store.StoreUnavailableException;
import dev.usher.provisioning.testing.TestBed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How accounts get into hands, out of them, and into others'. */
final class AccountDeskTest {

  private static final int IN_HAND_LIMIT = 3;
  private static final Standing LEFT =
      new Standing(Standing.Kind.LEFT, NOW.plusSeconds(1), "leaver-1");
  private static final Duration LEASE = Duration.ofSeconds(15);

  private final InMemoryAccountStore store = new InMemoryAccountStore();
  private final InMemoryPersonStore people = new InMemoryPersonStore();
  private final OwnershipTest.InMemoryInstances instances = new OwnershipTest.InMemoryInstances();
  private final AtomicLong nanos = new AtomicLong();
  private int names;
  private Instant now = NOW;

  private final Instance one = new Instance();
  private final Instance two = new Instance();

  private Ownership ownership(String name) {
    return new Ownership(instances, () -> name + ++names, nanos::get, LEASE, Duration.ZERO);
  }

  /** An instance whose stages only write down what they are given. */
  private final class Instance {
    final BlockingQueue<Account> attempts = new LinkedBlockingQueue<>();
    final BlockingQueue<Account> announcements = new LinkedBlockingQueue<>();
    final AccountDesk desk =
        new AccountDesk(
            store,
            ownership("instance"),
            people::leftAmong,
            () -> now,
            System::nanoTime,
            new InHand(IN_HAND_LIMIT, 2 * IN_HAND_LIMIT));
    int room = Integer.MAX_VALUE;

    Instance() {
      desk.attemptsGoTo(stage(attempts));
      desk.announcementsGoTo(stage(announcements));
      desk.beat();
    }

    Set<AccountKey> open(List<Account> requested) {
      return desk.open(requested, people::leftAmong);
    }

    private Stage stage(BlockingQueue<Account> given) {
      return new Stage() {
        @Override
        public int room(Queue queue) {
          return room;
        }

        @Override
        public void take(Account account) {
          given.add(account);
        }
      };
    }

    Account nextAttempt() {
      return next(attempts);
    }

    Account nextAnnouncement() {
      return next(announcements);
    }

    private static Account next(BlockingQueue<Account> queue) {
      try {
        return Objects.requireNonNull(queue.poll(30, TimeUnit.SECONDS), "nothing was handed over");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  @AfterEach
  void stop() {
    store.down(false);
    one.desk.stop();
    two.desk.stop();
  }

  @Test
  void whatExistsAlreadyIsToldAndWhoLeftIsAskedOnceTheRestIsDurable() {
    assertThat(one.open(List.of(requested("ada")))).isEmpty();
    one.nextAttempt();

    List<Collection<PersonKey>> asked = new ArrayList<>();
    Set<AccountKey> there =
        one.desk.open(
            List.of(requested("ada"), requested("grace")),
            claimed -> {
              asked.add(claimed);
              assertThat(store.find(List.of(key("grace")))).hasSize(1);
              return Map.of(key("grace").person(), LEFT);
            });

    assertThat(there).containsExactly(key("ada"));
    assertThat(asked).containsExactly(Set.of(key("grace").person()));
    TestBed.eventually(
        "hers is not to come",
        () ->
            assertThat(store.find(List.of(key("grace"))).values())
                .extracting(Account::wanted)
                .hasOnlyElementsOfType(Wanted.Suspended.class));
    assertThat(one.attempts).isEmpty();
  }

  @Test
  void aNewAccountIsAttemptedAnnouncedAndDone() {
    one.open(List.of(requested("ada")));

    Account attempting = one.nextAttempt();
    assertThat(attempting.onFirstAttempt()).isTrue();
    assertThat(stored("ada")).as("durable, with its attempt and owner").isEqualTo(attempting);

    one.desk.advance(created(attempting));
    Account announcing = one.nextAnnouncement();
    assertThat(stored("ada")).isEqualTo(announcing);

    one.desk.advance(announcing.announced(NOW));
    awaitNothingInHand(one);
    assertThat(stored("ada").work()).isNull();
  }

  @Test
  void whoHasLeftSinceTheClaimIsNotTriedFor() {
    people.apply(Map.of(key("ada").person(), LEFT));
    one.open(List.of(requested("ada"), requested("grace")));

    assertThat(one.nextAttempt().key()).isEqualTo(key("grace"));
    TestBed.eventually("let go", () -> assertThat(one.desk.inHand()).isEqualTo(1));
    assertThat(one.attempts).isEmpty();
    assertThat(stored("ada").state()).isEqualTo(new State.Deleted());
    assertThat(stored("ada").work()).isNull();
  }

  @Test
  void whoLeavesWhileAnotherInstanceIsAtItIsMadeSureOf() {
    one.open(List.of(requested("ada")));
    Account attempting = one.nextAttempt();
    two.desk.change(List.of(attempting), account -> account.left(LEFT, now));
    one.desk.advance(created(attempting));
    awaitNothingInHand(one);

    one.desk.sweep();

    Account again = one.nextAttempt();
    assertThat(again.task()).contains(Task.WITHDRAW);
    assertThat(again.triedWithoutKnownEnd()).isTrue();
  }

  @Test
  void aChangeIsMadeToWhatStandsThereByNowAndStartsItsWork() {
    one.open(List.of(requested("ada")));
    Account attempting = one.nextAttempt();
    one.desk.advance(created(attempting));
    now = NOW.plusSeconds(1);
    one.desk.advance(one.nextAnnouncement().announced(now));
    awaitNothingInHand(one);

    two.desk.change(List.of(attempting), account -> account.left(LEFT, now));

    assertThat(two.nextAttempt().task()).contains(Task.SUSPEND);
    two.desk.change(two.desk.of(List.of(key("ada").person())), account -> account.left(LEFT, now));
    assertThat(two.attempts).as("twice is once").isEmpty();
  }

  @Test
  void inACrowdEveryChangeIsMade() throws Exception {
    store.insert(List.of(requested("ada")));
    Account read = stored("ada");
    try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        String name = "ada " + i;
        AccountDesk desk = i % 2 == 0 ? one.desk : two.desk;
        all.add(
            crowd.submit(
                () ->
                    desk.change(
                        List.of(read),
                        account ->
                            account.changed(
                                new Profile(
                                    null,
                                    Objects.requireNonNullElse(account.profile().userName(), "")
                                        + name,
                                    null,
                                    null,
                                    null,
                                    null,
                                    null),
                                now,
                                now))));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    for (int i = 0; i < 16; i++) {
      assertThat(stored("ada").profile().userName()).contains("ada " + i);
    }
  }

  @Test
  void whatOverflowedIsFetchedAsSoonAsThereIsRoom() {
    one.open(IntStream.range(0, 5).mapToObj(i -> requested("p" + i)).toList());
    for (int done = 0; done < 5; done++) {
      one.desk.advance(
          one.nextAttempt().deferred("retry", "in a test", NOW, NOW.plusSeconds(9_999)));
    }
    assertThat(store.dueQueues(NOW)).as("without any sweep").isEmpty();
  }

  @Test
  void neitherOneQueueNorAllTogetherTakeAllRoom() {
    InHand inHand = new InHand(2, 3);
    Queue slack = new Queue(key("x").serviceKey());
    assertThat(inHand.reserve(key("a"), slack)).isTrue();
    assertThat(inHand.reserve(key("a"), slack)).as("already").isFalse();
    assertThat(inHand.reserve(key("b"), slack)).isTrue();
    assertThat(inHand.reserve(key("c"), slack)).isFalse();
    assertThat(inHand.reserve(key("c"), Queue.ANNOUNCEMENTS)).isTrue();
    assertThat(inHand.reserve(key("d"), Queue.ANNOUNCEMENTS)).isFalse();
    assertThat(inHand.release(key("a"))).isTrue();
    assertThat(inHand.release(key("a"))).isFalse();
    assertThat(inHand.reserve(key("d"), slack)).isTrue();
    assertThat(inHand.size()).isEqualTo(3);
  }

  @Test
  void whatExistsIsNotOpenedAgain() {
    one.open(List.of(requested("ada")));
    one.nextAttempt();

    two.open(List.of(requested("ada")));

    assertThat(two.attempts).isEmpty();
    assertThat(two.desk.inHand()).isZero();
  }

  @Test
  void whatThereIsNoRoomForWaitsInTheStore() {
    one.open(IntStream.range(0, 5).mapToObj(i -> requested("p" + i)).toList());
    assertThat(one.attempts).hasSize(IN_HAND_LIMIT);
    assertThat(store.dueQueues(NOW)).hasSize(1);

    one.desk.sweep();
    assertThat(one.attempts).as("there still is no room").hasSize(IN_HAND_LIMIT);

    two.desk.sweep();
    two.nextAttempt();
    two.nextAttempt();
    assertThat(store.dueQueues(NOW)).isEmpty();
  }

  @Test
  void aServiceThatIsDownIsNotFetchedFor() {
    store.insert(List.of(requested("ada")));
    one.room = 0;
    one.desk.sweep();
    assertThat(one.attempts).isEmpty();
    one.room = 1;
    one.desk.sweep();
    assertThat(one.nextAttempt().key()).isEqualTo(key("ada"));
  }

  @Test
  void workIsSweptUpWhenItIsDue() {
    one.open(List.of(requested("ada")));
    one.desk.advance(deferred(one.nextAttempt(), NOW.plusSeconds(60)));
    awaitNothingInHand(one);

    two.desk.sweep();
    assertThat(two.attempts).isEmpty();
    now = NOW.plusSeconds(60);
    two.desk.sweep();

    Account again = two.nextAttempt();
    assertThat(again.attempts().count()).isEqualTo(2);
  }

  @Test
  void aDeadInstancesWorkIsTakenOverAndItsLateWritesAreRefused() {
    one.open(List.of(requested("ada")));
    Account begun = one.nextAttempt();

    two.desk.watch();
    nanos.addAndGet(LEASE.toNanos() + 1);
    two.desk.beat();
    two.desk.watch();

    Account takenOver = two.nextAttempt();
    assertThat(takenOver.key()).isEqualTo(key("ada"));
    assertThat(takenOver.onFirstAttempt()).as("so it is looked for before it is created").isFalse();

    one.desk.advance(created(begun));
    awaitNothingInHand(one);
    assertThat(stored("ada")).isEqualTo(takenOver);
    assertThat(one.announcements).isEmpty();
  }

  @Test
  void whatCouldNotBeWrittenIsTakenUpAgainAndLookedFor() {
    one.open(List.of(requested("ada")));
    Account begun = one.nextAttempt();
    store.down(true);
    one.desk.advance(created(begun));
    awaitNothingInHand(one);

    store.down(false);
    one.desk.sweep();

    assertThat(one.nextAttempt().onFirstAttempt()).isFalse();
  }

  @Test
  void aSweepThatFailsForgetsNothing() {
    one.open(List.of(requested("ada")));
    Account begun = one.nextAttempt();
    store.down(true);
    one.desk.advance(created(begun));
    awaitNothingInHand(one);
    assertThatThrownBy(one.desk::sweep).isInstanceOf(StoreUnavailableException.class);

    store.down(false);
    one.desk.sweep();

    assertThat(one.nextAttempt().key()).isEqualTo(key("ada"));
  }

  @Test
  void moreThanOneFetchOfDroppedWorkIsAllTakenUp() {
    AccountDesk large =
        new AccountDesk(
            store,
            ownership("large"),
            people::leftAmong,
            () -> now,
            System::nanoTime,
            new InHand(10_000, 10_000));
    BlockingQueue<Account> attempts = new LinkedBlockingQueue<>();
    large.attemptsGoTo(one.stage(attempts));
    large.announcementsGoTo(one.stage(new LinkedBlockingQueue<>()));
    large.beat();
    List<Account> many = IntStream.range(0, 1_000).mapToObj(i -> requested("p" + i)).toList();
    large.open(many, people::leftAmong);
    many.forEach(account -> large.drop(account.key()));
    attempts.clear();

    for (int steps = 0; steps < 10; steps++) {
      large.sweep();
      TestBed.eventually("written", () -> assertThat(attempts.size()).isEqualTo(large.inHand()));
    }

    assertThat(attempts).extracting(Account::key).doesNotHaveDuplicates().hasSize(1_000);
    large.stop();
  }

  @Test
  void whatWasFoundOutBeforeTheStopIsWrittenAndNotHandedBackAsUnknown() {
    one.open(List.of(requested("ada")));
    one.desk.advance(created(one.nextAttempt()));

    one.desk.stop();

    assertThat(stored("ada").state()).isEqualTo(new State.Active(false));
    assertThat(store.owners()).isEmpty();
    now = NOW.plusSeconds(1);
    two.desk.sweep();
    assertThat(two.nextAnnouncement().key()).isEqualTo(key("ada"));
  }

  @Test
  void whileTheStoreIsDownNothingIsOpened() {
    store.down(true);
    assertThatThrownBy(() -> one.open(List.of(requested("ada"))))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(one.attempts).isEmpty();
    assertThat(one.desk.inHand()).isZero();
  }

  @Test
  void withoutALeaseNothingIsOwned() {
    nanos.addAndGet(LEASE.toNanos());
    one.open(List.of(requested("ada")));
    assertThat(one.attempts).isEmpty();
    assertThat(store.owners()).isEmpty();

    one.desk.beat();
    one.desk.sweep();
    assertThat(one.nextAttempt().key()).isEqualTo(key("ada"));
  }

  @Test
  void whoStopsHandsItsWorkBackAtOnce() {
    one.open(List.of(requested("ada")));
    one.nextAttempt();

    one.desk.stop();

    assertThat(store.owners()).isEmpty();
    two.desk.sweep();
    assertThat(two.nextAttempt().onFirstAttempt()).isFalse();
  }

  private Account stored(String subject) {
    return Objects.requireNonNull(store.find(List.of(key(subject))).get(key(subject)));
  }

  private static void awaitNothingInHand(Instance instance) {
    TestBed.eventually("nothing in hand", () -> assertThat(instance.desk.inHand()).isZero());
  }
}
