package dev.usher.provisioning.admission;

import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.person.PersonStore;
import dev.usher.provisioning.person.Seen;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When people were last seen, on its way to the store: gathered in memory and written in bulk, off
 * the path of commits. What a crash loses is noted again by the next day's first sign-in.
 */
final class LastSeen {

  private final PersonStore store;
  private final int limit;
  private final Map<PersonKey, Seen> waiting = new ConcurrentHashMap<>();

  LastSeen(PersonStore store, int limit) {
    this.store = store;
    this.limit = limit;
  }

  /** Notes it; false if too much waits to be written. */
  boolean note(PersonKey person, Seen seen) {
    if (waiting.size() >= limit) {
      return false;
    }
    waiting.merge(person, seen, LastSeen::both);
    return true;
  }

  /**
   * Writes what waits.
   *
   * @throws dev.usher.provisioning.store.StoreUnavailableException while the database cannot be
   *     reached; then what was to be written waits on
   */
  void flush() {
    for (int left = waiting.size(); left > 0; left -= PersonStore.BATCH_LIMIT) {
      List<PersonKey> next = waiting.keySet().stream().limit(PersonStore.BATCH_LIMIT).toList();
      Map<PersonKey, Seen> batch = HashMap.newHashMap(next.size());
      for (PersonKey person : next) {
        Seen seen = waiting.remove(person);
        if (seen != null) {
          batch.put(person, seen);
        }
      }
      if (batch.isEmpty()) {
        return;
      }
      try {
        store.seen(batch);
      } catch (RuntimeException e) {
        batch.forEach((person, seen) -> waiting.merge(person, seen, LastSeen::both));
        throw e;
      }
    }
  }

  private static Seen both(Seen one, Seen other) {
    Map<String, Instant> applications = new HashMap<>(one.applications());
    other
        .applications()
        .forEach(
            (name, at) -> {
              if (applications.size() < Seen.APPLICATIONS_LIMIT || applications.containsKey(name)) {
                applications.merge(name, at, LastSeen::later);
              }
            });
    Map<String, Long> repeats = new HashMap<>(one.repeats());
    other.repeats().forEach((service, count) -> repeats.merge(service, count, Long::sum));
    return new Seen(applications, repeats, later(one.last(), other.last()));
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
