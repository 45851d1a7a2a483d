package dev.usher.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decision and why every rule did what it did. Holds personal data: the values that were
 * compared.
 *
 * @param decision what was decided
 * @param rules every rule of the service in the file's order; empty if a gate refused before any
 * @param sentence the whole in one sentence
 */
public record Explanation(Decision decision, List<RuleTrace> rules, String sentence) {
  public Explanation {
    rules = List.copyOf(rules);
  }

  /**
   * What one rule did.
   *
   * @param rule its name
   * @param effect `permit` or `forbid`
   * @param match what became of it
   * @param because the first matcher that did not hold, or the gate that kept a permit out; null if
   *     all held, or the rule was not asked
   * @param sentence the same in words
   */
  public record RuleTrace(
      String rule, String effect, Match match, @Nullable Mismatch because, String sentence) {}

  /** What became of a rule. */
  public enum Match implements Spelled {
    /** All its matchers hold. */
    MATCHED("matched"),
    /** One does not hold. */
    NOT_MATCHED("not-matched"),
    /** It rests on a fact that is unknown. */
    UNKNOWN("unknown"),
    /** It could not be evaluated. */
    ERROR("error"),
    /** A permit that may not speak for this person. */
    NOT_ELIGIBLE("not-eligible");

    private final String text;

    Match(String text) {
      this.text = text;
    }

    @Override
    public String text() {
      return text;
    }
  }

  /**
   * Both sides of a matcher that did not hold.
   *
   * @param matcher its key in the file
   * @param fact what it reads
   * @param wanted what the rule asks for
   * @param got what the fact is; null where it is unknown
   */
  public record Mismatch(String matcher, String fact, String wanted, @Nullable String got) {}
}
