package dev.usher.events.serialization;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Values by schema id, read without a lock, a box or garbage; a write copies. Holds at most a given
 * number, and forgets all when that is reached: a topic has a handful of schemas, so whoever gets
 * there is not working but attacking.
 */
final class ById<V> {

  /** Values beside their ids, which rise. Never changed once it can be seen. */
  private static final class Snapshot {
    final int[] ids;
    final Object[] values;

    Snapshot(int[] ids, Object[] values) {
      this.ids = ids;
      this.values = values;
    }
  }

  private final int bound;
  private volatile Snapshot snapshot = new Snapshot(new int[0], new Object[0]);

  ById(int bound) {
    this.bound = bound;
  }

  @SuppressWarnings("unchecked") // Only `put` fills the array.
  @Nullable V get(int id) {
    Snapshot now = snapshot;
    int at = Arrays.binarySearch(now.ids, id);
    return at < 0 ? null : (V) now.values[at];
  }

  synchronized void put(int id, V value) {
    Snapshot now = snapshot;
    int at = Arrays.binarySearch(now.ids, id);
    if (at >= 0) {
      return;
    }
    if (now.ids.length >= bound) {
      snapshot = new Snapshot(new int[] {id}, new Object[] {value});
      return;
    }
    int before = -at - 1;
    int[] ids = new int[now.ids.length + 1];
    Object[] values = new Object[ids.length];
    System.arraycopy(now.ids, 0, ids, 0, before);
    System.arraycopy(now.values, 0, values, 0, before);
    ids[before] = id;
    values[before] = value;
    System.arraycopy(now.ids, before, ids, before + 1, now.ids.length - before);
    System.arraycopy(now.values, before, values, before + 1, now.ids.length - before);
    snapshot = new Snapshot(ids, values);
  }

  int size() {
    return snapshot.ids.length;
  }
}
