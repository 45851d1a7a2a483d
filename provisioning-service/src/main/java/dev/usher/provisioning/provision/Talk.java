package dev.usher.provisioning.provision;

import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.Existence;
import dev.usher.provisioning.account.Origin;
import dev.usher.provisioning.account.State;
import dev.usher.provisioning.account.Task;
import dev.usher.provisioning.provision.connector.Capabilities;
import dev.usher.provisioning.provision.connector.Capabilities.OnExisting;
import dev.usher.provisioning.provision.connector.Capabilities.Operation;
import dev.usher.provisioning.provision.connector.Change;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Creation;
import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.DesiredAccount;
import dev.usher.provisioning.provision.connector.Lookup;
import dev.usher.provisioning.provision.connector.NotNow;
import dev.usher.provisioning.provision.connector.Rejected;
import dev.usher.provisioning.provision.connector.Unknown;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one account's tries at its present task, and what is known from one to the next.
 */
final class Talk {

  private static final String NOT_OURS =
      "An account of that name is there, and nothing shows that it is ours";

  private final Account account;
  private final Task task;
  private final DesiredAccount desired;
  private final Predicate<String> provenDomainOf;
  private final InstantSource clock;

  /** Whether something of an earlier try may be there, so that only a look tells. */
  private boolean perhapsThere;

  /** Whether an earlier try may still take effect, so that not even a look tells. */
  private boolean perhapsLater;

  /** Whether this talk has sent a create. */
  private boolean createSent;

  /** Whether a create of this talk may have taken effect. */
  private boolean createInDoubt;

  /** When nothing was there, as seen by this talk; null if it was not seen. */
  private @Nullable Instant absentAt;

  /**
   * @param provenDomainOf whether the account's tenant has proven to own the domain of an e-mail
   *     address
   */
  Talk(Account account, Predicate<String> provenDomainOf, InstantSource clock) {
    this.account = account;
    this.task = account.task().orElseThrow();
    this.desired =
        new DesiredAccount(
            account.key().toString(),
            Objects.requireNonNull(account.profile().email(), "admission sets the address"),
            account.profile(),
            Objects.requireNonNullElse(account.grant().facts().attributes(), Map.of()),
            account.grant().entitlements());
    this.provenDomainOf = provenDomainOf;
    this.clock = clock;
    this.perhapsThere = !account.onFirstAttempt();
    this.perhapsLater = account.triedWithoutKnownEnd();
  }

  /** Whether what was sent may still take effect. */
  boolean perhapsLater() {
    return perhapsLater;
  }

  /** One try. */
  Outcome once(Connector connector, Deadline deadline) {
    Outcome outcome =
        switch (task) {
          case ANNOUNCE -> throw new IllegalStateException("no service is asked to announce");
          case CREATE -> create(connector, deadline);
          case POLL -> poll(connector, deadline);
          case WITHDRAW -> withdraw(connector, deadline);
          case UPDATE ->
              changed(
                  connector,
                  Operation.UPDATE,
                  () -> connector.update(id(), desired, deadline),
                  "Updated by the service");
          case SUSPEND -> suspend(connector, deadline);
          case REACTIVATE ->
              changed(
                  connector,
                  Operation.REACTIVATE,
                  () -> connector.reactivate(id(), desired, deadline),
                  "Reactivated by the service");
          case DELETE ->
              changed(
                  connector,
                  Operation.DELETE,
                  () -> connector.delete(id(), desired, deadline),
                  "Deleted by the service");
        };
    if (outcome instanceof Outcome.Unknown unknown) {
      perhapsThere = true;
      createInDoubt |= createSent;
      perhapsLater |= unknown.late();
    }
    return outcome;
  }

  /** A last look before it is given up: whether it is there after all. */
  Outcome lastLook(Connector connector, Deadline deadline) {
    return switch (connector.find(desired, deadline)) {
      case Lookup.Found found -> ours(found, connector, deadline);
      case Lookup.StillInvited invited -> stillInvited(invited);
      case Lookup.Absent _ -> new Outcome.Absent("Nothing is there");
      case NotNow notNow -> notNow(notNow);
    };
  }

  private Outcome create(Connector connector, Deadline deadline) {
    boolean looksFirst =
        perhapsThere
            || perhapsLater
            || connector.capabilities().onExisting() == OnExisting.BINDS
            // What carries no key can only be known by its absence before.
            || connector.capabilities().invites()
            || !connector.capabilities().keepsExternalId();
    if (!looksFirst) {
      return send(connector, deadline);
    }
    return switch (connector.find(desired, deadline)) {
      case Lookup.Found found -> ours(found, connector, deadline);
      case Lookup.StillInvited invited -> stillInvited(invited);
      case NotNow notNow -> notNow(notNow);
      case Lookup.Absent _ when perhapsLater ->
          new Outcome.Unknown(
              "An earlier try was not answered, and may still take effect", null, true, false);
      case Lookup.Absent _ -> {
        absentAt = clock.instant();
        yield send(connector, deadline);
      }
    };
  }

  private Outcome send(Connector connector, Deadline deadline) {
    createSent = true;
    return switch (connector.create(desired, deadline)) {
      case Creation.Created created ->
          new Outcome.There(
              created.id(),
              created.userName(),
              Origin.CREATED,
              created.complete(),
              "Created by the service");
      case Creation.Invited invited ->
          new Outcome.InvitationSent(
              invited.id(), invited.userName(), invited.expires(), "Invited by the service");
      case NotNow notNow -> notNow(notNow);
      case Unknown unknown -> unknown(unknown);
      case Rejected rejected -> new Outcome.Rejected(rejected.why(), rejected.words());
      case Creation.Conflict _ ->
          switch (connector.find(desired, deadline)) {
            case Lookup.Found found -> ours(found, connector, deadline);
            case Lookup.StillInvited invited -> stillInvited(invited);
            case Lookup.Absent _ ->
                new Outcome.Unknown(
                    "The service speaks of a conflict and finds nothing in conflict",
                    null,
                    false,
                    true);
            case NotNow notNow ->
                new Outcome.Unknown(notNow.why(), notNow.after(), false, notNow.after() == null);
          };
    };
  }

  /**
   * Whose the account is that was found, and what follows: ours is what carries our key; what
   * carries none may be adopted if it is an ordinary account whose address is known to be the
   * person's.
   */
  private Outcome ours(Lookup.Found found, Connector connector, Deadline deadline) {
    Capabilities capabilities = connector.capabilities();
    if (desired.externalId().equals(found.externalId())) {
      return usable(
          found, Origin.CREATED, "Found as an earlier try had left it", connector, deadline);
    }
    if (found.externalId() != null) {
      return new Outcome.SomebodyElses("An account of that name is there, and carries another key");
    }
    if (!capabilities.keepsExternalId() && createdByThisTalk(found)) {
      return usable(found, Origin.CREATED, "Found as this try had left it", connector, deadline);
    }
    if (task == Task.WITHDRAW) {
      return new Outcome.SomebodyElses(NOT_OURS + ": there is nothing to take away");
    }
    if (found.privileged() || found.guest()) {
      return new Outcome.SomebodyElses(
          NOT_OURS + (found.guest() ? ": it is a guest's" : ": it is an administrator's"));
    }
    if (Boolean.FALSE.equals(found.active())) {
      return new Outcome.SomebodyElses(NOT_OURS + ": somebody has suspended it");
    }
    String email = found.email();
    if (email == null || !email.toLowerCase(Locale.ROOT).equals(desired.userName())) {
      return new Outcome.SomebodyElses(NOT_OURS + ": it carries another e-mail address, or none");
    }
    if (!capabilities.verifiesEmails() && !provenDomainOf.test(email)) {
      return new Outcome.SomebodyElses(NOT_OURS + ": nobody has verified its e-mail address");
    }
    // It carries our key from now on, as far as the service keeps one; else with the next update.
    boolean complete =
        capabilities.can(Operation.UPDATE)
            && connector.update(found.id(), desired, deadline) instanceof Change.Done;
    return new Outcome.There(
        found.id(),
        found.userName(),
        Origin.ADOPTED,
        complete || !capabilities.can(Operation.UPDATE),
        "Adopted: it was nobody's, and its e-mail address is verified");
  }

  /** Where the service forgets our key: what was absent right before, and came to be since. */
  private boolean createdByThisTalk(Lookup.Found found) {
    return perhapsThere
        && absentAt != null
        && found.created() != null
        && !found.created().isBefore(absentAt)
        && !found.privileged();
  }

  private Outcome usable(
      Lookup.Found found, Origin origin, String detail, Connector connector, Deadline deadline) {
    Outcome there = new Outcome.There(found.id(), found.userName(), origin, true, detail);
    if (!Boolean.FALSE.equals(found.active())
        || task.takesAway()
        || !connector.capabilities().can(Operation.REACTIVATE)) {
      return there;
    }
    return switch (connector.reactivate(found.id(), desired, deadline)) {
      case Change.Done _ -> there;
      case Change.Gone _ ->
          new Outcome.Unknown("It was there, and is not any more", null, false, false);
      case NotNow notNow -> notNow(notNow);
      case Unknown unknown -> unknown(unknown);
      case Rejected rejected -> new Outcome.Rejected(rejected.why(), rejected.words());
    };
  }

  private Outcome poll(Connector connector, Deadline deadline) {
    State.Invited invited = (State.Invited) account.state();
    return switch (connector.find(desired, deadline)) {
      case Lookup.Found found -> accepted(found, invited, connector.capabilities());
      case Lookup.StillInvited still when still.id().equals(invited.id()) ->
          new Outcome.InvitationSent(
              still.id(), invited.userName(), still.expires(), "The person has not answered yet");
      case Lookup.StillInvited _ ->
          new Outcome.SomebodyElses("Our invitation is gone, and another one is there");
      case Lookup.Absent _ -> new Outcome.Absent("The invitation is not there any more");
      case NotNow notNow -> notNow(notNow);
    };
  }

  /** Whether what was found is what the invitation has become; which makes it ours. */
  private Outcome accepted(Lookup.Found found, State.Invited invited, Capabilities capabilities) {
    String key = found.externalId();
    if (key != null && !key.equals(desired.externalId())) {
      return task == Task.WITHDRAW
          ? new Outcome.Absent("What is there carries another key, and nothing of ours is there")
          : new Outcome.SomebodyElses("An account of that name is there, and carries another key");
    }
    // Some services give the invitation and the account one id, which then says it all.
    if (key == null && !found.id().equals(invited.id())) {
      if (capabilities.keepsExternalId()) {
        return new Outcome.SomebodyElses(NOT_OURS + ": it does not carry our key");
      }
      if (found.privileged() || found.guest()) {
        return new Outcome.SomebodyElses(
            NOT_OURS + (found.guest() ? ": it is a guest's" : ": it is an administrator's"));
      }
    }
    return new Outcome.There(
        found.id(), found.userName(), Origin.INVITATION_ACCEPTED, true, "The person has accepted");
  }

  private Outcome withdraw(Connector connector, Deadline deadline) {
    return switch (connector.find(desired, deadline)) {
      case Lookup.Found found when account.state() instanceof State.Invited invited ->
          accepted(found, invited, connector.capabilities());
      case Lookup.Found found -> ours(found, connector, deadline);
      case Lookup.StillInvited invited when invitedByUs(invited) ->
          changed(
              connector,
              Operation.DELETE,
              () -> connector.delete(invited.id(), desired, deadline),
              "The invitation is withdrawn");
      case Lookup.StillInvited _ -> new Outcome.Absent("The invitation that is there is not ours");
      case Lookup.Absent _ when perhapsLater ->
          new Outcome.Unknown(
              "An earlier try was not answered, and may still take effect", null, true, false);
      case Lookup.Absent _ -> new Outcome.Absent("Nothing is there");
      case NotNow notNow -> notNow(notNow);
    };
  }

  /** Whoever is to be kept out must not stay in because the service knows no suspending. */
  private Outcome suspend(Connector connector, Deadline deadline) {
    Capabilities capabilities = connector.capabilities();
    if (capabilities.can(Operation.SUSPEND) || !capabilities.can(Operation.DELETE)) {
      return changed(
          connector,
          Operation.SUSPEND,
          () -> connector.suspend(id(), desired, deadline),
          "Suspended by the service");
    }
    Outcome deleted =
        changed(
            connector,
            Operation.DELETE,
            () -> connector.delete(id(), desired, deadline),
            "Deleted");
    return deleted instanceof Outcome.Done
        ? new Outcome.Absent("Deleted by the service, which knows no suspending")
        : deleted;
  }

  private interface Asking {
    Change ask();
  }

  private static Outcome changed(
      Connector connector, Operation operation, Asking asking, String done) {
    if (!connector.capabilities().can(operation)) {
      return new Outcome.CannotBe(
          "The service has no way to " + operation.name().toLowerCase(Locale.ROOT) + " accounts");
    }
    return switch (asking.ask()) {
      case Change.Done _ -> new Outcome.Done(done);
      case Change.Gone _ -> new Outcome.Absent("The service has no such account any more");
      case NotNow notNow -> notNow(notNow);
      // To do it twice is to do it once.
      case Unknown unknown -> new Outcome.Unknown(unknown.why(), unknown.after(), false, true);
      case Rejected rejected -> new Outcome.Rejected(rejected.why(), rejected.words());
    };
  }

  private static Outcome notNow(NotNow notNow) {
    return switch (notNow.cause()) {
      case TROUBLE -> new Outcome.Retry(notNow.why(), notNow.after());
      case BURST, QUOTA ->
          new Outcome.Paused(
              notNow.why(), Objects.requireNonNullElse(notNow.after(), Duration.ZERO));
    };
  }

  private static Outcome unknown(Unknown unknown) {
    return new Outcome.Unknown(unknown.why(), unknown.after(), !unknown.answered(), true);
  }

  private Outcome stillInvited(Lookup.StillInvited invited) {
    return invitedByUs(invited)
        ? new Outcome.InvitationSent(
            invited.id(), desired.userName(), invited.expires(), "Invited by an earlier try")
        : new Outcome.SomebodyElses(
            "An invitation of that name is there, and nothing shows that it is ours");
  }

  /**
   * An invitation carries no key: it is ours by its id, or because none was there before a create
   * of ours of which nobody knows whether it took effect.
   */
  private boolean invitedByUs(Lookup.StillInvited there) {
    return account.state() instanceof State.Invited invited
        ? there.id().equals(invited.id())
        : account.perhapsCreated() || (createInDoubt && absentAt != null);
  }

  private String id() {
    Existence existence = account.existence();
    return Objects.requireNonNull(existence, "what is there has an id").serviceAccountId();
  }
}
