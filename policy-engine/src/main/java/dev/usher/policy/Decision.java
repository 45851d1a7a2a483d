package dev.usher.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome for one person and one service. Decisions are made at load and shared: none says
 * anything personal.
 *
 * @param service which service
 * @param outcome permitted or refused
 * @param reason why
 * @param rule the rule that made it; null where no rule did
 * @param missing the fact whose absence decided, in the words of the rules, such as
 *     `person.groups`; null where none did
 * @param entitlements what is granted with the account; empty unless permitted
 * @param sentence the reason as one sentence a person understands
 */
public record Decision(
    Service service,
    Outcome outcome,
    Reason reason,
    @Nullable String rule,
    @Nullable String missing,
    List<Entitlement> entitlements,
    String sentence) {
  public Decision {
    entitlements = List.copyOf(entitlements);
  }

  /** Whether the person may have an account. */
  public boolean permitted() {
    return outcome == Outcome.PERMITTED;
  }
}
