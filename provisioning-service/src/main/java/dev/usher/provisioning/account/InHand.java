package dev.usher.provisioning.account;

import java.util.HashMap;
import java.util.Map;

/**
 * The accounts that this instance works on, bounded for each queue and in all, so that neither a
 * service that is down nor a rush takes all memory.
 */
final class InHand {

  private final int queueLimit;
  private final int totalLimit;
  private final Map<AccountKey, Queue> queues = new HashMap<>();
  private final Map<Queue, Integer> counts = new HashMap<>();

  InHand(int queueLimit, int totalLimit) {
    this.queueLimit = queueLimit;
    this.totalLimit = totalLimit;
  }

  /** Takes the account in hand; false if it is already, or there is no room. */
  synchronized boolean reserve(AccountKey key, Queue queue) {
    if (queues.containsKey(key) || room(queue) <= 0) {
      return false;
    }
    queues.put(key, queue);
    counts.merge(queue, 1, Integer::sum);
    return true;
  }

  /** Lets the account go; says whether that left the queue at most half full. */
  synchronized boolean release(AccountKey key) {
    Queue queue = queues.remove(key);
    if (queue == null) {
      return false;
    }
    Integer left =
        counts.merge(queue, -1, (before, change) -> before == 1 ? null : before + change);
    return left == null || left <= queueLimit / 2;
  }

  synchronized boolean has(AccountKey key) {
    return queues.containsKey(key);
  }

  synchronized int size() {
    return queues.size();
  }

  /** How many more of the queue there is room for. */
  synchronized int room(Queue queue) {
    return Math.min(queueLimit - counts.getOrDefault(queue, 0), totalLimit - queues.size());
  }
}
