package dev.usher.provisioning.provision.connector.rest;

import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelVariableResolver;
import dev.cel.runtime.Program;
import dev.usher.provisioning.provision.connector.http.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An expression in the Common Expression Language, type-checked when its recipe was read.
 *
 * @param text as the recipe has it
 * @param names what it speaks of
 */
record Expression(String text, Program program, Set<String> names) {

  private static final int LONGEST_QUOTE = 100;

  /** Its value; null for the null of CEL and JSON. */
  @Nullable Object value(Map<String, Object> known) throws UnclearException {
    CelVariableResolver resolver = name -> Optional.ofNullable(known.get(name));
    try {
      Object value = program.eval(resolver);
      return value instanceof NullValue ? null : value;
    } catch (CelEvaluationException e) {
      // Its message may quote values, which are personal.
      throw unclear(e.getErrorCode().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    } catch (RuntimeException e) {
      throw unclear(e.getClass().getSimpleName());
    }
  }

  private UnclearException unclear(String what) {
    String quoted = text.replaceAll("\\s+", " ").strip();
    return new UnclearException(
        "`%s` gave nothing (%s)"
            .formatted(
                quoted.length() > LONGEST_QUOTE ? quoted.substring(0, LONGEST_QUOTE) + "…" : quoted,
                what));
  }

  /** Text, or a whole number as text; null for null. */
  @Nullable String textOrNull(Map<String, Object> known) throws UnclearException {
    return switch (value(known)) {
      case null -> null;
      case String word -> word;
      case Long number -> number.toString();
      case Object other -> throw unclear(other.getClass().getSimpleName() + " instead of text");
    };
  }

  /** The same, where it must be there. */
  String asText(Map<String, Object> known) throws UnclearException {
    String value = textOrNull(known);
    if (value == null || value.isEmpty()) {
      throw unclear("no text");
    }
    return value;
  }

  boolean asTruth(Map<String, Object> known) throws UnclearException {
    Boolean truth = truthOrNull(known);
    if (truth == null) {
      throw unclear("neither true nor false");
    }
    return truth;
  }

  @Nullable Boolean truthOrNull(Map<String, Object> known) throws UnclearException {
    return switch (value(known)) {
      case null -> null;
      case Boolean truth -> truth;
      case Object _ -> throw unclear("neither true nor false");
    };
  }

  @Nullable Instant timeOrNull(Map<String, Object> known) throws UnclearException {
    return switch (value(known)) {
      case null -> null;
      case Instant time -> time;
      case Object _ -> throw unclear("no time");
    };
  }

  Duration asSpan(Map<String, Object> known) throws UnclearException {
    if (value(known) instanceof Duration span) {
      return Answer.bounded(span);
    }
    throw unclear("no time span");
  }

  List<?> asList(Map<String, Object> known, int most) throws UnclearException {
    if (value(known) instanceof List<?> list) {
      if (list.size() > most) {
        throw unclear("more than " + most + " values");
      }
      return list;
    }
    throw unclear("no list");
  }

  /** Says nothing but what the recipe says. */
  @Override
  public String toString() {
    return text;
  }
}
