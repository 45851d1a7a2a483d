package dev.usher.provisioning.admission;

import dev.usher.policy.Decision;
import dev.usher.policy.OnLoss;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.MailboxStore;
import dev.usher.provisioning.account.MailboxStore.Mailbox;
import dev.usher.provisioning.account.State;
import dev.usher.provisioning.account.Wanted;
import dev.usher.provisioning.person.KeptDecision;
import dev.usher.provisioning.person.Person;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.person.PersonStore;
import dev.usher.provisioning.person.Standing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads what stands of the people who arrived, and makes durable what their arrival calls for: one
 * read of each kind for all of them, and one write of each kind.
 */
final class Settling {

  private static final String MAILBOX_HELD =
      "The e-mail address belongs to another person of the tenant.";

  private final Admission.Accounts accounts;
  private final MailboxStore mailboxes;
  private final PersonStore people;
  private final InstantSource clock;
  private final List<AdmissionObserver> observers;

  private final Map<PersonKey, Person> persons = new HashMap<>();
  private final Map<PersonKey, Standing> leftMeanwhile = new HashMap<>();
  private final Map<PersonKey, Map<String, KeptDecision>> decisions = new LinkedHashMap<>();
  private final Map<AccountKey, Call> missing = new LinkedHashMap<>();
  private final Map<AccountKey, Call> asked = new LinkedHashMap<>();
  private final Map<AccountKey, Call> lost = new LinkedHashMap<>();
  private final Set<PersonKey> takenBack = new HashSet<>();
  private boolean decisionsKept;

  /** For one round of arrivals. */
  Settling(
      Admission.Accounts accounts,
      MailboxStore mailboxes,
      PersonStore people,
      InstantSource clock,
      List<AdmissionObserver> observers) {
    this.accounts = accounts;
    this.mailboxes = mailboxes;
    this.people = people;
    this.clock = clock;
    this.observers = observers;
  }

  /** One service of one arrival. */
  private record Call(Arrival arrival, int service) {}

  /**
   * Settles them. When this returns, all that they call for is durable; doing it again changes
   * nothing.
   *
   * @param arrivals with at most as many people and {@link #interest accounts of interest} as one
   *     call of the stores takes
   */
  void settle(List<Arrival> arrivals) {
    Set<PersonKey> who = new LinkedHashSet<>();
    Map<AccountKey, Call> which = new LinkedHashMap<>();
    for (Arrival arrival : arrivals) {
      who.add(arrival.person());
      for (int i = 0; i < arrival.decisions().size(); i++) {
        if (interests(arrival, i)) {
          which.put(arrival.account(i), new Call(arrival, i));
        }
      }
    }
    persons.putAll(people.find(who));
    which.values().removeIf(this::isFirst);
    Map<AccountKey, Account> existing = new HashMap<>(accounts.find(which.keySet()));
    for (Arrival arrival : arrivals) {
      compare(arrival, existing);
    }
    openMissing(existing);
    keepDecisions();
    Instant now = clock.instant();
    change(
        asked,
        existing,
        (account, call) ->
            account.askedAgain(
                call.arrival.signIn().profile().withEmail(account.profile().email()),
                call.arrival.grant(call.service),
                now));
    change(
        lost,
        existing,
        (account, call) ->
            account.lostPermission(call.arrival.at(), call.arrival.signIn().eventId(), now));
  }

  /**
   * Whether it wants an account for somebody of whom nothing is kept. There is hardly ever one, and
   * if there is, it is found when the new one is refused.
   */
  private boolean isFirst(Call call) {
    return call.arrival.wants(call.service) && !persons.containsKey(call.arrival.person());
  }

  /** What is kept of a person whose arrival was settled; null if nothing was. */
  @Nullable Person person(PersonKey key) {
    return persons.get(key);
  }

  /** Whether something new is kept of the person's decisions. */
  boolean kept(PersonKey key) {
    return decisions.containsKey(key);
  }

  /** Whether the person has left, so that nothing they want comes true until they are back. */
  boolean hasLeft(PersonKey key) {
    Person person = persons.get(key);
    return leftMeanwhile.containsKey(key)
        || (person != null && person.standing() != null && person.standing().left());
  }

  /**
   * Whether nothing of the arrival is to be remembered: it may take something away whenever it
   * comes again, or something that an arrival of the person wanted was not asked for.
   */
  boolean staysOpen(Arrival arrival) {
    return arrival.mayTakeAway() || takenBack.contains(arrival.person());
  }

  /** How many accounts are to be read for the arrival. */
  static int interest(Arrival arrival) {
    int count = 0;
    for (int i = 0; i < arrival.decisions().size(); i++) {
      if (interests(arrival, i)) {
        count++;
      }
    }
    return count;
  }

  private static boolean interests(Arrival arrival, int service) {
    Decision decision = arrival.decisions().get(service);
    return arrival.wants(service)
        || (!decision.permitted() && decision.service().onLoss() != OnLoss.KEEP);
  }

  /** Sees what of the arrival is not there yet. */
  private void compare(Arrival arrival, Map<AccountKey, Account> existing) {
    if (hasLeft(arrival.person())) {
      return;
    }
    for (int i = 0; i < arrival.decisions().size(); i++) {
      keep(arrival, arrival.kept(i));
      if (interests(arrival, i)) {
        call(new Call(arrival, i), existing.get(arrival.account(i)));
      }
    }
  }

  private void call(Call call, @Nullable Account account) {
    Arrival arrival = call.arrival;
    AccountKey key = arrival.account(call.service);
    if (arrival.wants(call.service)) {
      if (account == null) {
        missing.putIfAbsent(key, call);
      } else if (!account.settled()) {
        asked.put(key, call);
      }
    } else if (account != null && account.wanted() instanceof Wanted.Present) {
      Decision decision = arrival.decisions().get(call.service);
      if (arrival.takesAway(call.service) && !decidedLater(arrival, decision)) {
        lost.put(key, call);
      }
      observers.forEach(observer -> observer.lostPermission(decision.service()));
    } else if (arrival.takesAway(call.service)) {
      Call asking = missing.get(key);
      if (asking != null && !asking.arrival.at().isAfter(arrival.at())) {
        missing.remove(key);
        takenBack.add(arrival.person());
      }
    }
  }

  /** Whether a later sign-in was decided already, so that this one is old news. */
  private boolean decidedLater(Arrival arrival, Decision decision) {
    Person person = persons.get(arrival.person());
    KeptDecision kept = person == null ? null : person.decisions().get(decision.service().id());
    return kept != null && kept.last().isAfter(arrival.at());
  }

  /** The latest decision counts, and only if it is another than the one that is kept. */
  private void keep(Arrival arrival, KeptDecision decision) {
    Person person = persons.get(arrival.person());
    Map<String, KeptDecision> changed = decisions.get(arrival.person());
    KeptDecision before = changed == null ? null : changed.get(decision.service());
    if (before == null && person != null) {
      before = person.decisions().get(decision.service());
    }
    if (before == null || (!before.same(decision) && !decision.last().isBefore(before.last()))) {
      decisions
          .computeIfAbsent(arrival.person(), _ -> new HashMap<>())
          .put(decision.service(), decision);
    }
  }

  private void keepDecisions() {
    if (!decisionsKept && !decisions.isEmpty()) {
      Map<PersonKey, List<KeptDecision>> all = HashMap.newHashMap(decisions.size());
      decisions.forEach((person, each) -> all.put(person, List.copyOf(each.values())));
      leftMeanwhile.putAll(people.keepDecisions(all));
    }
    decisionsKept = true;
  }

  /**
   * Those of the people who have left since they were read. Most of them are told by the write of
   * their decisions, which is due anyway.
   */
  private Map<PersonKey, Standing> leftAmong(Collection<PersonKey> claimed) {
    keepDecisions();
    List<PersonKey> others =
        claimed.stream().filter(person -> !decisions.containsKey(person)).toList();
    if (!others.isEmpty()) {
      leftMeanwhile.putAll(people.leftAmong(others));
    }
    return leftMeanwhile;
  }

  /** First the mailboxes, then the accounts: whoever gets an account holds its mailbox. */
  private void openMissing(Map<AccountKey, Account> existing) {
    if (missing.isEmpty()) {
      return;
    }
    Map<Mailbox, PersonKey> claims = new LinkedHashMap<>();
    missing.values().forEach(call -> claims.putIfAbsent(mailbox(call), call.arrival.person()));
    Map<Mailbox, PersonKey> holders = mailboxes.claim(claims);
    Instant now = clock.instant();
    List<Account> requested = new ArrayList<>(missing.size());
    missing.forEach(
        (key, call) -> {
          Mailbox mailbox = mailbox(call);
          Account account =
              Account.requested(
                  key,
                  call.arrival.signIn().profile().withEmail(mailbox.email()),
                  call.arrival.grant(call.service),
                  now);
          boolean holds = call.arrival.person().equals(holders.get(mailbox));
          requested.add(
              holds ? account : account.decided(new State.Pending(false).held(MAILBOX_HELD), now));
        });
    Map<AccountKey, Account> there = accounts.find(accounts.open(requested, this::leftAmong));
    existing.putAll(there);
    there.forEach((key, account) -> call(Objects.requireNonNull(missing.get(key)), account));
  }

  private static Mailbox mailbox(Call call) {
    return new Mailbox(
        call.arrival.person().tenant(), call.arrival.decisions().email().orElseThrow().toString());
  }

  private void change(
      Map<AccountKey, Call> calls,
      Map<AccountKey, Account> existing,
      BiFunction<Account, Call, Account> change) {
    if (!calls.isEmpty()) {
      accounts.change(
          calls.keySet().stream().map(key -> Objects.requireNonNull(existing.get(key))).toList(),
          account -> change.apply(account, Objects.requireNonNull(calls.get(account.key()))));
    }
  }
}
