package dev.usher.provisioning.person;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/**
 * What sign-ins of a person showed that changed no decision. Times are in milliseconds; what is
 * finer is cut off.
 *
 * @param applications when they last signed in to each application, by its name; at most {@value
 *     #APPLICATIONS_LIMIT}. Nothing else bounds how many a person gets, so give those that the
 *     tenant's services list, not whatever a record says
 * @param repeats how often the same decision was made again, by service
 * @param last when they signed in last; each repeated decision was made again by then
 */
public record Seen(Map<String, Instant> applications, Map<String, Long> repeats, Instant last) {

  /** The largest number of applications in one of these. */
  public static final int APPLICATIONS_LIMIT = 100;

  public Seen {
    if (applications.size() > APPLICATIONS_LIMIT) {
      throw new IllegalArgumentException(
          applications.size() + " applications; expected at most " + APPLICATIONS_LIMIT);
    }
    Map<String, Instant> truncated = HashMap.newHashMap(applications.size());
    applications.forEach((name, at) -> truncated.put(name, at.truncatedTo(ChronoUnit.MILLIS)));
    applications = Map.copyOf(truncated);
    repeats = Map.copyOf(repeats);
    last = last.truncatedTo(ChronoUnit.MILLIS);
  }
}
