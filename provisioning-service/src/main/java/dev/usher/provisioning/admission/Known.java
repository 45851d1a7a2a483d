package dev.usher.provisioning.admission;

import dev.usher.policy.Decisions;
import dev.usher.provisioning.person.Seen;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a person: the decisions that are kept, in 64 bits, and which services'
 * accounts are settled. A sign-in that says nothing else costs no read.
 */
final class Known {

  private static final String[] NONE = {};
  private static final int APPLICATIONS_LIMIT = 16;
  private static final long SECONDS_A_DAY = 86_400;

  private long fingerprint;
  private long[] settled = {};
  private long readAtNanos;
  private boolean stale = true;

  /**
   * The day (UTC, since 1970) whose sign-ins are noted, and the applications signed in to on it.
   */
  private long day;

  private String[] applications = NONE;
  private long repeats;

  /** Takes in what has just been read, or done. */
  synchronized void read(long fingerprintNow, long[] settledNow, long nanos, long longestNanos) {
    if (holds(fingerprintNow, settledNow.length, nanos, longestNanos)) {
      for (int i = 0; i < settled.length; i++) {
        settled[i] |= settledNow[i];
      }
    } else {
      fingerprint = fingerprintNow;
      settled = settledNow.clone();
      readAtNanos = nanos;
      stale = false;
    }
  }

  /** What was read is not what stands there now. */
  synchronized void forget() {
    stale = true;
  }

  /**
   * Whether the same was decided, and every wanted account is settled.
   *
   * @param wanted a bit for each service
   * @param words how many of {@code wanted} count
   */
  synchronized boolean covers(
      long fingerprintNow, long[] wanted, int words, long nanos, long longestNanos) {
    if (!holds(fingerprintNow, words, nanos, longestNanos)) {
      return false;
    }
    for (int i = 0; i < words; i++) {
      if ((wanted[i] & ~settled[i]) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Takes note of a sign-in that says nothing new, which is most: it is covered, and neither the
   * first of its day nor of its application on it. Of all others, notes nothing.
   *
   * @return whether that is so
   */
  synchronized boolean repeated(
      long fingerprintNow,
      long[] wanted,
      int words,
      long nanos,
      long longestNanos,
      Instant at,
      @Nullable String application) {
    boolean same =
        covers(fingerprintNow, wanted, words, nanos, longestNanos)
            && dayOf(at) <= day
            && (application == null || dayOf(at) < day || has(application));
    repeats += same ? 1 : 0;
    return same;
  }

  private boolean holds(long fingerprintNow, int words, long nanos, long longestNanos) {
    return !stale
        && fingerprint == fingerprintNow
        && settled.length == words
        && nanos - readAtNanos <= longestNanos;
  }

  /** Sign-ins until then are in the store already, and to this application, if any. */
  synchronized void noted(Instant until, @Nullable String application) {
    long noted = dayOf(until);
    if (noted > day) {
      day = noted;
      applications = NONE;
    }
    if (noted == day && application != null) {
      add(application);
    }
  }

  /**
   * Takes note of a sign-in.
   *
   * @param repeat whether what it led to is not kept yet
   * @return what is to be written of it and those before; null if it waits for the next day's first
   */
  synchronized @Nullable Seen note(
      Instant at, @Nullable String application, Decisions decisions, boolean repeat) {
    repeats += repeat ? 1 : 0;
    boolean newDay = dayOf(at) > day;
    if (newDay) {
      day = dayOf(at);
      applications = NONE;
    }
    boolean newApplication = application != null && dayOf(at) == day && add(application);
    if (!newDay && !newApplication) {
      return null;
    }
    Map<String, Long> byService = HashMap.newHashMap(decisions.size());
    for (int i = 0; repeats > 0 && i < decisions.size(); i++) {
      byService.put(decisions.get(i).service().id(), repeats);
    }
    repeats = 0;
    return new Seen(application == null ? Map.of() : Map.of(application, at), byService, at);
  }

  /** What was to be written was not: the next sign-in is to try again. */
  synchronized void notWritten(Seen seen) {
    day = 0;
    applications = NONE;
    repeats += seen.repeats().values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  private boolean has(String application) {
    for (String each : applications) {
      if (each.equals(application)) {
        return true;
      }
    }
    return false;
  }

  private boolean add(String application) {
    if (has(application) || applications.length == APPLICATIONS_LIMIT) {
      return false;
    }
    applications = Arrays.copyOf(applications, applications.length + 1);
    applications[applications.length - 1] = application;
    return true;
  }

  private static long dayOf(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), SECONDS_A_DAY);
  }
}
