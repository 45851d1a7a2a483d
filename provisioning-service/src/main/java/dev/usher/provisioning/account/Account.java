package dev.usher.provisioning.account;

import dev.usher.provisioning.person.Profile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A person's account in one service, as one document: what it is, who works on it, and what is
 * still to be told. A value: each transition gives the next version, which the store writes only if
 * the document still has this one.
 *
 * @param key whose account, and where
 * @param version rises by one with each transition, from 1
 * @param state how far it has come
 * @param reason why it is held or failed, without personal data and secrets
 * @param profile what the service is told of the person
 * @param grant why it may be there
 * @param attempts how often it was tried, and how that went
 * @param existence the account in the service, once there
 * @param work who works on it and when; null once nothing is left to do
 * @param announcements what is still to be told, oldest first
 * @param createdAt when it was first asked for
 */
public record Account(
    AccountKey key,
    long version,
    AccountState state,
    @Nullable String reason,
    Profile profile,
    Grant grant,
    Attempts attempts,
    @Nullable Existence existence,
    @Nullable Work work,
    List<Announcement> announcements,
    Instant createdAt) {

  /**
   * The account in the service.
   *
   * @param serviceAccountId the service's own id of it
   * @param userName its name there
   * @param origin how it came to be there
   * @param at since when
   */
  public record Existence(String serviceAccountId, String userName, Origin origin, Instant at) {}

  /**
   * Work that is left to do.
   *
   * @param due when it is due
   * @param owner the instance that does it; null if nobody does
   */
  public record Work(Instant due, @Nullable String owner) {}

  /**
   * The tries so far.
   *
   * @param count how many began; the one under way included
   * @param since when the first began, moved on by the time in which none could; null if none did
   * @param history the last ones that ended, at most {@value #HISTORY_LIMIT}
   */
  public record Attempts(int count, @Nullable Instant since, List<Attempt> history) {

    static final int HISTORY_LIMIT = 20;
    static final Attempts NONE = new Attempts(0, null, List.of());

    private Attempts begun(Instant at) {
      return new Attempts(count + 1, since == null ? at : since, history);
    }

    private Attempts ended(Attempt attempt) {
      List<Attempt> all = new ArrayList<>(history);
      all.add(attempt);
      return new Attempts(
          count,
          since,
          List.copyOf(all.subList(Math.max(0, all.size() - HISTORY_LIMIT), all.size())));
    }

    private Attempts notBegun() {
      return count == 1 ? new Attempts(0, null, history) : new Attempts(count - 1, since, history);
    }

    /** Between these times nothing could be tried, which stops the clock that ends in giving up. */
    private Attempts waited(Instant from, Instant until) {
      return since == null || !until.isAfter(from)
          ? this
          : new Attempts(count, since.plus(Duration.between(from, until)), history);
    }
  }

  /** An account that somebody just asked for. Unowned; no attempt has begun. */
  public static Account requested(AccountKey key, Profile profile, Grant grant, Instant at) {
    return new Account(
        key,
        1,
        AccountState.PENDING,
        null,
        profile,
        grant,
        Attempts.NONE,
        null,
        new Work(at, null),
        List.of(),
        at);
  }

  /**
   * An instance takes the work. If the work is an attempt, the attempt counts as begun from here:
   * whoever finds it begun by another cannot know whether the request left.
   */
  public Account taken(String owner, Instant at) {
    Draft next = new Draft(this);
    next.work = new Work(at, owner);
    if (wantsAttempt()) {
      // Whatever kept it from being taken when it was due, it was no trying.
      Attempts before =
          work != null && work.owner() == null ? attempts.waited(work.due(), at) : attempts;
      next.attempts = before.begun(at);
    }
    return next.done();
  }

  /** The account is there. */
  public Account created(String serviceAccountId, String userName, Origin origin, Attempt attempt) {
    Draft next = draftFrom(AccountState.PENDING);
    next.state = AccountState.ACTIVE;
    next.attempts = attempts.ended(attempt);
    next.existence = new Existence(serviceAccountId, userName, origin, attempt.at());
    next.tell(Announcement.Kind.CREATED, null, attempt.at());
    return next.done();
  }

  /** Only a human can decide, and no request was needed to know it. */
  public Account held(String why, Instant at) {
    return ended(AccountState.HELD, Announcement.Kind.HELD, why, at, attempts);
  }

  /** Only a human can decide what the service answered. */
  public Account held(String why, Attempt attempt) {
    return ended(
        AccountState.HELD, Announcement.Kind.HELD, why, attempt.at(), attempts.ended(attempt));
  }

  /** Given up without a further request. */
  public Account failed(String why, Instant at) {
    return ended(AccountState.FAILED, Announcement.Kind.FAILED, why, at, attempts);
  }

  /** Given up for what the service answered. */
  public Account failed(String why, Attempt attempt) {
    return ended(
        AccountState.FAILED, Announcement.Kind.FAILED, why, attempt.at(), attempts.ended(attempt));
  }

  private Account ended(
      AccountState end, Announcement.Kind kind, String why, Instant at, Attempts tries) {
    Draft next = draftFrom(AccountState.PENDING);
    next.state = end;
    next.reason = why;
    next.attempts = tries;
    next.tell(kind, why, at);
    return next.done();
  }

  /** To be tried again from {@code due} on, by whoever has room. */
  public Account deferred(Attempt attempt, Instant due) {
    Draft next = draftFrom(AccountState.PENDING);
    next.attempts = attempts.ended(attempt);
    next.work = new Work(due, null);
    return next.done();
  }

  /** No request left: a permit, a quota or a circuit stood in the way. The try does not count. */
  public Account waiting(Instant due) {
    Draft next = draftFrom(AccountState.PENDING);
    next.attempts = attempts.notBegun().waited(work == null ? due : work.due(), due);
    next.work = new Work(due, null);
    return next.done();
  }

  /** Kafka has the oldest announcement. */
  public Account announced() {
    Draft next = new Draft(this);
    next.announcements = announcements.subList(1, announcements.size());
    if (next.announcements.isEmpty()) {
      next.work = null;
    }
    return next.done();
  }

  /** Whoever worked on it lets go; the work is due from {@code due} on, for anybody. */
  public Account released(Instant due) {
    Draft next = new Draft(this);
    next.work = new Work(due, null);
    return next.done();
  }

  /** Whether the next piece of work is a try at the service. */
  public boolean wantsAttempt() {
    return state == AccountState.PENDING && announcements.isEmpty();
  }

  /** Whether the next piece of work is to tell Kafka. */
  public boolean wantsAnnouncing() {
    return !announcements.isEmpty();
  }

  /** Whether the try under way is the very first, so that nothing of ours can be there yet. */
  public boolean onFirstAttempt() {
    return attempts.count() == 1;
  }

  /** Whether nobody wrote down how the try before this one ended: its request may be on its way. */
  public boolean triedWithoutKnownEnd() {
    int ended = attempts.history().isEmpty() ? 0 : attempts.history().getLast().number();
    return ended < attempts.count() - 1;
  }

  /** Whether it has been tried for longer than {@code limit}. */
  public boolean triedLongerThan(Duration limit, Instant now) {
    return attempts.since() != null && attempts.since().plus(limit).isBefore(now);
  }

  private Draft draftFrom(AccountState expected) {
    if (state != expected) {
      throw new IllegalStateException(key + " is " + state + ", not " + expected);
    }
    return new Draft(this);
  }

  /** The next version in the making. */
  private static final class Draft {
    private final Account from;
    private final long version;
    private AccountState state;
    private @Nullable String reason;
    private Attempts attempts;
    private @Nullable Existence existence;
    private @Nullable Work work;
    private List<Announcement> announcements;

    Draft(Account from) {
      this.from = from;
      version = from.version + 1;
      state = from.state;
      reason = from.reason;
      attempts = from.attempts;
      existence = from.existence;
      work = from.work;
      announcements = from.announcements;
    }

    void tell(Announcement.Kind kind, @Nullable String why, Instant at) {
      List<Announcement> all = new ArrayList<>(announcements);
      all.add(new Announcement(version, at, kind, why));
      announcements = List.copyOf(all);
      // Whoever made the transition tells of it, unless nobody owns the account.
      work = new Work(at, work == null ? null : work.owner());
    }

    Account done() {
      return new Account(
          from.key,
          version,
          state,
          reason,
          from.profile,
          from.grant,
          attempts,
          existence,
          work,
          announcements,
          from.createdAt);
    }
  }
}
