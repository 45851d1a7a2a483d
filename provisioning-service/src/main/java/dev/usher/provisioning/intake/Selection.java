package dev.usher.provisioning.intake;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are to be replayed.
 *
 * @param topics the topics they came from; empty for all that the service reads
 * @param reasons why they are dead letters; empty for any
 * @param issuer who they are from, by {@code iss}; null for anybody, even where that is not read
 * @param partition of the dead-letter topic; null for all
 * @param from the first offset in the dead-letter topic
 * @param to the last offset in the dead-letter topic
 * @param since when they became dead letters, at the earliest; null if it does not matter
 * @param until when they became dead letters, at the latest; null if it does not matter
 * @param limit how many at most, over all topics
 * @param dryRun whether it is only said what would be done
 * @param again whether those are replayed that were replayed before
 */
record Selection(
    Set<String> topics,
    Set<String> reasons,
    @Nullable String issuer,
    @Nullable Integer partition,
    long from,
    long to,
    @Nullable Instant since,
    @Nullable Instant until,
    long limit,
    boolean dryRun,
    boolean again) {

  static final long DEFAULT_LIMIT = 1_000;

  Selection {
    topics = Set.copyOf(topics);
    reasons = Set.copyOf(reasons);
  }

  /** Whether what can be told without reading the event says that the dead letter is meant. */
  boolean means(ConsumerRecord<?, ?> letter, String reason) {
    Instant at = Instant.ofEpochMilli(letter.timestamp());
    return (partition == null || partition == letter.partition())
        && letter.offset() >= from
        && letter.offset() <= to
        && (reasons.isEmpty() || reasons.contains(reason))
        && (since == null || !at.isBefore(since))
        && (until == null || !at.isAfter(until));
  }

  /**
   * Reads what was asked for.
   *
   * @throws IllegalArgumentException if it is not understood; says what would be right
   */
  static Selection of(List<String> arguments) {
    return new Asked(arguments).selection();
  }

  /** The arguments, one option after the other. */
  private static final class Asked {
    private final List<String> rest;
    private final Set<String> topics = new LinkedHashSet<>();
    private final Set<String> reasons = new LinkedHashSet<>();
    private @Nullable String issuer;
    private @Nullable Integer partition;
    private long from;
    private long to = Long.MAX_VALUE;
    private @Nullable Instant since;
    private @Nullable Instant until;
    private long limit = DEFAULT_LIMIT;
    private boolean dryRun;
    private boolean again;

    Asked(Collection<String> arguments) {
      rest = new ArrayList<>(arguments);
    }

    Selection selection() {
      while (!rest.isEmpty()) {
        take(rest.removeFirst());
      }
      return new Selection(
          topics, reasons, issuer, partition, from, to, since, until, limit, dryRun, again);
    }

    private void take(String option) {
      switch (option) {
        case "--topic" -> topics.add(value(option));
        case "--reason" -> reasons.add(value(option));
        case "--issuer" -> issuer = value(option);
        case "--partition" -> partition = Math.toIntExact(number(option, value(option), 0));
        case "--offsets" -> offsets(value(option));
        case "--since" -> since = time(option, value(option));
        case "--until" -> until = time(option, value(option));
        case "--limit" -> limit = number(option, value(option), 1);
        case "--dry-run" -> dryRun = true;
        case "--again" -> again = true;
        default -> throw new IllegalArgumentException("`" + option + "` is no option");
      }
    }

    private String value(String option) {
      if (rest.isEmpty() || rest.getFirst().startsWith("--")) {
        throw new IllegalArgumentException("`" + option + "` has no value");
      }
      return rest.removeFirst();
    }

    private void offsets(String range) {
      int dash = range.indexOf('-');
      from = number("--offsets", dash < 0 ? range : range.substring(0, dash), 0);
      to = dash < 0 ? from : number("--offsets", range.substring(dash + 1), from);
    }

    private static long number(String option, String text, long least) {
      try {
        long number = Long.parseLong(text);
        if (number >= least && (number <= Integer.MAX_VALUE || !option.equals("--partition"))) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw new IllegalArgumentException(
          "`" + option + "` is `" + text + "`; expected a number from " + least + " on");
    }

    private static Instant time(String option, String text) {
      try {
        return Instant.parse(text);
      } catch (DateTimeException e) {
        throw new IllegalArgumentException(
            "`" + option + "` is `" + text + "`; expected a time such as `2026-03-02T08:00:00Z`",
            e);
      }
    }
  }
}
