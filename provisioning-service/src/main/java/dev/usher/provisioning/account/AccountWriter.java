package dev.usher.provisioning.account;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes next versions in groups: what comes while one bulk is under way goes with the next, so
 * that a lone one waits for nobody and a thousand share a round trip. What nobody waits for goes
 * along with what somebody does, or after a moment. Bounded by the accounts in hand, each of which
 * has at most one version here.
 */
final class AccountWriter implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AccountWriter.class);
  private static final int GROUP = 500;

  /** What nobody waits for has this share of a group at least, so that it gets its turn. */
  private static final int LAZY_SHARE = GROUP / 5;

  /** So much is worth a second writer. */
  private static final int MANY = GROUP / 2;

  /**
   * A bulk costs as much as several of its writes. They follow each other no faster than that, so
   * that each has what came meanwhile; what comes alone waits for nothing.
   */
  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** With so many accounts in hand, it is the service or the processors that they wait for. */
  private static final int RUSH = 500;

  private static final long RUSH_PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** So long what nobody waits for waits for others, unless there is a share of it. */
  private static final long LAZY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final AccountStore store;
  private final IntSupplier inHand;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition some = lock.newCondition();
  private final Condition many = lock.newCondition();
  private final Queue<Waiting> urgent = new ArrayDeque<>();
  private final Queue<Waiting> lazy = new ArrayDeque<>();
  private final List<Thread> writers = new ArrayList<>();
  private long lazySinceNanos;
  private long groupSinceNanos;
  private boolean closed;

  /** Who is told what became of a write, on a writer's thread: it must be quick and not throw. */
  interface Answer {

    /** It was written if the document still had the version before, and only then. */
    void written(boolean applied);

    /** Nobody knows whether it was written. */
    void unknown();
  }

  private record Waiting(Account next, Answer answer) {}

  /**
   * @param inHand how many accounts this instance works on
   */
  AccountWriter(AccountStore store, IntSupplier inHand, LongSupplier nanoTime) {
    this.store = store;
    this.inHand = inHand;
    this.nanoTime = nanoTime;
    this.groupSinceNanos = nanoTime.getAsLong() - RUSH_PACE_NANOS;
    // No virtual ones, whose every wait for the database is a detour.
    writers.add(Thread.ofPlatform().daemon().name("account-writer").start(this::write));
    writers.add(Thread.ofPlatform().daemon().name("account-writer-helper").start(this::help));
  }

  /** Writes the next version if the document still has the one it stems from. */
  void write(Account next, Answer answer) {
    lock.lock();
    try {
      if (!closed) {
        add(new Waiting(next, answer));
        return;
      }
    } finally {
      lock.unlock();
    }
    // The service is stopping.
    answer.unknown();
  }

  private void add(Waiting waiting) {
    if (waiting.next.work() != null) {
      urgent.add(waiting);
      some.signal();
    } else {
      lazy.add(waiting);
      if (lazy.size() == 1) {
        lazySinceNanos = nanoTime.getAsLong();
      }
      if (lazy.size() == 1 || lazy.size() == LAZY_SHARE) {
        some.signal();
      }
    }
    if (waiting() >= MANY) {
      many.signal();
    }
  }

  private int waiting() {
    return urgent.size() + lazy.size();
  }

  private void write() {
    writeAll(
        () -> {
          long pace = inHand.getAsInt() < RUSH ? PACE_NANOS : RUSH_PACE_NANOS;
          long early = groupSinceNanos + pace - nanoTime.getAsLong();
          while (!closed && early > 0 && waiting() < MANY) {
            early = many.awaitNanos(early);
          }
          while (!closed && urgent.isEmpty() && lazy.size() < LAZY_SHARE) {
            long left = lazySinceNanos + LAZY_NANOS - nanoTime.getAsLong();
            if (lazy.isEmpty()) {
              some.await();
            } else if (left <= 0 || some.awaitNanos(left) <= 0) {
              return;
            }
          }
        });
  }

  /** Where there is much, a bulk is written while the answer to another is awaited. */
  private void help() {
    writeAll(
        () -> {
          while (!closed && waiting() < MANY) {
            many.await();
          }
        });
  }

  /** Waits, under the lock, until a group is worth writing, or nothing more comes. */
  private interface Wait {
    void await() throws InterruptedException;
  }

  private void writeAll(Wait wait) {
    try {
      List<Waiting> group = nextGroup(wait);
      while (!group.isEmpty()) {
        writeGroup(group);
        group = nextGroup(wait);
      }
    } catch (InterruptedException _) {
      throw new IllegalStateException("nobody interrupts the writers");
    }
  }

  /** What waits; empty once nothing does and nothing will. */
  private List<Waiting> nextGroup(Wait wait) throws InterruptedException {
    lock.lock();
    try {
      List<Waiting> group = new ArrayList<>();
      do {
        wait.await();
        move(urgent, group, GROUP - Math.min(lazy.size(), LAZY_SHARE));
        move(lazy, group, GROUP - group.size());
        groupSinceNanos = nanoTime.getAsLong();
        // The other writer may have been quicker.
      } while (group.isEmpty() && !closed);
      return group;
    } finally {
      lock.unlock();
    }
  }

  private static void move(Queue<Waiting> from, List<Waiting> to, int limit) {
    for (int i = 0; i < limit && !from.isEmpty(); i++) {
      to.add(from.remove());
    }
  }

  private void writeGroup(List<Waiting> group) {
    // Two versions of one account cannot share a bulk: whoever comes second has lost.
    Map<AccountKey, Waiting> first = LinkedHashMap.newLinkedHashMap(group.size());
    for (Waiting waiting : group) {
      if (first.putIfAbsent(waiting.next.key(), waiting) != null) {
        waiting.answer.written(false);
      }
    }
    Set<AccountKey> written;
    try {
      written = store.update(first.values().stream().map(Waiting::next).toList());
    } catch (RuntimeException | Error e) {
      // Also of an error: the others' writes must not wait for a thread that is gone.
      log.warn(
          "{} accounts could not be written, and are looked at again: {}",
          first.size(),
          e.toString());
      first.values().forEach(waiting -> waiting.answer.unknown());
      return;
    }
    first.forEach((key, waiting) -> waiting.answer.written(written.contains(key)));
  }

  /** Writes what waits, and takes no more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      some.signalAll();
      many.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      for (Thread writer : writers) {
        writer.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
