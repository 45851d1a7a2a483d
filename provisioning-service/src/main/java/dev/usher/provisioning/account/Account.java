package dev.usher.provisioning.account;

import dev.usher.provisioning.account.State.Transition;
import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.person.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A person's account in one service, as one document: what is wanted, what it is, who works on the
 * difference, and what is still to be told. A value: each change gives another one, which the store
 * writes only if the document still has the version that this one stems from.
 *
 * @param key whose account, and where
 * @param version the version of the document that this value stems from; 0 if there is none yet
 * @param asked what it was asked for with
 * @param wanted what it is meant to be
 * @param state what it is
 * @param existence the account in the service, as it was last known; null if it never was
 * @param attempts the tries at the present task
 * @param work what is left to do; null once nothing is
 * @param announcements what is still to be told, oldest first
 * @param history what has happened to it, oldest first, at most the last {@value #HISTORY_LIMIT}
 * @param createdAt when it was first asked for
 */
public record Account(
    AccountKey key,
    long version,
    Asked asked,
    Wanted wanted,
    State state,
    @Nullable Existence existence,
    Attempts attempts,
    @Nullable Work work,
    List<Announcement> announcements,
    List<Entry> history,
    Instant createdAt) {

  /** How long after it was sent a request may take effect, at most. */
  public static final Duration LATE_EFFECT_LIMIT = Duration.ofMinutes(1);

  static final int HISTORY_LIMIT = 20;

  private static final String WANTED = "wanted: ";

  /**
   * Work that is left to do.
   *
   * @param attempt when the next try at the service is due; null if there is none
   * @param announcement when the oldest announcement is due; null if there is none
   * @param owner the instance that does it; null if nobody does
   */
  public record Work(
      @Nullable Instant attempt, @Nullable Instant announcement, @Nullable String owner) {

    /** When the first of it is due. */
    public Instant due() {
      return tellsFirst() ? Objects.requireNonNull(announcement) : Objects.requireNonNull(attempt);
    }

    private boolean tellsFirst() {
      return announcement != null && (attempt == null || !attempt.isBefore(announcement));
    }
  }

  /** An account that somebody just asked for. Unowned; no attempt has begun. */
  public static Account requested(AccountKey key, Profile profile, Grant grant, Instant at) {
    return new Account(
        key,
        0,
        new Asked(profile, grant.happenedAt(), grant, 1),
        new Wanted.Present(grant.happenedAt(), grant.causationId()),
        new State.Pending(false),
        null,
        Attempts.NONE,
        new Work(at, null, null),
        List.of(),
        List.of(),
        at);
  }

  /** What the service is told of the person. */
  public Profile profile() {
    return asked.profile();
  }

  /** Why it may be there. */
  public Grant grant() {
    return asked.grant();
  }

  /** The next piece of work; empty if there is none. */
  public Optional<Task> task() {
    if (work == null) {
      return Optional.empty();
    }
    return Optional.of(
        work.tellsFirst() ? Task.ANNOUNCE : Objects.requireNonNull(state.towards(wanted)));
  }

  /** Whether an instance works on it. */
  boolean owned() {
    return work != null && work.owner() != null;
  }

  boolean ownedBy(String owner) {
    return work != null && owner.equals(work.owner());
  }

  /** Whether nothing that a further permitted sign-in says would change anything. */
  public boolean settled() {
    return switch (wanted) {
      case Wanted.Present _ -> !untried() && !(state instanceof State.Deleted);
      case Wanted.Suspended suspended -> suspended.cause() != SuspensionCause.DORMANT;
      case Wanted.Absent _ -> false;
    };
  }

  /** Whether the service was never asked, so that a better reason to ask is welcome. */
  private boolean untried() {
    State base = state instanceof State.Failed failed ? failed.from() : state;
    return base instanceof State.Pending && attempts.count() == 0 && !owned();
  }

  /** Whether the try under way is the first, with nothing of ours there from before. */
  public boolean onFirstAttempt() {
    return attempts.first() && state instanceof State.Pending(boolean again) && !again;
  }

  /** Whether nobody wrote down how the try before this one ended: its request may be on its way. */
  public boolean triedWithoutKnownEnd() {
    return attempts.endUnknown();
  }

  /**
   * Whether a create of which nobody knows whether it took effect is the last that was heard of the
   * service, or of this account at all.
   */
  public boolean perhapsCreated() {
    return attempts.endUnknown()
        || history.reversed().stream()
            .map(Entry::what)
            .filter(what -> !what.startsWith(WANTED) && !what.startsWith("withdraw: "))
            .takeWhile(what -> what.startsWith("create: "))
            .anyMatch("create: unknown"::equals);
  }

  /** Whether the present task has been tried for longer than {@code limit}. */
  public boolean triedLongerThan(Duration limit, Instant now) {
    return attempts.longerThan(limit, now);
  }

  /**
   * An instance takes the work. If the work is an attempt, the attempt counts as begun from here:
   * whoever finds it begun by another cannot know whether the request left.
   */
  public Account taken(String owner, Instant at) {
    Draft next = new Draft(this);
    Work now = Objects.requireNonNull(work, "there is work to take");
    if (!now.tellsFirst()) {
      if (now.owner() == null) {
        // Whatever kept it from being taken when it was due, it was no trying.
        next.attempts = attempts.waited(now.due(), at);
      }
      next.attempts = next.attempts.begun(at);
      next.attempt = at;
    }
    next.owner = owner;
    return next.done(at);
  }

  /**
   * A try at the service came to something.
   *
   * @param outcome one word
   * @param detail in a sentence without secrets
   */
  public Account after(Transition transition, String outcome, String detail, Instant at) {
    Draft next = new Draft(this);
    next.remember(at, word(task()) + ": " + outcome, detail);
    next.attempts = attempts.concluded();
    next.become(transition, at);
    return next.handedOn(at);
  }

  /** The same, where what comes next has its own time. */
  public Account after(
      Transition transition, String outcome, String detail, Instant at, Instant due) {
    Draft next = new Draft(this);
    next.remember(at, word(task()) + ": " + outcome, detail);
    next.attempts = attempts.concluded();
    next.become(transition, at);
    next.attempt = after(at, due);
    return next.handedOn(at);
  }

  /** It becomes something without a request: somebody decided so. */
  public Account decided(Transition transition, Instant at) {
    Draft next = new Draft(this);
    next.remember(at, word(transition.to()), transition.reason());
    next.become(transition, at);
    return next.handedOn(at);
  }

  /** To be tried again from {@code due} on, by whoever has room. */
  public Account deferred(String outcome, String detail, Instant at, Instant due) {
    Draft next = new Draft(this);
    next.remember(at, word(task()) + ": " + outcome, detail);
    next.attempts = attempts.concluded();
    next.attempt = after(at, due);
    return next.handedOn(at);
  }

  /** No request left: a permit, a quota or a circuit stood in the way. The try does not count. */
  public Account waiting(Instant at, Instant due) {
    Draft next = new Draft(this);
    Instant from = next.attempt == null ? due : next.attempt;
    next.attempts = attempts.notBegun().waited(from, due);
    next.attempt = after(at, due);
    return next.handedOn(at);
  }

  /** Kafka has the oldest announcement. */
  public Account announced(Instant at) {
    Draft next = new Draft(this);
    next.announcements = announcements.subList(1, announcements.size());
    return next.handedOn(at);
  }

  /** Kafka does not have the oldest announcement, and is told again from {@code due} on. */
  public Account postponed(Instant at, Instant due) {
    Draft next = new Draft(this);
    next.announcement = after(at, due);
    return next.handedOn(at);
  }

  /** Whoever worked on it lets go, for anybody to take. */
  Account released(Instant at) {
    Draft next = new Draft(this);
    next.owner = null;
    return next.done(at);
  }

  /** Whoever has just taken it finds that it is not to be tried. */
  Account takenInVain(Instant at) {
    Draft next = new Draft(this);
    next.attempts = attempts.notBegun();
    return next.done(at);
  }

  /** The person has left: what is there is to be suspended, what is not there is not to come. */
  public Account left(Standing standing, Instant at) {
    return suspending(
        new Wanted.Suspended(SuspensionCause.LEAVER, standing.at(), standing.causationId()), at);
  }

  /** It is not to be usable any more, if it was meant to be until now. */
  public Account suspending(Wanted.Suspended instead, Instant at) {
    return wanted instanceof Wanted.Present ? wanting(instead, at) : this;
  }

  /** The person is back, so that only what their leaving took away is wanted again. */
  public Account returned(Standing standing, Instant at) {
    boolean back =
        switch (wanted) {
          case Wanted.Suspended suspended -> suspended.cause() == SuspensionCause.LEAVER;
          // Its owner may be about to write that they have left, and must not.
          case Wanted.Present _ -> owned();
          case Wanted.Absent _ -> false;
        };
    return back && standing.at().isAfter(wanted.since())
        ? wanting(new Wanted.Present(standing.at(), standing.causationId()), at)
        : this;
  }

  /**
   * The join policy does not permit any more what it permitted when this was asked for; unless that
   * was asked for later.
   */
  public Account lostPermission(Instant since, @Nullable String causationId, Instant at) {
    return since.isAfter(wanted.since())
        ? suspending(new Wanted.Suspended(SuspensionCause.LOST_PERMISSION, since, causationId), at)
        : this;
  }

  /**
   * Something permitted called for the account again: it lifts a dormant suspension that is older,
   * makes anew what was deleted before, and is a better reason for what was never tried.
   */
  public Account askedAgain(Profile profile, Grant grant, Instant at) {
    if (settled() || !grant.happenedAt().isAfter(wanted.since())) {
      return this;
    }
    Draft next = new Draft(this);
    next.asked = new Asked(profile, grant.happenedAt(), grant, version + 1);
    next.want(new Wanted.Present(grant.happenedAt(), grant.causationId()), at);
    return next.done(at);
  }

  /**
   * The person has changed.
   *
   * @param since when, by the source's clock; what is older than what is known is old news
   */
  public Account changed(Profile now, Instant since, Instant at) {
    boolean same = now.equals(profile());
    if (since.isBefore(asked.profileAt()) || (same && since.equals(asked.profileAt()))) {
      return this;
    }
    Draft next = new Draft(this);
    next.asked = new Asked(now, since, grant(), version + 1);
    if (!same && state instanceof State.Active) {
      next.state = new State.Active(true);
      next.remember(at, "outdated", null);
    }
    return next.done(at);
  }

  private Account wanting(Wanted other, Instant at) {
    Draft next = new Draft(this);
    next.want(other, at);
    return next.done(at);
  }

  /** The same, once the store has it. */
  public Account written() {
    return new Account(
        key,
        version + 1,
        asked,
        wanted,
        state,
        existence,
        attempts,
        work,
        announcements,
        history,
        createdAt);
  }

  /**
   * What it may be by now, for the opposite to be made sure of: a try is under way, or began and
   * nobody knows how it ended.
   */
  private State inDoubt(Wanted other) {
    Task underWay = state.towards(wanted);
    boolean present = other instanceof Wanted.Present;
    if (underWay == Task.SUSPEND && present && wanted instanceof Wanted.Suspended suspended) {
      return new State.Suspended(suspended.cause());
    }
    if (underWay == Task.REACTIVATE && !present) {
      return new State.Active(false);
    }
    if ((underWay == Task.DELETE && !(other instanceof Wanted.Absent))
        || (underWay == Task.WITHDRAW && present)) {
      return new State.Pending(true);
    }
    return state;
  }

  private static String word(Optional<Task> task) {
    return switch (task.orElse(Task.ANNOUNCE)) {
      case ANNOUNCE -> "announce";
      case CREATE -> "create";
      case POLL -> "poll";
      case WITHDRAW -> "withdraw";
      case UPDATE -> "update";
      case SUSPEND -> "suspend";
      case REACTIVATE -> "reactivate";
      case DELETE -> "delete";
    };
  }

  private static String word(State state) {
    return switch (state) {
      case State.Pending _ -> "pending";
      case State.Invited _ -> "invited";
      case State.Waitlisted _ -> "waitlisted";
      case State.Held _ -> "held";
      case State.Failed _ -> "failed";
      case State.Active _ -> "active";
      case State.Suspended _ -> "suspended";
      case State.Deleted _ -> "deleted";
    };
  }

  private static String word(Wanted wanted) {
    return switch (wanted) {
      case Wanted.Present _ -> WANTED + "present";
      case Wanted.Suspended _ -> WANTED + "suspended";
      case Wanted.Absent _ -> WANTED + "absent";
    };
  }

  /** Says whose it is and how far, and nothing personal. */
  @Override
  public String toString() {
    return "Account[" + key.inLogs() + ", version " + version + ", " + state.name() + "]";
  }

  /** The next version in the making. */
  private static final class Draft {
    private final Account from;
    private Asked asked;
    private Wanted wanted;
    private State state;
    private @Nullable Existence existence;
    private Attempts attempts;
    private @Nullable Instant attempt;
    private @Nullable Instant announcement;
    private @Nullable String owner;
    private List<Announcement> announcements;
    private List<Entry> history;

    Draft(Account from) {
      this.from = from;
      asked = from.asked;
      wanted = from.wanted;
      state = from.state;
      existence = from.existence;
      attempts = from.attempts;
      attempt = from.work == null ? null : from.work.attempt();
      announcement = from.work == null ? null : from.work.announcement();
      owner = from.work == null ? null : from.work.owner();
      announcements = from.announcements;
      history = from.history;
    }

    void become(Transition transition, Instant at) {
      if (!transition.from().equals(from.state)) {
        throw new IllegalStateException(
            from.key.inLogs() + " is " + from.state.name() + ", not " + transition.from().name());
      }
      state = transition.to();
      if (transition.existence() != null) {
        existence = transition.existence();
      }
      if (transition.kind() != null) {
        tell(transition.kind(), transition.reason(), at);
      }
      if (!(state instanceof State.Failed)) {
        attempts = Attempts.NONE;
      }
      attempt = at;
    }

    void want(Wanted other, Instant at) {
      wanted = other;
      remember(
          at,
          word(other),
          other instanceof Wanted.Suspended suspended ? suspended.cause().name() : null);
      boolean open = attempts.open();
      state = (open ? from.inDoubt(other) : from.state).when(other);
      if (state instanceof State.Pending) {
        if (attempts.count() == 0 && !askedBefore() && !(other instanceof Wanted.Present)) {
          // Nobody ever asked the service, so that there is nothing to make sure of.
          state = new State.Deleted();
        }
        // What an earlier try sent may take effect until the next is due.
        Instant latest = at.plus(LATE_EFFECT_LIMIT);
        attempt = attempts.count() == 0 || attempt == null ? at : earlier(attempt, latest);
      } else {
        attempt = at;
      }
      if (!open && !state.equals(from.state)) {
        attempts = Attempts.NONE;
      }
    }

    private boolean askedBefore() {
      return state instanceof State.Pending(boolean again) && again;
    }

    void tell(Announcement.Kind kind, @Nullable String why, Instant at) {
      long version = from.version + 1;
      if (!announcements.isEmpty() && announcements.getLast().version() == version) {
        throw new IllegalStateException(from.key.inLogs() + " has two things to tell at once");
      }
      List<Announcement> all = new ArrayList<>(announcements);
      all.add(
          new Announcement(
              version,
              at,
              kind,
              why,
              state instanceof State.Suspended suspended ? suspended.cause() : null,
              wanted.causationId()));
      announcements = List.copyOf(all);
    }

    void remember(Instant at, String what, @Nullable String detail) {
      List<Entry> all = new ArrayList<>(history);
      all.add(new Entry(at, what, detail));
      history = List.copyOf(all.subList(Math.max(0, all.size() - HISTORY_LIMIT), all.size()));
    }

    /** The next version in the hands of the owner, who goes on with what is due. */
    Account handedOn(Instant at) {
      Account next = done(at);
      if (!next.owned() || next.task().orElseThrow() == Task.ANNOUNCE || attempts.open()) {
        return next;
      }
      attempts = attempts.begun(at);
      return done(at);
    }

    /**
     * The next version, with the work that is left.
     *
     * @param at when; what is due by then stays with its owner, all else is for anybody to take
     */
    Account done(Instant at) {
      if (state.towards(wanted) == null) {
        attempt = null;
      } else if (attempt == null) {
        attempt = at;
      }
      if (announcements.isEmpty()) {
        announcement = null;
      } else if (announcement == null) {
        announcement = at;
      }
      Work left =
          attempt == null && announcement == null ? null : new Work(attempt, announcement, owner);
      return new Account(
          from.key,
          from.version,
          asked,
          wanted,
          state,
          existence,
          attempts,
          left == null || !left.due().isAfter(at) ? left : new Work(attempt, announcement, null),
          announcements,
          history,
          from.createdAt);
    }
  }

  /** What is put off is due later than now, so that whoever puts it off lets it go. */
  private static Instant after(Instant at, Instant due) {
    return due.isAfter(at) ? due : at.plusMillis(1);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
