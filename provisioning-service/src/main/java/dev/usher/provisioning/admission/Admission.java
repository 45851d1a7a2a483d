package dev.usher.provisioning.admission;

import dev.usher.policy.Decision;
import dev.usher.policy.Decisions;
import dev.usher.policy.Facts;
import dev.usher.policy.Issuer;
import dev.usher.policy.Mode;
import dev.usher.policy.PolicySet;
import dev.usher.policy.Reason;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountDesk;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.Leavers;
import dev.usher.provisioning.account.MailboxStore;
import dev.usher.provisioning.account.MailboxStore.Mailbox;
import dev.usher.provisioning.person.IdentityChange;
import dev.usher.provisioning.person.Person;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.person.PersonStore;
import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.person.Seen;
import dev.usher.provisioning.person.SignIn;
import dev.usher.provisioning.person.Standing;
import dev.usher.provisioning.tenant.TopicProperties.SpeakingRights;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;

/**
 * Decides each sign-in, and asks for the accounts that it calls for; and takes in what directories
 * say of people.
 */
public final class Admission {

  private static final Verdict.TurnedAway NOT_ITS_TOPIC =
      new Verdict.TurnedAway(
          "issuer-not-on-topic", "The issuer may not speak on the topic that this came in on.");
  private static final Verdict.TurnedAway STALE =
      new Verdict.TurnedAway("stale", "It happened too long before the broker got it.");
  private static final Verdict.TurnedAway FROM_THE_FUTURE =
      new Verdict.TurnedAway("from-the-future", "It claims to happen after the broker got it.");
  private static final Verdict LEFT =
      new Verdict.TurnedAway("left", "The directory says that the person has left.");

  private final Supplier<PolicySet> inForce;
  private final Accounts accounts;
  private final MailboxStore mailboxes;
  private final PersonStore people;
  private final SpeakingRights rights;
  private final KnownPeople known;
  private final LastSeen lastSeen;
  private final Duration maxAge;
  private final Duration maxClockSkew;
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
    this.rights = rights;
    this.known = new KnownPeople(properties.settledPeople(), properties.settledFor());
    this.lastSeen = new LastSeen(people, properties.lastSeenLimit());
    this.maxAge = properties.maxAge();
    this.maxClockSkew = properties.maxClockSkew();
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.observers = List.copyOf(observers);
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
      Verdict untimely = untimely(signIn.facts(), signIn.topic(), signIn.appendedAt());
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
   * @param changes gone through once
   * @throws dev.usher.provisioning.store.StoreUnavailableException while the database cannot be
   *     reached; then do it again
   */
  public void change(Iterable<IdentityChange> changes) {
    PolicySet policies = inForce.get();
    Map<PersonKey, Standing> standings = new LinkedHashMap<>();
    List<SignIn> joiners = new ArrayList<>();
    List<IdentityChange> updates = new ArrayList<>();
    for (IdentityChange change : changes) {
      Facts facts = change.facts();
      Verdict.TurnedAway untimely = untimely(facts, change.topic(), change.appendedAt());
      Optional<Issuer> issuer = policies.issuer(Objects.requireNonNull(facts.issuer()));
      if (issuer.isEmpty() && untimely == null) {
        untimely = Verdict.TurnedAway.by(Reason.UNKNOWN_ISSUER);
      }
      if (untimely != null) {
        turnedAway(change, untimely);
      }
      if (issuer.isEmpty() || NOT_ITS_TOPIC.equals(untimely) || FROM_THE_FUTURE.equals(untimely)) {
        continue;
      }
      Standing standing = standing(change);
      if (standing != null) {
        standings.merge(
            person(issuer.get(), facts),
            standing,
            (before, after) -> after.outranks(before) ? after : before);
      }
      if (untimely == null) {
        // That somebody left or came back is never too old; the rest is what may be a replay.
        switch (change.kind()) {
          case JOINED -> joiners.add(arrived(change));
          case CHANGED -> updates.add(change);
          case LEFT, RETURNED -> {}
        }
      }
    }
    applyStandings(standings);
    admit(joiners);
    updates.stream()
        .map(change -> update(policies, change))
        .gather(Gatherers.windowFixed(AccountDesk.PEOPLE_LIMIT))
        .forEach(this::applyUpdates);
  }

  private void turnedAway(IdentityChange change, Verdict.TurnedAway why) {
    observers.forEach(observer -> observer.turnedAway(change, why));
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

  /** Why it does not even come to a decision; null if it does. */
  private Verdict.@Nullable TurnedAway untimely(Facts facts, String topic, Instant appendedAt) {
    String issuer = facts.issuer();
    if (issuer == null || !rights.allow(issuer, topic)) {
      return NOT_ITS_TOPIC;
    }
    Instant at = facts.at();
    if (at == null || at.plus(maxAge).isBefore(appendedAt)) {
      return STALE;
    }
    return at.minus(maxClockSkew).isAfter(appendedAt) ? FROM_THE_FUTURE : null;
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
    PersonKey person = person(decisions.issuer().orElseThrow(), signIn.facts());
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

  private static PersonKey person(Issuer issuer, Facts facts) {
    return new PersonKey(issuer.tenant(), issuer.id(), Objects.requireNonNull(facts.subject()));
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

  private static SignIn arrived(IdentityChange change) {
    return new SignIn(
        change.eventId(),
        change.appendedAt(),
        change.topic(),
        change.traceparent(),
        change.facts(),
        change.profile());
  }

  private static @Nullable Standing standing(IdentityChange change) {
    Instant at = Objects.requireNonNull(change.facts().at());
    return switch (change.kind()) {
      case JOINED, RETURNED -> new Standing(Standing.Kind.PRESENT, at, change.eventId());
      case LEFT -> new Standing(Standing.Kind.LEFT, at, change.eventId());
      case CHANGED -> null;
    };
  }

  /** First the people, so that it holds even for an account that is being asked for just now. */
  private void applyStandings(Map<PersonKey, Standing> standings) {
    Map<PersonKey, Standing> inForce = applied(standings);
    while (!inForce.isEmpty()) {
      changeAccounts(inForce);
      inForce = outranking(inForce);
    }
  }

  private void changeAccounts(Map<PersonKey, Standing> standings) {
    Instant now = clock.instant();
    standings.keySet().forEach(known::forget);
    standings.keySet().stream()
        .gather(Gatherers.windowFixed(AccountDesk.PEOPLE_LIMIT))
        .forEach(
            people ->
                accounts.change(
                    accounts.of(people),
                    account -> {
                      Standing standing =
                          Objects.requireNonNull(standings.get(account.key().person()));
                      return standing.left()
                          ? account.left(standing, now)
                          : account.returned(standing, now);
                    }));
  }

  /**
   * What is in force by now instead: another instance may have had a later one, and have been done
   * with the accounts before this one was.
   */
  private Map<PersonKey, Standing> outranking(Map<PersonKey, Standing> applied) {
    Map<PersonKey, Standing> later = new LinkedHashMap<>();
    applied.keySet().stream()
        .gather(Gatherers.windowFixed(PersonStore.BATCH_LIMIT))
        .flatMap(keys -> people.find(keys).entrySet().stream())
        .forEach(
            found -> {
              PersonKey key = found.getKey();
              Standing standing = found.getValue().standing();
              if (standing != null && standing.outranks(Objects.requireNonNull(applied.get(key)))) {
                later.put(key, standing);
              }
            });
    return later;
  }

  /** Makes the standings durable, in rounds that the store can take. */
  private Map<PersonKey, Standing> applied(Map<PersonKey, Standing> standings) {
    Map<PersonKey, Standing> applied = new LinkedHashMap<>();
    standings.entrySet().stream()
        .gather(Gatherers.windowFixed(PersonStore.BATCH_LIMIT))
        .map(round -> round.stream().collect(Collectors.toMap(Entry::getKey, Entry::getValue)))
        .forEach(round -> applied.putAll(people.apply(round)));
    return applied;
  }

  /** What a directory says that a person is by now. */
  private record Update(
      PersonKey person, Profile profile, @Nullable Mailbox mailbox, Instant since) {

    /**
     * The account as the person is now. A new e-mail address counts only if the person could sign
     * in with it, and holds the mailbox.
     */
    Account applied(Account account, Map<Mailbox, PersonKey> holders, Instant now) {
      String email =
          mailbox != null && person.equals(holders.get(mailbox))
              ? mailbox.email()
              : account.profile().email();
      return account.changed(
          profile.withUnknownFrom(account.profile()).withEmail(email), since, now);
    }
  }

  private static Update update(PolicySet policies, IdentityChange change) {
    Decisions decisions = policies.decide(change.facts());
    PersonKey person = person(decisions.issuer().orElseThrow(), change.facts());
    return new Update(
        person,
        change.profile(),
        decisions.email().map(email -> new Mailbox(person.tenant(), email.toString())).orElse(null),
        Objects.requireNonNull(change.facts().at()));
  }

  /**
   * Brings these people's accounts up to date.
   *
   * @param updates in the order in which they came, of at most {@link AccountDesk#PEOPLE_LIMIT}
   *     people
   */
  private void applyUpdates(List<Update> updates) {
    Map<PersonKey, List<Update>> byPerson =
        updates.stream().collect(Collectors.groupingBy(Update::person));
    List<Account> theirs = accounts.of(byPerson.keySet());
    Set<PersonKey> having =
        theirs.stream().map(account -> account.key().person()).collect(Collectors.toSet());
    Map<Mailbox, PersonKey> claims = new LinkedHashMap<>();
    for (Update update : updates) {
      if (update.mailbox() != null && having.contains(update.person())) {
        claims.putIfAbsent(update.mailbox(), update.person());
      }
    }
    Map<Mailbox, PersonKey> holders = claims.isEmpty() ? Map.of() : mailboxes.claim(claims);
    Instant now = clock.instant();
    accounts.change(
        theirs,
        account -> {
          Account next = account;
          for (Update update : byPerson.getOrDefault(account.key().person(), List.of())) {
            next = update.applied(next, holders, now);
          }
          return next;
        });
  }
}
