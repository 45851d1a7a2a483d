package dev.usher.provisioning.account;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes next versions in groups: what comes while one bulk is under way goes with the next, so
 * that a lone one waits for nobody and a thousand share a round trip. What nobody waits for gives
 * way to what somebody does. Bounded by the accounts in hand, each of which has at most one version
 * here.
 */
final class AccountWriter implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AccountWriter.class);
  private static final int GROUP = 500;

  /** So that a bulk is written while the answer to another is awaited. */
  private static final int WRITERS = 2;

  /** What nobody waits for has this share of a group at least, so that it gets its turn. */
  private static final int LAZY_SHARE = GROUP / 5;

  private final AccountStore store;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition some = lock.newCondition();
  private final Queue<Waiting> urgent = new ArrayDeque<>();
  private final Queue<Waiting> lazy = new ArrayDeque<>();
  private final List<Thread> writers = new ArrayList<>(WRITERS);
  private boolean closed;

  /** Who is told what became of a write, on a writer's thread: it must be quick and not throw. */
  interface Answer {

    /** It was written if the document still had the version before, and only then. */
    void written(boolean applied);

    /** Nobody knows whether it was written. */
    void unknown();
  }

  private record Waiting(Account next, Answer answer) {}

  AccountWriter(AccountStore store) {
    this.store = store;
    for (int i = 0; i < WRITERS; i++) {
      writers.add(Thread.ofVirtual().name("account-writer-" + i).start(this::run));
    }
  }

  /** Writes the next version if the document still has the one it stems from. */
  void write(Account next, Answer answer) {
    lock.lock();
    try {
      if (!closed) {
        (next.work() == null ? lazy : urgent).add(new Waiting(next, answer));
        some.signal();
        return;
      }
    } finally {
      lock.unlock();
    }
    // The service is stopping.
    answer.unknown();
  }

  private void run() {
    try {
      List<Waiting> group = nextGroup();
      while (!group.isEmpty()) {
        writeGroup(group);
        group = nextGroup();
      }
    } catch (InterruptedException _) {
      throw new IllegalStateException("nobody interrupts the writers");
    }
  }

  /** What waits; empty once nothing does and nothing will. */
  private List<Waiting> nextGroup() throws InterruptedException {
    lock.lock();
    try {
      while (urgent.isEmpty() && lazy.isEmpty() && !closed) {
        some.await();
      }
      List<Waiting> group = new ArrayList<>();
      move(urgent, group, GROUP - Math.min(lazy.size(), LAZY_SHARE));
      move(lazy, group, GROUP - group.size());
      if (!urgent.isEmpty() || !lazy.isEmpty()) {
        some.signal();
      }
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
