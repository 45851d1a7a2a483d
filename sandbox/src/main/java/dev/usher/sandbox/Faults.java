package dev.usher.sandbox;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Which fault befalls which request of one SaaS, switchable at any time. One that was asked for
 * {@link #next} goes before one by {@link #atRate rate}, and that before the one that is {@link
 * #always} there; a delay that is always there comes on top of any other. The draws follow from the
 * seed and the order of the requests. Safe for use by several threads.
 */
public final class Faults {

  private static final int MOST_WAITING = 100_000;

  private final Deque<Fault> next = new ArrayDeque<>();
  private final Map<String, Long> befallen = new TreeMap<>();
  private Optional<Fault> always = Optional.empty();
  private List<Fault> some = List.of();
  private double rate;
  private SplittableRandom random = new SplittableRandom(0);

  /** With nothing that goes wrong yet; for servers that are no SCIM, too. */
  public Faults() {}

  /** Every request meets this fault, until {@link #none} or another call of this method. */
  public synchronized void always(Fault fault) {
    always = Optional.of(fault);
  }

  /**
   * A share of the requests meets one of these faults, each as likely as the others.
   *
   * @param share from 0 to 1
   * @param seed the same seed, faults and order of requests make the same draws
   */
  public synchronized void atRate(double share, long seed, List<Fault> faults) {
    if (!(share >= 0 && share <= 1) || faults.isEmpty()) {
      throw new IllegalArgumentException(
          "a share of `%s` of `%s`; the share should be from 0 to 1, of at least one fault"
              .formatted(share, faults));
    }
    rate = share;
    random = new SplittableRandom(seed);
    some = List.copyOf(faults);
  }

  /**
   * The next requests that these can befall meet them, one each, in this order; at most 100,000.
   */
  public synchronized void next(Fault... faults) {
    if (next.size() + faults.length > MOST_WAITING) {
      throw new IllegalArgumentException(
          "more than %d faults wait for requests; use atRate".formatted(MOST_WAITING));
    }
    next.addAll(List.of(faults));
  }

  /** From here on all is well. Requests that hang already stay so. */
  public synchronized void none() {
    next.clear();
    always = Optional.empty();
    some = List.of();
    rate = 0;
  }

  /** How many requests met which kind of fault, by its record's name, since the start. */
  public synchronized Map<String, Long> befallen() {
    return Map.copyOf(befallen);
  }

  /**
   * What befalls one request.
   *
   * @param delay before the request is handled
   * @param fault what happens then; never a {@link Fault.Delay}
   */
  public record Draw(Duration delay, Optional<Fault> fault) {}

  /** What befalls the next request, of this method. */
  public synchronized Draw draw(String method) {
    Optional<Fault> chosen =
        takeNext(method)
            .or(() -> drawSome(method))
            .or(() -> always.filter(fault -> fault.befalls(method)));
    chosen.ifPresent(fault -> befallen.merge(fault.getClass().getSimpleName(), 1L, Long::sum));
    Duration delay = delayOf(chosen);
    if (!chosen.equals(always)) {
      delay = delay.plus(delayOf(always));
    }
    return new Draw(delay, chosen.filter(fault -> !(fault instanceof Fault.Delay)));
  }

  private Optional<Fault> takeNext(String method) {
    for (Iterator<Fault> waiting = next.iterator(); waiting.hasNext(); ) {
      Fault fault = waiting.next();
      if (fault.befalls(method)) {
        waiting.remove();
        return Optional.of(fault);
      }
    }
    return Optional.empty();
  }

  private Optional<Fault> drawSome(String method) {
    if (some.isEmpty() || random.nextDouble() >= rate) {
      return Optional.empty();
    }
    Collection<Fault> possible = some.stream().filter(fault -> fault.befalls(method)).toList();
    return possible.isEmpty()
        ? Optional.empty()
        : possible.stream().skip(random.nextInt(possible.size())).findFirst();
  }

  private Duration delayOf(Optional<Fault> fault) {
    if (fault.isEmpty() || !(fault.get() instanceof Fault.Delay(Duration least, Duration most))) {
      return Duration.ZERO;
    }
    long spread = most.minus(least).toNanos();
    return spread == 0 ? least : least.plusNanos(random.nextLong(spread + 1));
  }
}
