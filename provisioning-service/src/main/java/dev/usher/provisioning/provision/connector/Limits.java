package dev.usher.provisioning.provision.connector;

import dev.usher.policy.Connector;
import dev.usher.policy.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How hard a service may be worked, as its tenant's file says.
 *
 * @param concurrency how many attempts may be under way at once in this instance
 * @param rate how many attempts may begin in a time; null for no limit
 * @param timeout how long one attempt may take
 */
public record Limits(int concurrency, @Nullable Rate rate, Duration timeout) {

  /** The settings, by their names. */
  public static final List<String> SETTINGS = List.of("concurrency", "rate-limit", "timeout");

  private static final int DEFAULT_CONCURRENCY = 20;
  private static final int MOST_CONCURRENCY = 10_000;
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
  private static final Pattern RATE = Pattern.compile("([1-9][0-9]{0,6})/(s|min|h)");
  private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,6})(ms|s)");
  private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(10);

  /**
   * A number in a time.
   *
   * @param count at least 1
   * @param per the time
   */
  public record Rate(int count, Duration per) {}

  /** All that is wrong with these settings. */
  public static List<Problem> problems(Connector connector) {
    List<Problem> problems = new ArrayList<>();
    Object concurrency = connector.settings().get("concurrency");
    if (concurrency != null
        && !(concurrency instanceof Long count && count >= 1 && count <= MOST_CONCURRENCY)) {
      problems.add(
          connector.problem(
              "concurrency",
              "`%s` is no concurrency; expected a number from 1 to %d"
                  .formatted(concurrency, MOST_CONCURRENCY)));
    }
    Object rate = connector.settings().get("rate-limit");
    if (rate != null && !RATE.matcher(rate.toString()).matches()) {
      problems.add(
          connector.problem(
              "rate-limit", "`%s` is no rate; expected such as `180/min`".formatted(rate)));
    }
    Object timeout = connector.settings().get("timeout");
    if (timeout != null && !isTimeout(timeout.toString())) {
      problems.add(
          connector.problem(
              "timeout",
              "`%s` is no timeout; expected such as `500ms` or `5s`, at most `10s`"
                  .formatted(timeout)));
    }
    return problems;
  }

  /** The limits of settings without problems. */
  public static Limits of(Connector connector) {
    Object concurrency = connector.settings().get("concurrency");
    Object rate = connector.settings().get("rate-limit");
    Object timeout = connector.settings().get("timeout");
    return new Limits(
        concurrency == null ? DEFAULT_CONCURRENCY : ((Long) concurrency).intValue(),
        rate == null ? null : rate(rate.toString()),
        timeout == null ? DEFAULT_TIMEOUT : time(timeout.toString()));
  }

  private static Rate rate(String text) {
    Matcher matcher = RATE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("`" + text + "` is no rate");
    }
    Duration per =
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(1);
          case "min" -> Duration.ofMinutes(1);
          default -> Duration.ofHours(1);
        };
    return new Rate(Integer.parseInt(matcher.group(1)), per);
  }

  private static boolean isTimeout(String text) {
    return TIME.matcher(text).matches() && time(text).compareTo(LONGEST_TIMEOUT) <= 0;
  }

  private static Duration time(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("`" + text + "` is no timeout");
    }
    long count = Long.parseLong(matcher.group(1));
    return matcher.group(2).equals("s") ? Duration.ofSeconds(count) : Duration.ofMillis(count);
  }
}
