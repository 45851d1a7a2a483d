package dev.usher.provisioning.account;

import dev.usher.provisioning.store.StoreUnavailableException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the stages meet: opens accounts, writes their transitions, and hands each to the stage that
 * has its next piece of work. What this instance has in hand is bounded for each queue; the rest
 * waits in the store, and {@link #sweep} fetches it when there is room.
 */
public final class AccountDesk {

  /** The largest number of accounts that one call takes. */
  public static final int BATCH_LIMIT = AccountStore.BATCH_LIMIT;

  private static final Logger log = LoggerFactory.getLogger(AccountDesk.class);
  private static final int FETCH_LIMIT = 500;

  private final AccountStore store;
  private final Ownership ownership;
  private final InstantSource clock;
  private final int inHandLimit;
  private final AccountWriter writer;
  private final Map<AccountKey, Queue> inHand = new ConcurrentHashMap<>();
  private final Map<Queue, AtomicInteger> inHandByQueue = new ConcurrentHashMap<>();
  private final AtomicBoolean dropped = new AtomicBoolean();

  private volatile @Nullable Stage attempting;
  private volatile @Nullable Stage announcing;
  private volatile boolean stopping;

  /**
   * @param inHandLimit how many accounts of one queue are in hand at most
   */
  AccountDesk(AccountStore store, Ownership ownership, InstantSource clock, int inHandLimit) {
    this.store = store;
    this.ownership = ownership;
    this.clock = clock;
    this.inHandLimit = inHandLimit;
    this.writer = new AccountWriter(store);
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
   * Which of the accounts exist.
   *
   * @param keys at most {@link #BATCH_LIMIT}
   * @throws StoreUnavailableException while the database cannot be reached; then ask again
   */
  public Set<AccountKey> existing(Collection<AccountKey> keys) {
    return store.find(keys).keySet();
  }

  /**
   * Inserts those accounts that do not exist yet, and starts their work as far as there is room.
   * When this returns, all of them are durable.
   *
   * @param requested each unowned, at most {@link #BATCH_LIMIT}
   * @throws StoreUnavailableException while the database cannot be reached; then ask again
   */
  public void open(List<Account> requested) {
    List<Account> accounts = new ArrayList<>(requested.size());
    Optional<String> owner = stopping ? Optional.empty() : ownership.owner();
    Instant now = clock.instant();
    for (Account account : requested) {
      boolean ours = owner.isPresent() && reserve(account);
      accounts.add(ours ? account.taken(owner.orElseThrow(), now) : account);
    }
    Set<AccountKey> inserted;
    try {
      inserted = store.insert(accounts);
    } catch (RuntimeException e) {
      // Those that were inserted all the same are owned by us and in nobody's hands.
      accounts.stream().filter(AccountDesk::owned).forEach(account -> drop(account.key()));
      throw e;
    }
    for (Account account : accounts) {
      if (owned(account)) {
        if (inserted.contains(account.key())) {
          proceed(account);
        } else {
          drop(account.key());
        }
      }
    }
  }

  /**
   * Writes the account's next version and hands it on. If somebody else has written in between, the
   * account is theirs, and this instance lets go of it.
   */
  public void advance(Account next) {
    writer.write(
        next,
        new AccountWriter.Answer() {
          @Override
          public void written(boolean applied) {
            if (!applied) {
              // Somebody else's now; unless what stands there is ours, late, so look again.
              drop(next.key());
            } else if (owned(next)) {
              proceed(next);
            } else {
              letGo(next.key());
            }
          }

          @Override
          public void unknown(Throwable why) {
            log.warn(
                "`{}` could not be written, and is looked at again: {}",
                next.key().inLogs(),
                why.toString());
            drop(next.key());
          }
        });
  }

  /** Lets go of an account whose state is unknown; a sweep takes it up again. */
  public void drop(AccountKey key) {
    letGo(key);
    dropped.set(true);
  }

  private int inHand(Queue queue) {
    AtomicInteger count = inHandByQueue.get(queue);
    return count == null ? 0 : count.get();
  }

  /** How many accounts are in hand. */
  public int inHand() {
    return inHand.size();
  }

  /** One step of the heartbeat. */
  void beat() {
    if (!stopping) {
      ownership.beat();
    }
  }

  /**
   * One step of the search for work: what this instance dropped, what is due and owned by nobody,
   * and what a dead instance left behind.
   */
  void sweep() {
    Optional<String> owner = ownership.owner();
    if (stopping || owner.isEmpty()) {
      return;
    }
    takeUpDropped(owner.get());
    Instant now = clock.instant();
    for (Queue queue : store.dueQueues(now)) {
      int room = Math.min(room(queue), FETCH_LIMIT);
      if (room > 0) {
        store.due(queue, now, room).forEach(account -> take(account, owner.get()));
      }
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
      store.replace(owned.stream().map(account -> account.released(now)).toList());
      owned = store.ownedBy(owner, FETCH_LIMIT);
    }
  }

  /** Whatever happens on the way, what is not taken up now is so by a later step. */
  private void takeUpDropped(String owner) {
    if (dropped.getAndSet(false)) {
      boolean all = false;
      try {
        all = takeFrom(owner, owner);
      } finally {
        if (!all) {
          dropped.set(true);
        }
      }
    }
  }

  /** Takes what the owner has and nobody here has in hand; false if there may be more of it. */
  private boolean takeFrom(String from, String owner) {
    int limit = inHand.size() + FETCH_LIMIT;
    List<Account> owned = store.ownedBy(from, limit);
    boolean all = owned.size() < limit;
    for (Account account : owned) {
      all &= inHand.containsKey(account.key()) || take(account, owner);
    }
    return all;
  }

  private boolean take(Account account, String owner) {
    if (!reserve(account)) {
      return false;
    }
    advance(account.taken(owner, clock.instant()));
    return true;
  }

  private int room(Queue queue) {
    int free = inHandLimit - inHand(queue);
    return Math.min(free, stageOf(queue).room(queue));
  }

  private Stage stageOf(Queue queue) {
    return Objects.requireNonNull(
        queue.equals(Queue.ANNOUNCEMENTS) ? announcing : attempting, "the stages are wired");
  }

  private void proceed(Account account) {
    stageOf(Queue.of(account)).take(account);
  }

  private boolean reserve(Account account) {
    Queue queue = Queue.of(account);
    if (inHand.putIfAbsent(account.key(), queue) != null) {
      return false;
    }
    AtomicInteger count = inHandByQueue.computeIfAbsent(queue, _ -> new AtomicInteger());
    if (count.incrementAndGet() > inHandLimit) {
      letGo(account.key());
      return false;
    }
    return true;
  }

  private void letGo(AccountKey key) {
    Queue queue = inHand.remove(key);
    if (queue != null) {
      Objects.requireNonNull(inHandByQueue.get(queue)).decrementAndGet();
    }
  }

  private static boolean owned(Account account) {
    return account.work() != null && account.work().owner() != null;
  }
}
