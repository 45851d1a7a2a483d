package dev.usher.provisioning.account;

import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.person.Standing;
import dev.usher.provisioning.store.StoreUnavailableException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the stages meet: opens accounts, writes what becomes of them, and hands each to the stage
 * that has its next piece of work. What this instance has in hand is bounded; the rest waits in the
 * store, and is fetched when it is due and there is room.
 */
public final class AccountDesk {

  /** The largest number of accounts that one call takes. */
  public static final int BATCH_LIMIT = AccountStore.BATCH_LIMIT;

  /** The largest number of people whose accounts one call reads. */
  public static final int PEOPLE_LIMIT = AccountStore.PEOPLE_LIMIT;

  private static final Logger log = LoggerFactory.getLogger(AccountDesk.class);
  private static final int FETCH_LIMIT = 500;
  private static final int CHANGE_TRIES = 50;

  private final AccountStore store;
  private final Ownership ownership;
  private final Leavers leavers;
  private final InstantSource clock;
  private final InHand inHand;
  private final AccountWriter writer;

  /** Owned by this instance and in nobody's hands, or another's by now. */
  private final Set<AccountKey> dropped = ConcurrentHashMap.newKeySet();

  /** The queues of which more may wait in the store than there was room for. */
  private final Set<Queue> overflowing = ConcurrentHashMap.newKeySet();

  private final AtomicBoolean refilling = new AtomicBoolean();

  private volatile @Nullable Stage attempting;
  private volatile @Nullable Stage announcing;
  private volatile boolean stopping;

  AccountDesk(
      AccountStore store,
      Ownership ownership,
      Leavers leavers,
      InstantSource clock,
      LongSupplier nanoTime,
      InHand inHand) {
    this.store = store;
    this.ownership = ownership;
    this.leavers = leavers;
    this.clock = clock;
    this.inHand = inHand;
    this.writer = new AccountWriter(store, inHand::size, nanoTime);
  }

  /** Says who is woken for attempts. */
  public void attemptsGoTo(Stage stage) {
    attempting = stage;
  }

  /** Says who is woken for announcements. */
  public void announcementsGoTo(Stage stage) {
    announcing = stage;
  }

  /**
   * Those of the accounts that exist.
   *
   * @param keys at most {@link #BATCH_LIMIT}
   * @throws StoreUnavailableException while the database cannot be reached; then ask again
   */
  public Map<AccountKey, Account> find(Collection<AccountKey> keys) {
    return store.find(keys);
  }

  /**
   * The people's accounts.
   *
   * @param people at most {@link #PEOPLE_LIMIT}
   * @throws StoreUnavailableException while the database cannot be reached; then ask again
   */
  public List<Account> of(Collection<PersonKey> people) {
    return store.of(people);
  }

  /** How many accounts are in hand. */
  public int inHand() {
    return inHand.size();
  }

  /**
   * Inserts those accounts that do not exist yet, and starts their work as far as there is room.
   * When this returns, all of them are durable.
   *
   * @param requested each unowned, at most {@link #BATCH_LIMIT}
   * @param leavers who has left: asked once they are durable, and before any work begins, of those
   *     whose work it is to begin, if any
   * @return those that exist already
   * @throws StoreUnavailableException while the database cannot be reached; then ask again
   */
  public Set<AccountKey> open(List<Account> requested, Leavers leavers) {
    Instant now = clock.instant();
    List<Account> accounts = requested.stream().map(account -> claimed(account, now)).toList();
    Set<AccountKey> inserted;
    try {
      inserted = store.insert(accounts);
    } catch (RuntimeException e) {
      dropOwned(accounts);
      throw e;
    }
    startOrDrop(accounts, inserted, leavers);
    return accounts.stream()
        .map(Account::key)
        .filter(key -> !inserted.contains(key))
        .collect(Collectors.toSet());
  }

  /**
   * Changes accounts as they stand in the store by now. When this returns, the changes are durable.
   *
   * @param read as they were read
   * @param change gives the changed account, or the same one if there is nothing to change; asked
   *     again for an account that somebody else has written in between
   * @throws StoreUnavailableException while the database cannot be reached; then ask again
   */
  public void change(Collection<Account> read, UnaryOperator<Account> change) {
    read.stream()
        .gather(Gatherers.windowFixed(BATCH_LIMIT))
        .forEach(batch -> changeBatch(batch, change));
  }

  private void changeBatch(Collection<Account> read, UnaryOperator<Account> change) {
    Collection<Account> current = read;
    for (int tries = 1; !current.isEmpty(); tries++) {
      Instant now = clock.instant();
      List<Account> changed = new ArrayList<>(current.size());
      Set<AccountKey> claimed = new HashSet<>();
      for (Account before : current) {
        Account next = change.apply(before);
        if (!next.equals(before)) {
          boolean free = !next.owned();
          next = claimed(next, now);
          changed.add(next);
          if (free && next.owned()) {
            claimed.add(next.key());
          }
        }
      }
      if (changed.isEmpty()) {
        return;
      }
      Set<AccountKey> written;
      List<Account> ours = changed.stream().filter(each -> claimed.contains(each.key())).toList();
      try {
        written = store.update(changed);
      } catch (RuntimeException e) {
        dropOwned(ours);
        throw e;
      }
      startOrDrop(ours, written, leavers);
      List<AccountKey> again =
          changed.stream().map(Account::key).filter(key -> !written.contains(key)).toList();
      if (tries == CHANGE_TRIES && !again.isEmpty()) {
        throw new IllegalStateException(
            "`" + again.getFirst().inLogs() + "` was written by others " + tries + " times over");
      }
      current = store.find(again).values();
    }
  }

  /**
   * Writes the account's next version and hands it on. If somebody else has written in between, the
   * account is looked at again.
   */
  public void advance(Account next) {
    writer.write(
        next,
        new AccountWriter.Answer() {
          @Override
          public void written(boolean applied) {
            if (!applied) {
              // Somebody else's now; unless what stands there is ours, so look again.
              drop(next.key());
            } else if (next.owned()) {
              proceed(next.written());
            } else {
              letGo(next.key());
            }
          }

          @Override
          public void unknown() {
            drop(next.key());
          }
        });
  }

  /** Lets go of an account whose state is unknown; a sweep takes it up again. */
  public void drop(AccountKey key) {
    dropped.add(key);
    letGo(key);
  }

  /** One step of the heartbeat. */
  void beat() {
    if (!stopping) {
      ownership.beat();
    }
  }

  /**
   * One step of the search for work: what this instance dropped, and what is due and owned by
   * nobody.
   */
  void sweep() {
    Optional<String> owner = ownership.owner();
    if (stopping || owner.isEmpty()) {
      return;
    }
    takeUpDropped(owner.get());
    // In another order each time, so that nobody is last for good where there is no room for all.
    List<Queue> queues = new ArrayList<>(store.dueQueues(clock.instant()));
    Collections.shuffle(queues);
    for (Queue queue : queues) {
      fill(queue, owner.get());
    }
  }

  /** One step of the watch over other instances: takes over what the dead ones own. */
  void watch() {
    Optional<String> owner = ownership.owner();
    if (stopping || owner.isEmpty()) {
      return;
    }
    for (String dead : ownership.deadAmong(store.owners())) {
      takeFrom(dead, owner.get());
    }
  }

  /** Lets go of all work, for others to take at once, and gives up the right to own. */
  void stop() {
    stopping = true;
    // What the stages have just found out is written first, or the work would be handed back as if
    // they had not.
    writer.close();
    try {
      // The stages may have taken most of the lease to end.
      ownership.beat();
      Optional<String> owner = ownership.owner();
      if (owner.isPresent()) {
        handBack(owner.get());
        ownership.resign();
      }
    } catch (StoreUnavailableException e) {
      log.warn(
          "Work could not be handed back, and is taken over when the lease ends: {}", e.toString());
    }
  }

  private void handBack(String owner) {
    List<Account> owned = store.ownedBy(owner, FETCH_LIMIT);
    while (!owned.isEmpty()) {
      Instant now = clock.instant();
      store.update(owned.stream().map(account -> account.released(now)).toList());
      owned = store.ownedBy(owner, FETCH_LIMIT);
    }
  }

  /** Fetches what is due in the queue, as far as there is room. */
  private void fill(Queue queue, String owner) {
    // A part of the room is left for those who turn up now.
    int room =
        Math.min(Math.min(inHand.room(queue) * 3 / 4, stageOf(queue).room(queue)), FETCH_LIMIT);
    if (room > 0) {
      List<Account> due = store.due(queue, clock.instant(), room);
      if (due.size() == room) {
        overflowing.add(queue);
      }
      take(due, owner);
    }
  }

  /** Fetches more of what overflows, as soon as there is room and not only at the next sweep. */
  private void refill() {
    if (overflowing.isEmpty() || stopping || !refilling.compareAndSet(false, true)) {
      return;
    }
    Thread.startVirtualThread(
        () -> {
          try {
            Optional<String> owner = ownership.owner();
            for (Queue queue : owner.isPresent() ? List.copyOf(overflowing) : List.<Queue>of()) {
              overflowing.remove(queue);
              fill(queue, owner.orElseThrow());
            }
          } catch (RuntimeException e) {
            log.warn("Work is fetched with the next sweep only: {}", e.toString());
          } finally {
            refilling.set(false);
          }
        });
  }

  /** Whatever happens on the way, what is not taken up now is so by a later step. */
  private void takeUpDropped(String owner) {
    List<AccountKey> keys = dropped.stream().limit(BATCH_LIMIT).toList();
    if (keys.isEmpty()) {
      return;
    }
    keys.forEach(dropped::remove);
    try {
      List<Account> ours =
          store.find(keys).values().stream()
              .filter(account -> account.ownedBy(owner) && !inHand.has(account.key()))
              .toList();
      take(ours, owner).forEach(account -> dropped.add(account.key()));
    } catch (RuntimeException e) {
      dropped.addAll(keys);
      throw e;
    }
  }

  /** Takes what a dead instance had; what there is no room for is anybody's. */
  private void takeFrom(String dead, String owner) {
    List<Account> owned;
    do {
      owned = store.ownedBy(dead, FETCH_LIMIT);
      List<Account> noRoom = take(owned, owner);
      if (!noRoom.isEmpty()) {
        Instant now = clock.instant();
        store.update(noRoom.stream().map(account -> account.released(now)).toList());
      }
    } while (owned.size() == FETCH_LIMIT);
  }

  /**
   * Takes the accounts, as far as there is room.
   *
   * @return those for which there is none
   */
  private List<Account> take(List<Account> accounts, String owner) {
    Instant now = clock.instant();
    List<Account> taken = new ArrayList<>(accounts.size());
    List<Account> noRoom = new ArrayList<>();
    for (Account account : accounts) {
      if (account.work() == null) {
        // Whatever a query says that runs beside a write: there is nothing to take.
        continue;
      }
      if (inHand.reserve(account.key(), Queue.of(account))) {
        taken.add(account.taken(owner, now));
      } else {
        noRoom.add(account);
      }
    }
    if (!taken.isEmpty()) {
      Set<AccountKey> written;
      try {
        written = store.update(taken);
      } catch (RuntimeException e) {
        dropOwned(taken);
        throw e;
      }
      startOrDrop(taken, written, leavers);
    }
    return noRoom;
  }

  /** The account as this instance's, if its work is due, nobody's, and there is room for it. */
  private Account claimed(Account account, Instant now) {
    if (stopping
        || account.work() == null
        || account.owned()
        || account.work().due().isAfter(now)) {
      return account;
    }
    Optional<String> owner = ownership.owner();
    Queue queue = Queue.of(account);
    if (owner.isEmpty()) {
      return account;
    }
    if (!inHand.reserve(account.key(), queue)) {
      overflowing.add(queue);
      return account;
    }
    return account.taken(owner.get(), now);
  }

  /** Starts those that the store has so, and drops the others. */
  private void startOrDrop(List<Account> accounts, Set<AccountKey> written, Leavers whoLeft) {
    List<Account> ours = new ArrayList<>(accounts.size());
    for (Account account : accounts) {
      if (account.owned()) {
        if (written.contains(account.key())) {
          ours.add(account.written());
        } else {
          // It may be ours all the same, and changed by somebody else before it was read back.
          drop(account.key());
        }
      }
    }
    try {
      start(ours, whoLeft);
    } catch (RuntimeException e) {
      dropOwned(ours);
      throw e;
    }
  }

  /**
   * Hands on what this instance has claimed. A person may have left since somebody decided, so that
   * their standing is read once more, after the claim: whoever leaves later finds the account.
   */
  private void start(List<Account> claimed, Leavers whoLeft) {
    Set<PersonKey> people = new HashSet<>();
    for (Account account : claimed) {
      if (mustNotHaveLeft(account)) {
        people.add(account.key().person());
      }
    }
    Map<PersonKey, Standing> left = people.isEmpty() ? Map.of() : whoLeft.among(people);
    Instant now = clock.instant();
    for (Account account : claimed) {
      Standing standing = mustNotHaveLeft(account) ? left.get(account.key().person()) : null;
      if (standing == null) {
        handOn(account);
      } else {
        advance(account.takenInVain(now).left(standing, now));
      }
    }
  }

  private static boolean mustNotHaveLeft(Account account) {
    Task task = account.task().orElseThrow();
    return task.isAttempt() && !task.takesAway();
  }

  private void proceed(Account account) {
    if (mustNotHaveLeft(account)) {
      // On a thread of its own, since the writer's must not wait for a read.
      Thread.startVirtualThread(
          () -> {
            try {
              start(List.of(account), leavers);
            } catch (RuntimeException e) {
              log.warn("`{}` is looked at again: {}", account.key().inLogs(), e.toString());
              drop(account.key());
            }
          });
    } else {
      handOn(account);
    }
  }

  private void handOn(Account account) {
    stageOf(Queue.of(account)).take(account);
  }

  private Stage stageOf(Queue queue) {
    return Objects.requireNonNull(
        queue.equals(Queue.ANNOUNCEMENTS) ? announcing : attempting, "the stages are wired");
  }

  /** Those that may stand in the store as ours all the same are in nobody's hands. */
  private void dropOwned(List<Account> accounts) {
    accounts.stream().filter(Account::owned).forEach(account -> drop(account.key()));
  }

  private void letGo(AccountKey key) {
    if (inHand.release(key)) {
      refill();
    }
  }
}
