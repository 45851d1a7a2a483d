package dev.usher.provisioning.admission;

import dev.usher.policy.Decision;
import dev.usher.policy.Decisions;
import dev.usher.policy.EmailAddress;
import dev.usher.policy.Issuer;
import dev.usher.policy.Mode;
import dev.usher.policy.PolicySet;
import dev.usher.policy.Service;
import dev.usher.policy.Trigger;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountDesk;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.Grant;
import dev.usher.provisioning.account.MailboxStore;
import dev.usher.provisioning.account.MailboxStore.Mailbox;
import dev.usher.provisioning.account.State;
import dev.usher.provisioning.person.IdentityChange;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.person.SignIn;
import dev.usher.provisioning.tenant.TopicProperties.SpeakingRights;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides each sign-in, and asks for the accounts that it calls for. */
public final class Admission {

  private static final Verdict NOT_ITS_TOPIC =
      new Verdict.TurnedAway(
          "issuer-not-on-topic", "The issuer may not speak on the topic that this came in on.");
  private static final Verdict STALE =
      new Verdict.TurnedAway("stale", "It happened too long before the broker got it.");
  private static final Verdict FROM_THE_FUTURE =
      new Verdict.TurnedAway("from-the-future", "It claims to happen after the broker got it.");
  private static final String MAILBOX_HELD =
      "The e-mail address belongs to another person of the tenant.";

  private final Supplier<PolicySet> inForce;
  private final Accounts accounts;
  private final MailboxStore mailboxes;
  private final SpeakingRights rights;
  private final SettledSet settled;
  private final Duration maxAge;
  private final Duration maxClockSkew;
  private final InstantSource clock;
  private final List<AdmissionObserver> observers;

  Admission(
      Supplier<PolicySet> inForce,
      Accounts accounts,
      MailboxStore mailboxes,
      SpeakingRights rights,
      AdmissionProperties properties,
      InstantSource clock,
      List<AdmissionObserver> observers) {
    this.inForce = inForce;
    this.accounts = accounts;
    this.mailboxes = mailboxes;
    this.rights = rights;
    this.settled = new SettledSet(properties.settledPeople(), properties.settledFor());
    this.maxAge = properties.maxAge();
    this.maxClockSkew = properties.maxClockSkew();
    this.clock = clock;
    this.observers = List.copyOf(observers);
  }

  /** What admission asks of the accounts. */
  interface Accounts {

    /** Which of these exist. */
    Set<AccountKey> existing(Collection<AccountKey> keys);

    /** Makes those durable that do not exist yet, and starts their work. */
    void open(List<Account> requested);
  }

  /** An account that a sign-in calls for, as long as nobody has looked whether it exists. */
  private record Wanted(PersonKey person, SignIn signIn, Mailbox mailbox, Grant grant) {}

  /**
   * Decides the sign-ins and asks for the accounts they call for. When this returns, all that they
   * call for is durable; doing it again changes nothing.
   *
   * @throws dev.usher.provisioning.store.StoreUnavailableException while the database cannot be
   *     reached; then do it again
   */
  public void admit(List<SignIn> signIns) {
    PolicySet policies = inForce.get();
    Map<AccountKey, Wanted> wanted = new LinkedHashMap<>();
    for (SignIn signIn : signIns) {
      Verdict verdict = judge(policies, signIn);
      if (verdict instanceof Verdict.Decided decided) {
        collect(signIn, decided.decisions(), wanted);
      }
      for (AdmissionObserver observer : observers) {
        observer.decided(signIn, verdict);
      }
    }
    List<Map.Entry<AccountKey, Wanted>> all = List.copyOf(wanted.entrySet());
    for (int from = 0; from < all.size(); from += AccountDesk.BATCH_LIMIT) {
      openMissing(all.subList(from, Math.min(all.size(), from + AccountDesk.BATCH_LIMIT)));
    }
  }

  /**
   * Takes in what directories say of people. When this returns, all that it calls for is durable;
   * doing it again changes nothing.
   *
   * @throws dev.usher.provisioning.store.StoreUnavailableException while the database cannot be
   *     reached; then do it again
   */
  public void change(List<IdentityChange> changes) {
    throw new UnsupportedOperationException("not yet: " + changes.size());
  }

  /** Forgets what is remembered of the person, whose accounts have changed elsewhere. */
  public void forget(PersonKey person) {
    throw new UnsupportedOperationException("not yet: " + person.inLogs());
  }

  private Verdict judge(PolicySet policies, SignIn signIn) {
    String issuer = signIn.facts().issuer();
    if (issuer == null || !rights.allow(issuer, signIn.topic())) {
      return NOT_ITS_TOPIC;
    }
    Instant at = signIn.facts().at();
    if (at == null || at.plus(maxAge).isBefore(signIn.appendedAt())) {
      return STALE;
    }
    if (at.minus(maxClockSkew).isAfter(signIn.appendedAt())) {
      return FROM_THE_FUTURE;
    }
    Decisions decisions = policies.decide(signIn.facts());
    return decisions
        .gate()
        .<Verdict>map(Verdict.TurnedAway::by)
        .orElseGet(() -> new Verdict.Decided(decisions));
  }

  private void collect(SignIn signIn, Decisions decisions, Map<AccountKey, Wanted> wanted) {
    Issuer issuer = decisions.issuer().orElseThrow();
    String subject = Objects.requireNonNull(signIn.facts().subject());
    PersonKey person = new PersonKey(issuer.tenant(), issuer.id(), subject);
    Set<String> settledServices = settled.servicesOf(person);
    @Nullable Mailbox mailbox = null;
    for (int i = 0; i < decisions.size(); i++) {
      Decision decision = decisions.get(i);
      Trigger trigger = decision.permitted() ? trigger(decision.service(), signIn) : null;
      if (trigger == null || settledServices.contains(decision.service().id())) {
        continue;
      }
      if (mailbox == null) {
        EmailAddress email = decisions.email().orElseThrow();
        mailbox = new Mailbox(issuer.tenant(), email.toString());
      }
      wanted.putIfAbsent(
          new AccountKey(person, decision.service().id()),
          new Wanted(person, signIn, mailbox, grant(signIn, decisions, decision, trigger)));
    }
  }

  /** What makes the service want an account for this sign-in; null if nothing does. */
  private static @Nullable Trigger trigger(Service service, SignIn signIn) {
    if (service.mode() == Mode.OBSERVE) {
      return null;
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

  private static Grant grant(
      SignIn signIn, Decisions decisions, Decision decision, Trigger trigger) {
    return new Grant(
        Objects.requireNonNull(decision.rule(), "a permit has a name"),
        decisions.revision(),
        decision.entitlements(),
        trigger,
        signIn.eventId(),
        signIn.traceparent(),
        signIn.appendedAt(),
        signIn.facts());
  }

  private void openMissing(List<Map.Entry<AccountKey, Wanted>> wanted) {
    Set<AccountKey> existing = accounts.existing(wanted.stream().map(Map.Entry::getKey).toList());
    List<Map.Entry<AccountKey, Wanted>> missing =
        wanted.stream().filter(entry -> !existing.contains(entry.getKey())).toList();
    if (!missing.isEmpty()) {
      open(missing);
    }
    wanted.forEach(entry -> settled.add(entry.getKey()));
  }

  /** First the mailboxes, then the accounts: whoever gets an account holds its mailbox. */
  private void open(List<Map.Entry<AccountKey, Wanted>> missing) {
    Map<Mailbox, PersonKey> claims = new LinkedHashMap<>();
    missing.forEach(
        entry -> claims.putIfAbsent(entry.getValue().mailbox(), entry.getValue().person()));
    Map<Mailbox, PersonKey> holders = mailboxes.claim(claims);
    Instant now = clock.instant();
    List<Account> requested = new ArrayList<>(missing.size());
    for (Map.Entry<AccountKey, Wanted> entry : missing) {
      Wanted wish = entry.getValue();
      Account account =
          Account.requested(
              entry.getKey(),
              wish.signIn().profile().withEmail(wish.mailbox().email()),
              wish.grant(),
              now);
      boolean holds = wish.person().equals(holders.get(wish.mailbox()));
      requested.add(
          holds ? account : account.decided(new State.Pending(false).held(MAILBOX_HELD), now));
    }
    accounts.open(requested);
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
}
