package dev.usher.provisioning.provision;

import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.Existence;
import dev.usher.provisioning.account.Origin;
import dev.usher.provisioning.account.State;
import dev.usher.provisioning.account.State.Transition;
import dev.usher.provisioning.account.SuspensionCause;
import dev.usher.provisioning.account.Task;
import dev.usher.provisioning.account.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** What an account becomes by what a try came to. */
final class Consequences {

  private static final String HELD =
      "An account of that name is there already, and nothing shows that it is ours.";

  /** Who invited them again would do so for ever, for whoever signs in there as somebody else. */
  private static final String GONE_EARLY =
      "The invitation is gone before its time: it was cancelled, or accepted with an account that does not show the person's address.";

  /** By how much a service's clock may be ahead of ours. */
  private static final Duration CLOCKS_APART = Duration.ofMinutes(5);

  private Consequences() {}

  /** What it becomes; empty if it stays what it is, and is tried again. */
  static Optional<Transition> of(Account account, Outcome outcome, Instant now) {
    return switch (account.state()) {
      case State.Pending pending -> pending(pending, task(account), outcome, now);
      case State.Waitlisted waitlisted -> waitlisted(waitlisted, outcome, now);
      case State.Invited invited -> invited(invited, task(account), outcome, now);
      case State.Active active -> active(active, account, outcome);
      case State.Suspended suspended -> suspended(suspended, account, outcome, now);
      case State.Held _, State.Failed _, State.Deleted _ ->
          throw new IllegalStateException(account + " is nothing to try");
    };
  }

  /** What it becomes when it has been tried for long enough; empty if it never has. */
  static Optional<Transition> givenUp(Account account, String reason) {
    return switch (account.state()) {
      case State.Pending pending -> Optional.of(pending.failed(reason));
      case State.Waitlisted _ -> Optional.empty();
      case State.Invited invited ->
          task(account) == Task.POLL ? Optional.empty() : Optional.of(invited.failed(reason));
      case State.Active active ->
          Optional.of(task(account) == Task.UPDATE ? active.leftAsItIs() : active.failed(reason));
      case State.Suspended suspended -> Optional.of(suspended.failed(reason));
      case State.Held _, State.Failed _, State.Deleted _ ->
          throw new IllegalStateException(account + " is nothing to try");
    };
  }

  private static Task task(Account account) {
    return account.task().orElseThrow();
  }

  private static Optional<Transition> pending(
      State.Pending pending, Task task, Outcome outcome, Instant now) {
    return switch (outcome) {
      case Outcome.There there ->
          Optional.of(pending.created(existence(there, now), !there.complete()));
      case Outcome.InvitationSent sent ->
          Optional.of(pending.invited(sent.id(), sent.userName(), sent.expires()));
      case Outcome.SomebodyElses _ ->
          Optional.of(task == Task.WITHDRAW ? pending.withdrawn() : pending.held(HELD));
      case Outcome.Done _ -> Optional.of(pending.withdrawn());
      case Outcome.Absent _ when task == Task.WITHDRAW -> Optional.of(pending.withdrawn());
      case Outcome.Rejected rejected -> Optional.of(pending.failed(rejected.reason() + "."));
      case Outcome.CannotBe cannot -> Optional.of(pending.failed(cannot.detail() + "."));
      default -> Optional.empty();
    };
  }

  private static Optional<Transition> waitlisted(
      State.Waitlisted waitlisted, Outcome outcome, Instant now) {
    return switch (outcome) {
      case Outcome.There there ->
          Optional.of(waitlisted.created(existence(there, now), !there.complete()));
      case Outcome.InvitationSent sent ->
          Optional.of(waitlisted.invited(sent.id(), sent.userName(), sent.expires()));
      case Outcome.SomebodyElses _ -> Optional.of(waitlisted.held(HELD));
      case Outcome.Rejected rejected -> Optional.of(waitlisted.failed(rejected.reason() + "."));
      default -> Optional.empty();
    };
  }

  private static Optional<Transition> invited(
      State.Invited invited, Task task, Outcome outcome, Instant now) {
    return switch (outcome) {
      case Outcome.There there -> Optional.of(invited.accepted(existence(there, now)));
      case Outcome.InvitationSent sent when sent.expires().isBefore(now) ->
          Optional.of(invited.lapsed());
      // Also of whoever is to be kept out: perhaps they are in, by an invitation of ours.
      case Outcome.SomebodyElses _ -> Optional.of(invited.held(HELD));
      case Outcome.Done _ -> Optional.of(invited.withdrawn());
      case Outcome.Absent _ when task == Task.WITHDRAW -> Optional.of(invited.withdrawn());
      case Outcome.Absent _ ->
          Optional.of(lapsedBy(invited, now) ? invited.lapsed() : invited.held(GONE_EARLY));
      case Outcome.Rejected rejected -> Optional.of(invited.failed(rejected.reason() + "."));
      case Outcome.CannotBe cannot -> Optional.of(invited.failed(cannot.detail() + "."));
      default -> Optional.empty();
    };
  }

  private static boolean lapsedBy(State.Invited invited, Instant now) {
    Instant expires = invited.expires();
    return expires != null && expires.minus(CLOCKS_APART).isBefore(now);
  }

  private static Optional<Transition> active(
      State.Active active, Account account, Outcome outcome) {
    Task task = task(account);
    return switch (outcome) {
      case Outcome.Done _ ->
          Optional.of(
              switch (task) {
                case UPDATE -> active.updated();
                case SUSPEND -> active.suspended(cause(account));
                default -> active.deleted();
              });
      case Outcome.Absent _ -> Optional.of(active.deleted());
      case Outcome.Rejected rejected -> Optional.of(refused(active, task, rejected.reason()));
      case Outcome.CannotBe cannot -> Optional.of(refused(active, task, cannot.detail()));
      default -> Optional.empty();
    };
  }

  /** What the service cannot be told of the person leaves them an account that works. */
  private static Transition refused(State.Active active, Task task, String why) {
    return task == Task.UPDATE ? active.leftAsItIs() : active.failed(why + ".");
  }

  private static SuspensionCause cause(Account account) {
    return account.wanted() instanceof Wanted.Suspended wanted
        ? wanted.cause()
        : SuspensionCause.OPERATOR;
  }

  private static Optional<Transition> suspended(
      State.Suspended suspended, Account account, Outcome outcome, Instant now) {
    boolean back = task(account) == Task.REACTIVATE;
    return switch (outcome) {
      case Outcome.Done _ when back -> {
        Existence before =
            Objects.requireNonNull(account.existence(), "what is suspended is there");
        yield Optional.of(
            suspended.reactivated(
                new Existence(
                    before.serviceAccountId(), before.userName(), Origin.REACTIVATED, now)));
      }
      case Outcome.Done _ -> Optional.of(suspended.deleted());
      case Outcome.Absent _ -> Optional.of(back ? suspended.vanished() : suspended.deleted());
      case Outcome.Rejected rejected -> Optional.of(suspended.failed(rejected.reason() + "."));
      case Outcome.CannotBe cannot -> Optional.of(suspended.failed(cannot.detail() + "."));
      default -> Optional.empty();
    };
  }

  private static Existence existence(Outcome.There there, Instant now) {
    return new Existence(there.id(), there.userName(), there.origin(), now);
  }
}
