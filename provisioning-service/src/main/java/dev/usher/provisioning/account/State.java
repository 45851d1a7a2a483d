package dev.usher.provisioning.account;

import dev.usher.provisioning.account.Announcement.Kind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far an account has come. Each state is a class of its own, with a method for each thing that
 * may come next: what has no method cannot happen.
 */
public sealed interface State {

  /** The name that stands in the store and in metrics. */
  String name();

  /** What is to be tried at the service, so that it becomes what is wanted; null if nothing. */
  @Nullable Task towards(Wanted wanted);

  /** What it is once something else is wanted, before anything is tried; often what it was. */
  default State when(Wanted wanted) {
    return this;
  }

  /**
   * What a state became, and what is to be told of it.
   *
   * @param from the state it was
   * @param to the state it is now
   * @param existence the account in the service, where that has become known
   * @param kind what is to be told; null if nothing
   * @param reason why, without personal data and secrets; null where the kind says it all
   */
  record Transition(
      State from,
      State to,
      @Nullable Existence existence,
      @Nullable Kind kind,
      @Nullable String reason) {

    private static Transition told(State from, State to, Kind kind) {
      return new Transition(from, to, null, kind, null);
    }

    private static Transition there(State from, Existence existence, boolean outdated) {
      return new Transition(from, new Active(outdated), existence, Kind.CREATED, null);
    }

    private static Transition held(State from, String reason) {
      return new Transition(from, new Held(reason), null, Kind.HELD, reason);
    }

    private static Transition failed(State from, String reason) {
      return new Transition(from, new Failed(reason, from), null, Kind.FAILED, reason);
    }
  }

  /**
   * Not there yet, as far as anybody knows.
   *
   * @param again whether it was there once, so that something of it may still be
   */
  record Pending(boolean again) implements State {
    @Override
    public String name() {
      return "PENDING";
    }

    @Override
    public Task towards(Wanted wanted) {
      return wanted instanceof Wanted.Present ? Task.CREATE : Task.WITHDRAW;
    }

    /** It is there, with all that was asked for. */
    public Transition created(Existence existence) {
      return created(existence, false);
    }

    /**
     * It is there.
     *
     * @param outdated whether something of what was asked for is missing, and is to be made up for
     */
    public Transition created(Existence existence, boolean outdated) {
      return Transition.there(this, existence, outdated);
    }

    /**
     * The service has invited the person.
     *
     * @param id the service's id of the invitation
     * @param userName the name it invited
     * @param expires until when it can be accepted; null if the service does not say
     */
    public Transition invited(String id, String userName, @Nullable Instant expires) {
      return Transition.told(this, new Invited(id, userName, expires), Kind.INVITED);
    }

    /** All seats are taken. */
    public Transition waitlisted(String reason) {
      return new Transition(this, new Waitlisted(), null, Kind.WAITLISTED, reason);
    }

    /** Only a human can decide. */
    public Transition held(String reason) {
      return Transition.held(this, reason);
    }

    /** Given up. */
    public Transition failed(String reason) {
      return Transition.failed(this, reason);
    }

    /** Nothing of ours is there, and nothing will be. */
    public Transition withdrawn() {
      return new Transition(this, new Deleted(), null, null, null);
    }
  }

  /**
   * The service has invited the person, who has not answered yet.
   *
   * @param id the service's id of the invitation
   * @param userName the name it invited
   * @param expires until when it can be accepted; null if the service does not say
   */
  record Invited(String id, String userName, @Nullable Instant expires) implements State {
    @Override
    public String name() {
      return "INVITED";
    }

    @Override
    public Task towards(Wanted wanted) {
      return wanted instanceof Wanted.Present ? Task.POLL : Task.WITHDRAW;
    }

    /** The person has accepted. */
    public Transition accepted(Existence existence) {
      return Transition.there(this, existence, false);
    }

    /** The invitation is gone unanswered: it is asked for again. */
    public Transition lapsed() {
      return new Transition(this, new Pending(true), null, null, null);
    }

    /** Only a human can decide. */
    public Transition held(String reason) {
      return Transition.held(this, reason);
    }

    /** Given up. */
    public Transition failed(String reason) {
      return Transition.failed(this, reason);
    }

    /** The invitation is withdrawn. */
    public Transition withdrawn() {
      return Transition.told(this, new Deleted(), Kind.DELETED);
    }
  }

  /** The service has no seat left; it is asked again later. */
  record Waitlisted() implements State {
    @Override
    public String name() {
      return "WAITLISTED";
    }

    @Override
    public @Nullable Task towards(Wanted wanted) {
      return wanted instanceof Wanted.Present ? Task.CREATE : null;
    }

    @Override
    public State when(Wanted wanted) {
      return wanted instanceof Wanted.Present ? this : new Deleted();
    }

    /**
     * There was a seat.
     *
     * @param outdated whether something of what was asked for is missing, and is to be made up for
     */
    public Transition created(Existence existence, boolean outdated) {
      return Transition.there(this, existence, outdated);
    }

    /** There was a seat, or will be for whoever accepts the invitation. */
    public Transition invited(String id, String userName, @Nullable Instant expires) {
      return Transition.told(this, new Invited(id, userName, expires), Kind.INVITED);
    }

    /** Only a human can decide. */
    public Transition held(String reason) {
      return Transition.held(this, reason);
    }

    /** Given up. */
    public Transition failed(String reason) {
      return Transition.failed(this, reason);
    }
  }

  /**
   * Only a human can decide.
   *
   * @param reason why, without personal data and secrets
   */
  record Held(String reason) implements State {
    @Override
    public String name() {
      return "HELD";
    }

    @Override
    public @Nullable Task towards(Wanted wanted) {
      return null;
    }

    /** Somebody has decided that it is to be tried. */
    public Transition released() {
      return new Transition(this, new Pending(true), null, null, null);
    }
  }

  /**
   * Given up, until somebody asks again or something else is wanted.
   *
   * @param reason why, without personal data and secrets
   * @param from what it was, and is again when it is tried again
   */
  record Failed(String reason, State from) implements State {

    public Failed {
      if (from instanceof Failed || from instanceof Held || from instanceof Deleted) {
        throw new IllegalArgumentException("nothing is tried of what is " + from.name());
      }
    }

    @Override
    public String name() {
      return "FAILED";
    }

    @Override
    public @Nullable Task towards(Wanted wanted) {
      return null;
    }

    @Override
    public State when(Wanted wanted) {
      return from.when(wanted);
    }

    /** Somebody wants it to be tried again. */
    public Transition retried() {
      return new Transition(this, from, null, null, null);
    }
  }

  /**
   * There, and usable.
   *
   * @param outdated whether the person has changed since the service was told of them
   */
  record Active(boolean outdated) implements State {
    @Override
    public String name() {
      return "ACTIVE";
    }

    @Override
    public @Nullable Task towards(Wanted wanted) {
      return switch (wanted) {
        case Wanted.Present _ -> outdated ? Task.UPDATE : null;
        case Wanted.Suspended _ -> Task.SUSPEND;
        case Wanted.Absent _ -> Task.DELETE;
      };
    }

    /** The service knows what has changed about the person. */
    public Transition updated() {
      return Transition.told(this, new Active(false), Kind.UPDATED);
    }

    /** The service cannot be told, and nobody is the worse for it. */
    public Transition leftAsItIs() {
      return new Transition(this, new Active(false), null, null, null);
    }

    /** Not usable any more. */
    public Transition suspended(SuspensionCause cause) {
      return Transition.told(this, new Suspended(cause), Kind.SUSPENDED);
    }

    /** Not there any more, by our doing or somebody else's. */
    public Transition deleted() {
      return Transition.told(this, new Deleted(), Kind.DELETED);
    }

    /** Given up. */
    public Transition failed(String reason) {
      return Transition.failed(this, reason);
    }
  }

  /**
   * There, and not usable.
   *
   * @param cause why
   */
  record Suspended(SuspensionCause cause) implements State {
    @Override
    public String name() {
      return "SUSPENDED";
    }

    @Override
    public @Nullable Task towards(Wanted wanted) {
      return switch (wanted) {
        case Wanted.Present _ -> Task.REACTIVATE;
        case Wanted.Suspended _ -> null;
        case Wanted.Absent _ -> Task.DELETE;
      };
    }

    /** Not there any more although it is wanted: it is made anew. */
    public Transition vanished() {
      return new Transition(this, new Pending(true), null, null, null);
    }

    /** Usable again. */
    public Transition reactivated(Existence existence) {
      return Transition.there(this, existence, false);
    }

    /** Not there any more, by our doing or somebody else's. */
    public Transition deleted() {
      return Transition.told(this, new Deleted(), Kind.DELETED);
    }

    /** Given up. */
    public Transition failed(String reason) {
      return Transition.failed(this, reason);
    }
  }

  /** Not there any more; perhaps it never was. */
  record Deleted() implements State {
    @Override
    public String name() {
      return "DELETED";
    }

    @Override
    public @Nullable Task towards(Wanted wanted) {
      return null;
    }

    @Override
    public State when(Wanted wanted) {
      return wanted instanceof Wanted.Present ? new Pending(true) : this;
    }
  }
}
