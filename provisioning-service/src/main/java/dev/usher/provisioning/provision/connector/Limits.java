package dev.usher.provisioning.provision.connector;

import dev.usher.policy.Connector;
import dev.usher.policy.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How hard a service may be worked, as its tenant's file says, or else what is known of its kind.
 *
 * @param concurrency how many attempts may be under way at once in this instance
 * @param rate how many attempts may begin in a time; null for no limit
 * @param burst how many of them may begin at once; 1 for an even pace. Says nothing without a rate
 * @param quota how many attempts may begin in a day, whatever the rate; null for no limit
 * @param shared whether the service counts rate and quota over all that its tenant does there, and
 *     so over all instances, rather than for each connection
 * @param timeout how long one attempt may take
 */
public record Limits(
    int concurrency,
    @Nullable Rate rate,
    int burst,
    @Nullable Rate quota,
    boolean shared,
    Duration timeout) {

  private static final String CONCURRENCY = "concurrency";
  private static final String RATE_LIMIT = "rate-limit";
  private static final String BURST = "burst";
  private static final String QUOTA = "quota";
  private static final String SHARED = "limits-shared";
  private static final String TIMEOUT = "timeout";

  /** The settings, by their names. */
  public static final List<String> SETTINGS =
      List.of(CONCURRENCY, RATE_LIMIT, BURST, QUOTA, SHARED, TIMEOUT);

  private static final int DEFAULT_CONCURRENCY = 20;
  private static final int MOST_AT_ONCE = 10_000;
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(10);
  private static final Pattern RATE = Pattern.compile("([1-9][0-9]{0,6})/(s|min|h)");
  private static final Pattern PER_DAY = Pattern.compile("([1-9][0-9]{0,8})/day");
  private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,6})(ms|s)");

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
    for (String setting : SETTINGS) {
      Object value = connector.settings().get(setting);
      if (value != null && !isGood(setting, value)) {
        problems.add(
            connector.problem(
                setting,
                "`%s` is no `%s`; expected %s".formatted(value, setting, expected(setting))));
      }
    }
    return problems;
  }

  private static boolean isGood(String setting, Object value) {
    return switch (setting) {
      case RATE_LIMIT -> RATE.matcher(value.toString()).matches();
      case QUOTA -> PER_DAY.matcher(value.toString()).matches();
      case TIMEOUT -> isTimeout(value.toString());
      case SHARED -> value instanceof Boolean;
      default -> value instanceof Long count && count >= 1 && count <= MOST_AT_ONCE;
    };
  }

  private static String expected(String setting) {
    return switch (setting) {
      case RATE_LIMIT -> "such as `180/min`, of `s`, `min` or `h`";
      case QUOTA -> "such as `10000/day`";
      case TIMEOUT -> "such as `500ms` or `5s`, at most `10s`";
      case SHARED -> "`true` or `false`";
      default -> "a number from 1 to " + MOST_AT_ONCE;
    };
  }

  /**
   * The limits of settings without problems.
   *
   * @param layers the settings that count first come first
   */
  public static Limits of(Connector... layers) {
    Object concurrency = first(CONCURRENCY, layers);
    Object rate = first(RATE_LIMIT, layers);
    Object burst = first(BURST, layers);
    Object quota = first(QUOTA, layers);
    Object timeout = first(TIMEOUT, layers);
    return new Limits(
        concurrency == null ? DEFAULT_CONCURRENCY : ((Long) concurrency).intValue(),
        rate == null ? null : rate(rate.toString()),
        burst == null ? 1 : ((Long) burst).intValue(),
        quota == null ? null : perDay(quota.toString()),
        Boolean.TRUE.equals(first(SHARED, layers)),
        timeout == null ? DEFAULT_TIMEOUT : time(timeout.toString()));
  }

  private static @Nullable Object first(String setting, Connector... layers) {
    return Arrays.stream(layers)
        .map(layer -> layer.settings().get(setting))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static Rate rate(String text) {
    Matcher matcher = matched(RATE, text);
    Duration per =
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(1);
          case "min" -> Duration.ofMinutes(1);
          default -> Duration.ofHours(1);
        };
    return new Rate(Integer.parseInt(matcher.group(1)), per);
  }

  private static Rate perDay(String text) {
    return new Rate(Integer.parseInt(matched(PER_DAY, text).group(1)), Duration.ofDays(1));
  }

  private static boolean isTimeout(String text) {
    return TIME.matcher(text).matches() && time(text).compareTo(LONGEST_TIMEOUT) <= 0;
  }

  private static Duration time(String text) {
    Matcher matcher = matched(TIME, text);
    long count = Long.parseLong(matcher.group(1));
    return matcher.group(2).equals("s") ? Duration.ofSeconds(count) : Duration.ofMillis(count);
  }

  private static Matcher matched(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("`" + text + "` is no limit");
    }
    return matcher;
  }
}
