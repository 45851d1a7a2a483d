package dev.usher.provisioning.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.usher.provisioning.person.PersonKey;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The people who signed in lately, so that a repeat needs no database. Bounded, and forgetful: what
 * it has forgotten costs a read, never a wrong answer.
 */
final class KnownPeople {

  /** A generation that nobody has: what was read is not to be remembered. */
  static final long NEVER = -1;

  private static final int STRIPES = 1_024;

  private final Cache<PersonKey, Known> people;

  /** How often somebody of each stripe was forgotten, so that an earlier read is not remembered. */
  private final AtomicLongArray forgotten = new AtomicLongArray(STRIPES);

  private final long longestNanos;

  /**
   * @param limit how many people are remembered
   * @param longest for how long what was read of them is
   */
  KnownPeople(long limit, Duration longest) {
    longestNanos = longest.toNanos();
    people = Caffeine.newBuilder().maximumSize(limit).build();
  }

  /**
   * Takes note of a sign-in that says nothing new; of all others, notes nothing.
   *
   * @return whether that is so
   */
  boolean repeated(
      PersonKey person,
      long fingerprint,
      long[] wanted,
      int words,
      long nanos,
      Instant at,
      @Nullable String application) {
    Known known = people.getIfPresent(person);
    return known != null
        && known.repeated(fingerprint, wanted, words, nanos, longestNanos, at, application);
  }

  /** What is remembered of the person, if that is all there is to know for a sign-in. */
  @Nullable Known covering(
      PersonKey person, long fingerprint, long[] wanted, int words, long nanos) {
    Known known = people.getIfPresent(person);
    return known != null && known.covers(fingerprint, wanted, words, nanos, longestNanos)
        ? known
        : null;
  }

  /** To be asked before a read, for {@link #remember}. */
  long generation(PersonKey person) {
    return forgotten.get(stripe(person));
  }

  /**
   * Remembers what was read, unless the person was forgotten since the read began.
   *
   * @param generation as it was before the read
   */
  Known remember(PersonKey person, long generation, long fingerprint, long[] settled, long nanos) {
    Known known = people.get(person, _ -> new Known());
    // Whoever forgets counts first and then waits for this monitor.
    synchronized (known) {
      if (generation(person) == generation) {
        known.read(fingerprint, settled, nanos, longestNanos);
      }
    }
    return known;
  }

  /** From now on the person is read again. */
  void forget(PersonKey person) {
    forgotten.incrementAndGet(stripe(person));
    Known known = people.getIfPresent(person);
    if (known != null) {
      known.forget();
    }
  }

  /** From now on everybody is read again. */
  void forgetAll() {
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      forgotten.incrementAndGet(stripe);
    }
    people.asMap().values().forEach(Known::forget);
  }

  private static int stripe(PersonKey person) {
    int hash = person.hashCode();
    return (hash ^ (hash >>> 16)) & (STRIPES - 1);
  }
}
