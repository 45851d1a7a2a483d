package dev.usher.provisioning.admission;

import dev.usher.policy.Decision;
import dev.usher.policy.Decisions;
import dev.usher.policy.Mode;
import dev.usher.policy.PolicySet;
import dev.usher.policy.Reason;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountDesk;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.Leavers;
import dev.usher.provisioning.account.MailboxStore;
import dev.usher.provisioning.person.IdentityChange;
import dev.usher.provisioning.person.Person;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.person.PersonStore;
import dev.usher.provisioning.person.Seen;
import dev.usher.provisioning.person.SignIn;
import dev.usher.provisioning.tenant.TopicProperties.SpeakingRights;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Decides each sign-in, and asks for the accounts that it calls for; and takes in what directories
 * say of people.
 */
public final class Admission {

  private static final Verdict LEFT =
      new Verdict.TurnedAway("left", "The directory says that the person has left.");

  private final Supplier<PolicySet> inForce;
  private final Accounts accounts;
  private final MailboxStore mailboxes;
  private final PersonStore people;
  private final Gates gates;
  private final KnownPeople known;
  private final LastSeen lastSeen;
  private final IdentityChanges changes;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final List<AdmissionObserver> observers;

  Admission(
      Supplier<PolicySet> inForce,
      Accounts accounts,
      MailboxStore mailboxes,
      PersonStore people,
      SpeakingRights rights,
      AdmissionProperties properties,
      InstantSource clock,
      LongSupplier nanoTime,
      List<AdmissionObserver> observers) {
    this.inForce = inForce;
    this.accounts = accounts;
    this.mailboxes = mailboxes;
    this.people = people;
    this.gates = new Gates(rights, properties.maxAge(), properties.maxClockSkew());
    this.known = new KnownPeople(properties.settledPeople(), properties.settledFor());
    this.lastSeen = new LastSeen(people, properties.lastSeenLimit());
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.observers = List.copyOf(observers);
    this.changes =
        new IdentityChanges(
            accounts, mailboxes, people, gates, clock, known::forget, this::admit, observers);
  }

  /** What admission asks of the accounts. */
  interface Accounts {

    /** Those of these that exist. */
    Map<AccountKey, Account> find(Collection<AccountKey> keys);

    /**
     * The people's.
     *
     * @param people at most {@link AccountDesk#PEOPLE_LIMIT}
     */
    List<Account> of(Collection<PersonKey> people);

    /**
     * Makes those durable that do not exist yet, and starts their work.
     *
     * @param leavers asked, if at all, once they are durable and before their work begins
     * @return those that exist already
     */
    Set<AccountKey> open(List<Account> requested, Leavers leavers);

    /** Changes those that were read, as they stand by now. */
    void change(Collection<Account> read, UnaryOperator<Account> change);
  }

  /**
   * Decides the sign-ins and asks for the accounts they call for. When this returns, all that they
   * call for is durable; doing it again changes nothing.
   *
   * @param signIns gone through once
   * @throws dev.usher.provisioning.store.StoreUnavailableException while the database cannot be
   *     reached; then do it again
   */
  public void admit(Iterable<SignIn> signIns) {
    PolicySet policies = inForce.get();
    long nanos = nanoTime.getAsLong();
    List<Arrival> arrivals = new ArrayList<>();
    Streak streak = new Streak(observers);
    long[] wanted = new long[1];
    for (SignIn signIn : signIns) {
      Verdict untimely = gates.untimely(signIn.facts(), signIn.topic(), signIn.appendedAt());
      if (untimely != null) {
        told(signIn, untimely);
        continue;
      }
      Decisions decisions = policies.decide(signIn.facts());
      streak.add(decisions);
      if (isSomebody(decisions)) {
        wanted = wanted(signIn, decisions, wanted);
        Arrival arrival = arrival(signIn, decisions, streak.fingerprint(), wanted, nanos);
        if (arrival != null) {
          arrivals.add(arrival);
        }
      }
      Verdict verdict = Verdict.of(decisions);
      for (AdmissionObserver observer : observers) {
        observer.decided(signIn, verdict);
      }
    }
    streak.end();
    settle(arrivals, nanos);
  }

  private void told(SignIn signIn, Verdict verdict) {
    for (AdmissionObserver observer : observers) {
      observer.decided(signIn, verdict);
      observer.counted(verdict, 1);
    }
  }

  /**
   * Takes in what directories say of people. When this returns, all that it calls for is durable;
   * doing it again changes nothing.
   *
   * @param news gone through once
   * @throws dev.usher.provisioning.store.StoreUnavailableException while the database cannot be
   *     reached; then do it again
   */
  public void change(Iterable<IdentityChange> news) {
    changes.takeIn(news, inForce.get());
  }

  /** Forgets what is remembered of the person, whose accounts have changed elsewhere. */
  public void forget(PersonKey person) {
    known.forget(person);
  }

  /** Forgets what is remembered of everybody, when changes elsewhere may have been missed. */
  public void forgetAll() {
    known.forgetAll();
  }

  /** Writes when people were last seen. */
  void flushLastSeen() {
    lastSeen.flush();
  }

  /** Why the account may not be made any more; empty if it still may. */
  Optional<String> refusal(Account account) {
    PolicySet policies = inForce.get();
    Optional<Decision> decision = policies.decide(account.grant().facts(), account.key().service());
    if (decision.isPresent() && decision.get().service().mode() == Mode.OBSERVE) {
      return Optional.of("The service only observes.");
    }
    if (decision.isEmpty()) {
      return Optional.of("The issuer or the service is no longer the tenant's.");
    }
    return decision.get().permitted()
        ? Optional.empty()
        : Optional.of("No longer permitted: " + decision.get().sentence());
  }

  /**
   * Whether it is about a person of a tenant, of whom something is kept even if they are refused.
   */
  private static boolean isSomebody(Decisions decisions) {
    Optional<Reason> gate = decisions.gate();
    return gate.isEmpty() || gate.get().compareTo(Reason.UNKNOWN_ISSUER) > 0;
  }

  /**
   * A bit for each service that is to have an account for the sign-in, in {@code reused} if it
   * fits.
   */
  private static long[] wanted(SignIn signIn, Decisions decisions, long[] reused) {
    int words = words(decisions);
    long[] wanted = reused.length >= words ? reused : new long[words];
    Arrays.fill(wanted, 0);
    for (int i = 0; i < decisions.size(); i++) {
      Decision decision = decisions.get(i);
      if (decision.permitted() && Arrival.trigger(decision.service(), signIn) != null) {
        wanted[i >> 6] |= 1L << i;
      }
    }
    return wanted;
  }

  private static int words(Decisions decisions) {
    return (decisions.size() + 63) >> 6;
  }

  /** The sign-in as an arrival; null if it says nothing that is not known. */
  private @Nullable Arrival arrival(
      SignIn signIn, Decisions decisions, long fingerprint, long[] wanted, long nanos) {
    PersonKey person = Arrival.person(decisions.issuer().orElseThrow(), signIn.facts());
    int words = words(decisions);
    Instant at = Objects.requireNonNull(signIn.facts().at());
    if (known.repeated(
        person, fingerprint, wanted, words, nanos, at, signIn.facts().application())) {
      return null;
    }
    Known covering = known.covering(person, fingerprint, wanted, words, nanos);
    if (covering == null) {
      return new Arrival(
          person,
          signIn,
          decisions,
          fingerprint,
          BitSet.valueOf(Arrays.copyOf(wanted, words)),
          known.generation(person));
    }
    note(covering, person, signIn, decisions, true);
    return null;
  }

  private void note(
      Known known, PersonKey person, SignIn signIn, Decisions decisions, boolean repeat) {
    Seen seen =
        known.note(
            Objects.requireNonNull(signIn.facts().at()),
            signIn.facts().application(),
            decisions,
            repeat);
    if (seen != null && !lastSeen.note(person, seen)) {
      known.notWritten(seen);
    }
  }

  /** In rounds that the stores can take. */
  private void settle(List<Arrival> arrivals, long nanos) {
    int from = 0;
    int interest = 0;
    for (int i = 0; i < arrivals.size(); i++) {
      int more = Settling.interest(arrivals.get(i));
      if (i > from
          && (interest + more > AccountDesk.BATCH_LIMIT || i - from == PersonStore.BATCH_LIMIT)) {
        settleRound(arrivals.subList(from, i), nanos);
        from = i;
        interest = 0;
      }
      interest += more;
    }
    if (from < arrivals.size()) {
      settleRound(arrivals.subList(from, arrivals.size()), nanos);
    }
  }

  private void settleRound(List<Arrival> arrivals, long nanos) {
    Settling settling = new Settling(accounts, mailboxes, people, clock, observers);
    settling.settle(arrivals);
    for (Arrival arrival : arrivals) {
      if (settling.hasLeft(arrival.person())) {
        told(arrival.signIn(), LEFT);
      } else {
        remember(arrival, settling, nanos);
      }
    }
  }

  private void remember(Arrival arrival, Settling settling, long nanos) {
    Known now =
        known.remember(
            arrival.person(),
            settling.staysOpen(arrival) ? KnownPeople.NEVER : arrival.generation(),
            arrival.fingerprint(),
            Arrays.copyOf(arrival.wanted().toLongArray(), words(arrival.decisions())),
            nanos);
    Person person = settling.person(arrival.person());
    if (person != null) {
      person.decisions().values().forEach(decision -> now.noted(decision.last(), null));
      person.lastSeen().forEach((application, at) -> now.noted(at, application));
    }
    boolean kept = settling.kept(arrival.person());
    if (kept) {
      // What was just kept says that they were here today, if not in which application.
      now.noted(arrival.at(), null);
    }
    note(now, arrival.person(), arrival.signIn(), arrival.decisions(), !kept);
  }
}
