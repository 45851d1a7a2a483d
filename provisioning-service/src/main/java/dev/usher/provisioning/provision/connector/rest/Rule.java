package dev.usher.provisioning.provision.connector.rest;

import dev.usher.provisioning.provision.connector.Deadline;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an answer means, if it is one of these.
 *
 * @param status the statuses
 * @param among a list in the answer, one of which {@code it} then is; null if it is the body
 * @param when what must hold besides; null for nothing
 * @param is what the answer means then
 * @param parts where what is told of an account is
 * @param expires when an invitation lapses; null if it is none
 * @param after how long the service asks to be left alone; null for what {@code Retry-After} says
 * @param words the service's own; null for none
 * @param keep what the requests after this one are told
 */
record Rule(
    Set<Integer> status,
    @Nullable Expression among,
    @Nullable Expression when,
    Meaning is,
    Map<Part, Expression> parts,
    @Nullable Expression expires,
    @Nullable Expression after,
    @Nullable Expression words,
    Map<String, Expression> keep) {

  /** What is more in an answer of at most a mebibyte, nobody looks through. */
  private static final int MOST_AMONG = 10_000;

  /**
   * What is known where the rule holds, with the {@code it} that it holds of; empty if it does not.
   *
   * @param ofService whether the answer has no body, or JSON
   * @param known of the request and the answer
   * @throws UnclearException if that cannot be said, so that no later rule may be asked either
   */
  Optional<Map<String, Object>> holds(
      int code, boolean ofService, Map<String, Object> known, Deadline deadline)
      throws UnclearException {
    if (!status.contains(code) || (is.isOfService() && !ofService)) {
      return Optional.empty();
    }
    Map<String, Object> of = new HashMap<>(known);
    List<?> candidates =
        among == null ? List.of(known.get(Word.BODY.text())) : among.asList(known, MOST_AMONG);
    for (Object candidate : candidates) {
      if (deadline.passed()) {
        throw new UnclearException("the time was up before it was read");
      }
      of.put(Word.IT.text(), Values.orNull(candidate));
      if (when == null || when.asTruth(of)) {
        return Optional.of(of);
      }
    }
    return Optional.empty();
  }
}
