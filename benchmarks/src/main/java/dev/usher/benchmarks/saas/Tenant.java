package dev.usher.benchmarks.saas;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** One customer's part of the SaaS: its accounts, and what was asked of it. */
final class Tenant {

  private final Map<String, String> idsByUserName = new ConcurrentHashMap<>();
  private final Map<String, Long> answerMicros = new ConcurrentHashMap<>();
  private final LongAdder requests = new LongAdder();
  private final LongAdder conflicts = new LongAdder();
  private volatile Duration latency = Duration.ZERO;
  private volatile boolean down;

  /** Forgets all, and from now on answers after that long, or with 503. */
  void reset(Duration answersAfter, boolean fails) {
    idsByUserName.clear();
    answerMicros.clear();
    requests.reset();
    conflicts.reset();
    latency = answersAfter;
    down = fails;
  }

  Duration latency() {
    return latency;
  }

  boolean isDown() {
    return down;
  }

  void asked() {
    requests.increment();
  }

  /** Creates the account; false if there is one of that name. */
  boolean create(String userName, String id) {
    boolean created = idsByUserName.putIfAbsent(userName, id) == null;
    if (!created) {
      conflicts.increment();
    }
    return created;
  }

  /** Notes how long the answer to a create took, from the request's head to the answer's end. */
  void answered(String userName, long micros) {
    answerMicros.put(userName, micros);
  }

  String counts() {
    return "{\"accounts\":%d,\"requests\":%d,\"conflicts\":%d}"
        .formatted(idsByUserName.size(), requests.sum(), conflicts.sum());
  }

  /** A line for each account: its name and how many microseconds its creation took here. */
  String times() {
    StringBuilder lines = new StringBuilder();
    answerMicros.forEach(
        (userName, micros) -> lines.append(userName).append(' ').append(micros).append('\n'));
    return lines.toString();
  }
}
