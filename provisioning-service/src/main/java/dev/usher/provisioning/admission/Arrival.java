package dev.usher.provisioning.admission;

import dev.usher.policy.Decision;
import dev.usher.policy.Decisions;
import dev.usher.policy.Facts;
import dev.usher.policy.Issuer;
import dev.usher.policy.Mode;
import dev.usher.policy.Occasion;
import dev.usher.policy.OnLoss;
import dev.usher.policy.Service;
import dev.usher.policy.Trigger;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.Grant;
import dev.usher.provisioning.person.KeptDecision;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.person.SignIn;
import java.time.Instant;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sign-in that says something that is not known to be known.
 *
 * @param person who
 * @param signIn what came in
 * @param decisions what was decided, one for each service
 * @param fingerprint the decisions in 64 bits
 * @param wanted the services, by index, that are to have an account for it
 * @param generation the person's in {@link KnownPeople}, before anything is read
 */
record Arrival(
    PersonKey person,
    SignIn signIn,
    Decisions decisions,
    long fingerprint,
    BitSet wanted,
    long generation) {

  boolean wants(int service) {
    return wanted.get(service);
  }

  /**
   * Whether it refuses somebody where that takes an account away. It does so whenever it comes, as
   * the account may have been made since.
   */
  boolean mayTakeAway() {
    for (int i = 0; i < decisions.size(); i++) {
      if (takesAway(i)) {
        return true;
      }
    }
    return false;
  }

  boolean takesAway(int service) {
    Decision decision = decisions.get(service);
    return !decision.permitted() && decision.service().onLoss() == OnLoss.SUSPEND;
  }

  AccountKey account(int service) {
    return new AccountKey(person, decisions.get(service).service().id());
  }

  Instant at() {
    return Objects.requireNonNull(signIn.facts().at());
  }

  KeptDecision kept(int service) {
    Decision decision = decisions.get(service);
    return new KeptDecision(
        decision.service().id(),
        decision.outcome(),
        decision.rule(),
        decision.reason().text(),
        decisions.revision(),
        at(),
        at(),
        1);
  }

  Grant grant(int service) {
    Decision decision = decisions.get(service);
    return new Grant(
        Objects.requireNonNull(decision.rule(), "a permit has a name"),
        decisions.revision(),
        decision.entitlements(),
        Objects.requireNonNull(trigger(decision.service(), signIn)),
        signIn.eventId(),
        signIn.traceparent(),
        signIn.appendedAt(),
        signIn.facts());
  }

  /** What makes the service want an account for this sign-in; null if nothing does. */
  static @Nullable Trigger trigger(Service service, SignIn signIn) {
    if (service.mode() == Mode.OBSERVE) {
      return null;
    }
    if (signIn.facts().occasion() == Occasion.JOINER) {
      return service.triggers().contains(Trigger.JOINER) ? Trigger.JOINER : null;
    }
    if (service.triggers().contains(Trigger.FIRST_SIGN_IN)) {
      return Trigger.FIRST_SIGN_IN;
    }
    String application = signIn.facts().application();
    return service.triggers().contains(Trigger.APP_SIGN_IN)
            && application != null
            && service.applications().contains(application)
        ? Trigger.APP_SIGN_IN
        : null;
  }

  /** Whom it is about. */
  static PersonKey person(Issuer issuer, Facts facts) {
    return new PersonKey(issuer.tenant(), issuer.id(), Objects.requireNonNull(facts.subject()));
  }
}
