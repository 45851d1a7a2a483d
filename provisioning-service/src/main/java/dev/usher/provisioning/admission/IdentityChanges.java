package dev.usher.provisioning.admission;

import dev.usher.policy.Decisions;
import dev.usher.policy.Facts;
import dev.usher.policy.Issuer;
import dev.usher.policy.PolicySet;
import dev.usher.policy.Reason;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountDesk;
import dev.usher.provisioning.account.MailboxStore;
import dev.usher.provisioning.account.MailboxStore.Mailbox;
import dev.usher.provisioning.person.IdentityChange;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.person.PersonStore;
import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.person.SignIn;
import dev.usher.provisioning.person.Standing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;

/**
 * Takes in what directories say of people: who joined, who left and came back, and how somebody is
 * called now.
 */
final class IdentityChanges {

  private final Admission.Accounts accounts;
  private final MailboxStore mailboxes;
  private final PersonStore people;
  private final Gates gates;
  private final InstantSource clock;
  private final Consumer<PersonKey> forget;
  private final Consumer<List<SignIn>> admit;
  private final List<AdmissionObserver> observers;

  /**
   * @param forget has what is remembered of the person forgotten
   * @param admit has those who joined decided as if they had signed in
   */
  IdentityChanges(
      Admission.Accounts accounts,
      MailboxStore mailboxes,
      PersonStore people,
      Gates gates,
      InstantSource clock,
      Consumer<PersonKey> forget,
      Consumer<List<SignIn>> admit,
      List<AdmissionObserver> observers) {
    this.accounts = accounts;
    this.mailboxes = mailboxes;
    this.people = people;
    this.gates = gates;
    this.clock = clock;
    this.forget = forget;
    this.admit = admit;
    this.observers = List.copyOf(observers);
  }

  /**
   * Takes them in. When this returns, all that it calls for is durable; doing it again changes
   * nothing.
   *
   * @param changes gone through once
   * @param policies in force
   * @throws dev.usher.provisioning.store.StoreUnavailableException while the database cannot be
   *     reached; then do it again
   */
  void takeIn(Iterable<IdentityChange> changes, PolicySet policies) {
    Map<PersonKey, Standing> standings = new LinkedHashMap<>();
    List<SignIn> joiners = new ArrayList<>();
    List<IdentityChange> updates = new ArrayList<>();
    for (IdentityChange change : changes) {
      Facts facts = change.facts();
      Verdict.TurnedAway untimely = gates.untimely(facts, change.topic(), change.appendedAt());
      Optional<Issuer> issuer = policies.issuer(Objects.requireNonNull(facts.issuer()));
      if (issuer.isEmpty() && untimely == null) {
        untimely = Verdict.TurnedAway.by(Reason.UNKNOWN_ISSUER);
      }
      if (untimely != null) {
        turnedAway(change, untimely);
      }
      if (issuer.isEmpty()
          || Gates.NOT_ITS_TOPIC.equals(untimely)
          || Gates.FROM_THE_FUTURE.equals(untimely)) {
        continue;
      }
      Standing standing = standing(change);
      if (standing != null) {
        standings.merge(
            Arrival.person(issuer.get(), facts),
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
    admit.accept(joiners);
    updates.stream()
        .map(change -> update(policies, change))
        .gather(Gatherers.windowFixed(AccountDesk.PEOPLE_LIMIT))
        .forEach(this::applyUpdates);
  }

  private void turnedAway(IdentityChange change, Verdict.TurnedAway why) {
    observers.forEach(observer -> observer.turnedAway(change, why));
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
    standings.keySet().forEach(forget);
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
    PersonKey person = Arrival.person(decisions.issuer().orElseThrow(), change.facts());
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
