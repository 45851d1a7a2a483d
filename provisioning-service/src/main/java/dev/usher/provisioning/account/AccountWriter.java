package dev.usher.provisioning.account;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Writes transitions in groups: what comes while one bulk is under way goes with the next, so that
 * a lone transition waits for nobody and a thousand share a round trip. The queue is bounded by the
 * accounts in hand, each of which has at most one transition here.
 */
final class AccountWriter implements AutoCloseable {

  private static final int GROUP = 500;

  private final AccountStore store;
  private final LinkedBlockingQueue<Item> queue = new LinkedBlockingQueue<>();
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Thread writer;
  private boolean closed;

  /** Who is told what became of a write, on the writer's thread: it must be quick and not throw. */
  interface Answer {

    /** It was written if the document still had the version before, and only then. */
    void written(boolean applied);

    /** Nobody knows whether it was written. */
    void unknown(Throwable why);
  }

  private sealed interface Item {}

  private record Waiting(Account next, Answer answer) implements Item {}

  /** The last of the queue. */
  private record Stop() implements Item {}

  AccountWriter(AccountStore store) {
    this.store = store;
    this.writer = Thread.ofVirtual().name("account-writer").start(this::run);
  }

  /** Writes the next version if the document still has the one before. */
  void write(Account next, Answer answer) {
    lock.readLock().lock();
    try {
      if (closed) {
        answer.unknown(new IllegalStateException("the service is stopping"));
      } else {
        queue.add(new Waiting(next, answer));
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  private void run() {
    boolean stopping = false;
    List<Item> group = new ArrayList<>(GROUP);
    try {
      while (!(stopping && queue.isEmpty())) {
        group.add(queue.take());
        queue.drainTo(group, GROUP - 1);
        stopping |= group.removeIf(Stop.class::isInstance);
        writeGroup(group.stream().map(Waiting.class::cast).toList());
        group.clear();
      }
    } catch (InterruptedException _) {
      throw new IllegalStateException("nobody interrupts the writer");
    }
  }

  private void writeGroup(List<Waiting> group) {
    // Two versions of one account cannot share a bulk: whoever comes second waits its turn.
    Map<AccountKey, Waiting> first = LinkedHashMap.newLinkedHashMap(group.size());
    for (Waiting waiting : group) {
      if (first.putIfAbsent(waiting.next.key(), waiting) != null) {
        queue.add(waiting);
      }
    }
    if (first.isEmpty()) {
      return;
    }
    Set<AccountKey> written;
    try {
      written = store.replace(first.values().stream().map(Waiting::next).toList());
    } catch (RuntimeException | Error e) {
      // Also of an error: the others' writes must not wait for a thread that is gone.
      first.values().forEach(waiting -> waiting.answer.unknown(e));
      return;
    }
    first.forEach((key, waiting) -> waiting.answer.written(written.contains(key)));
  }

  /** Writes what waits, and takes no more. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      closed = true;
      queue.add(new Stop());
    } finally {
      lock.writeLock().unlock();
    }
    try {
      writer.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
