package dev.usher.provisioning.provision.connector.rest;

import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.http.Answer;
import dev.usher.provisioning.provision.connector.http.Answer.Received;
import dev.usher.provisioning.provision.connector.http.Http;
import dev.usher.provisioning.provision.connector.http.Request;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The requests of one task, one after the other until an answer ends it. */
final class Course {

  private static final int MOST_PAGES = 100;

  private final Http http;
  private final URI base;
  private final Recipe recipe;
  private final Deadline deadline;
  private final Map<String, Object> known;
  private final Map<String, Object> kept = new HashMap<>();

  /** Whether a request that writes has been answered, and another follows. */
  private boolean hasWritten;

  /** How a course ends. */
  sealed interface End {

    /**
     * Whether something may be done, or half done, without an answer that says so. Of an answer
     * that is understood: whether anything was written before it was asked for.
     */
    boolean inDoubt();

    /** An answer is understood, and ends it. */
    record Understood(Rule rule, Received answer, Map<String, Object> known, boolean inDoubt)
        implements End {}

    /** No rule holds, or an expression gives nothing. */
    record NotUnderstood(String why, Received answer, boolean inDoubt) implements End {}

    /** A request cannot be put together from what is known of the account. */
    record CannotBeSaid(String why, boolean inDoubt) implements End {}

    /** No byte of a request left. */
    record NotSent(String why, @Nullable Duration after, boolean inDoubt) implements End {}

    /** A request left, and no answer came. */
    record Lost(String why, boolean inDoubt) implements End {}
  }

  /** What an answer leads to. */
  private sealed interface Turn {

    record To(End end) implements Turn {}

    record NextPage(Object page) implements Turn {}

    record NextStep() implements Turn {}
  }

  /**
   * @param known of the account and the tenant; not changed
   */
  Course(Http http, URI base, Recipe recipe, Deadline deadline, Map<String, Object> known) {
    this.http = http;
    this.base = base;
    this.recipe = recipe;
    this.deadline = deadline;
    this.known = new HashMap<>(known);
    this.known.put(Word.KEPT.text(), kept);
  }

  End run(Task task) {
    for (Step step : recipe.steps(task)) {
      try {
        if (step.when() != null && !step.when().asTruth(known)) {
          continue;
        }
      } catch (UnclearException e) {
        return new End.CannotBeSaid(e.why(), hasWritten);
      }
      Optional<End> end = run(step);
      if (end.isPresent()) {
        return end.get();
      }
    }
    return new End.CannotBeSaid(
        "the recipe has no request for this `%s`".formatted(task.text()), hasWritten);
  }

  /** Empty if the next step is to come. */
  private Optional<End> run(Step step) {
    known.put(Word.PAGE.text(), Values.orNull(step.firstPage()));
    for (int pages = 1; pages <= MOST_PAGES; pages++) {
      Request request;
      try {
        request = step.request(base, recipe.mediaType(), known);
      } catch (UnclearException e) {
        return Optional.of(new End.CannotBeSaid(e.why(), hasWritten));
      }
      switch (turn(step, http.send(request, deadline))) {
        case Turn.To(End end) -> {
          return Optional.of(end);
        }
        case Turn.NextStep _ -> {
          hasWritten |= step.writes();
          return Optional.empty();
        }
        case Turn.NextPage(Object page) -> known.put(Word.PAGE.text(), page);
      }
    }
    return Optional.of(
        new End.NotSent(
            "The service has more than %d pages of an answer".formatted(MOST_PAGES),
            null,
            hasWritten));
  }

  private Turn turn(Step step, Answer answer) {
    boolean inDoubt = hasWritten || step.writes();
    return switch (answer) {
      case Answer.NotSent(String why, Duration after) ->
          new Turn.To(new End.NotSent(why, after, hasWritten));
      case Answer.Lost(String why) -> new Turn.To(new End.Lost(why, inDoubt));
      case Received received -> {
        try {
          yield understood(step, received);
        } catch (UnclearException e) {
          yield new Turn.To(new End.NotUnderstood(e.why(), received, inDoubt));
        }
      }
    };
  }

  private Turn understood(Step step, Received answer) throws UnclearException {
    Map<String, Object> said = new HashMap<>(known);
    said.put(Word.STATUS.text(), (long) answer.status());
    Map<String, Object> headers = new HashMap<>();
    answer.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
    said.put(Word.HEADERS.text(), headers);
    JsonNode json = answer.json();
    boolean ofService = answer.body().isBlank() || json != null;
    said.put(Word.BODY.text(), Values.of(json));
    for (Rule rule : step.rules()) {
      Optional<Map<String, Object>> holds = rule.holds(answer.status(), ofService, said, deadline);
      if (holds.isPresent()) {
        return turn(step, rule, answer, holds.get());
      }
    }
    throw new UnclearException("the recipe does not know this answer");
  }

  /**
   * That nothing is there, or that something else is to be asked, is only said by the last page.
   */
  private Turn turn(Step step, Rule rule, Received answer, Map<String, Object> said)
      throws UnclearException {
    if (rule.is() != Meaning.NEXT && rule.is() != Meaning.ABSENT && rule.is() != Meaning.GONE) {
      return new Turn.To(new End.Understood(rule, answer, said, hasWritten));
    }
    for (Map.Entry<String, Expression> each : rule.keep().entrySet()) {
      kept.put(each.getKey(), Values.orNull(each.getValue().value(said)));
    }
    Object page = step.nextPage() == null ? null : step.nextPage().value(said);
    if (page != null && !List.of("", 0L, false).contains(page)) {
      return new Turn.NextPage(page);
    }
    return rule.is() == Meaning.NEXT
        ? new Turn.NextStep()
        : new Turn.To(new End.Understood(rule, answer, said, hasWritten));
  }
}
