package dev.usher.provisioning.account;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Writes transitions in groups: what comes while one bulk is under way goes with the next, so that
 * a lone transition waits for nobody and a thousand share a round trip. The queue is bounded by the
 * accounts in hand, each of which has at most one transition here.
 */
final class AccountWriter implements AutoCloseable {

  private static final int GROUP = 500;

  private final AccountStore store;
  private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
  private final Thread writer;

  /** Who is told what became of a write, on the writer's thread: it must be quick and not throw. */
  interface Answer {

    /** It was written if the document still had the version before, and only then. */
    void written(boolean applied);

    /** Nobody knows whether it was written. */
    void unknown(RuntimeException why);
  }

  private record Waiting(Account next, Answer answer) {}

  AccountWriter(AccountStore store) {
    this.store = store;
    this.writer = Thread.ofVirtual().name("account-writer").start(this::run);
  }

  /** Writes the next version if the document still has the one before. */
  void write(Account next, Answer answer) {
    queue.add(new Waiting(next, answer));
    if (!writer.isAlive()) {
      fail(new IllegalStateException("the service is stopping"));
    }
  }

  private void run() {
    List<Waiting> group = new ArrayList<>(GROUP);
    try {
      while (true) {
        group.add(queue.take());
        queue.drainTo(group, GROUP - 1);
        writeGroup(group);
        group.clear();
      }
    } catch (InterruptedException _) {
      fail(new IllegalStateException("the service is stopping"));
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
    Set<AccountKey> written;
    try {
      written = store.replace(first.values().stream().map(Waiting::next).toList());
    } catch (RuntimeException e) {
      first.values().forEach(waiting -> waiting.answer.unknown(e));
      return;
    }
    first.forEach((key, waiting) -> waiting.answer.written(written.contains(key)));
  }

  private void fail(RuntimeException why) {
    List<Waiting> rest = new ArrayList<>();
    queue.drainTo(rest);
    rest.forEach(waiting -> waiting.answer.unknown(why));
  }

  @Override
  public void close() {
    writer.interrupt();
    try {
      writer.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
