package dev.usher.provisioning.admission;

import dev.usher.policy.ActorKind;
import dev.usher.policy.Decisions;
import dev.usher.policy.Facts;
import dev.usher.policy.LoadResult;
import dev.usher.policy.PolicySet;
import dev.usher.policy.Service;
import dev.usher.policy.SignInOutcome;
import dev.usher.policy.TenantSource;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.Existence;
import dev.usher.provisioning.account.Leavers;
import dev.usher.provisioning.account.MailboxStore.Mailbox;
import dev.usher.provisioning.account.Origin;
import dev.usher.provisioning.account.State;
import dev.usher.provisioning.person.IdentityChange;
import dev.usher.provisioning.person.InMemoryPersonStore;
import dev.usher.provisioning.person.Person;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.person.SignIn;
import dev.usher.provisioning.person.Standing;
import dev.usher.provisioning.store.StoreUnavailableException;
import dev.usher.provisioning.tenant.TopicProperties.SpeakingRights;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Admission with all around it in memory, for tests that look at what it asked for. */
abstract class AdmissionRig {

  static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");
  static final String STAFF = "https://id.acme.example";
  static final String TOPIC = "identity.sign-ins";

  static final String TENANT =
      """
      tenant: acme
      issuers:
        staff: {id: "https://id.acme.example", vouches-for: [acme.example]}
      domains: [acme.example]
      services:
        slack:
          connector: {type: scim}
          join:
            - permit: anyone-at-acme
              domain: acme.example
        wiki:
          connector: {type: scim}
          trigger: app-sign-in
          applications: [0oa1wiki]
          join:
            - permit: anyone-at-acme
              domain: acme.example
        crm:
          connector: {type: scim}
          mode: observe
          join:
            - permit: anyone-at-acme
              domain: acme.example
      """;

  final AccountsInMemory accounts = new AccountsInMemory();
  final Map<Mailbox, PersonKey> mailboxes = new HashMap<>();
  final InMemoryPersonStore people = new InMemoryPersonStore();
  final List<Verdict> verdicts = new ArrayList<>();
  final Map<String, Integer> counts = new HashMap<>();
  final List<String> losses = new ArrayList<>();
  final List<String> turnedAway = new ArrayList<>();
  long nanos;
  final SpeakingRights rights =
      new SpeakingRights(Map.of(TOPIC, Set.of("*"), "theirs", Set.of("https://other.example")));
  PolicySet policies = policies(TENANT);
  final Admission admission =
      new Admission(
          () -> policies,
          accounts,
          this::claim,
          people,
          rights,
          new AdmissionProperties(
              Duration.ofHours(24),
              Duration.ofMinutes(5),
              1_000,
              Duration.ofMinutes(5),
              100,
              Duration.ofSeconds(5)),
          () -> NOW,
          () -> nanos,
          List.of(
              new AdmissionObserver() {
                @Override
                public void decided(SignIn signIn, Verdict verdict) {
                  verdicts.add(verdict);
                }

                @Override
                public void counted(Verdict verdict, int signIns) {
                  counts.merge(said(verdict), signIns, Integer::sum);
                }

                @Override
                public void turnedAway(IdentityChange change, Verdict.TurnedAway why) {
                  turnedAway.add(why.reason());
                }

                @Override
                public void lostPermission(Service service) {
                  losses.add(service.id());
                }
              }));

  Map<Mailbox, PersonKey> claim(Map<Mailbox, PersonKey> claims) {
    claims.forEach(mailboxes::putIfAbsent);
    Map<Mailbox, PersonKey> holders = new HashMap<>(mailboxes);
    holders.keySet().retainAll(claims.keySet());
    return holders;
  }

  /** What admission asked for. */
  static final class AccountsInMemory implements Admission.Accounts {
    final Map<AccountKey, Account> opened = new HashMap<>();
    final List<Integer> batches = new ArrayList<>();
    int reads;
    boolean down;
    final List<Integer> peopleRead = new ArrayList<>();
    final Map<PersonKey, Standing> left = new HashMap<>();
    Runnable beforeReading = () -> {};
    Runnable beforeAsking = () -> {};

    @Override
    public Map<AccountKey, Account> find(Collection<AccountKey> keys) {
      checkUp();
      reads += keys.isEmpty() ? 0 : 1;
      Map<AccountKey, Account> existing = new HashMap<>(opened);
      existing.keySet().retainAll(keys);
      return existing;
    }

    @Override
    public List<Account> of(Collection<PersonKey> people) {
      peopleRead.add(people.size());
      Runnable meanwhile = beforeReading;
      beforeReading = () -> {};
      meanwhile.run();
      return opened.values().stream()
          .filter(account -> people.contains(account.key().person()))
          .toList();
    }

    @Override
    public void change(Collection<Account> read, UnaryOperator<Account> change) {
      read.forEach(account -> opened.put(account.key(), change.apply(account)));
    }

    @Override
    public Set<AccountKey> open(List<Account> requested, Leavers leavers) {
      checkUp();
      batches.add(requested.size());
      Set<AccountKey> there = new HashSet<>(opened.keySet());
      there.retainAll(requested.stream().map(Account::key).toList());
      List<Account> inserted =
          requested.stream().filter(account -> !there.contains(account.key())).toList();
      inserted.forEach(account -> opened.put(account.key(), account.taken("me", NOW)));
      Runnable meanwhile = beforeAsking;
      beforeAsking = () -> {};
      meanwhile.run();
      left.putAll(
          leavers.among(inserted.stream().map(each -> each.key().person()).distinct().toList()));
      return there;
    }

    void checkUp() {
      if (down) {
        throw new StoreUnavailableException("down", new IllegalStateException("in a test"));
      }
    }
  }

  static PolicySet policies(String tenant) {
    return switch (PolicySet.load(List.of(new TenantSource("acme.yaml", tenant)))) {
      case LoadResult.Loaded loaded -> loaded.policies();
      case LoadResult.Refused refused -> throw new AssertionError(refused.problems());
    };
  }

  static Facts.Builder facts(String subject) {
    return Facts.signIn()
        .issuer(STAFF)
        .subject(subject)
        .email(subject + "@ACME.example")
        .outcome(SignInOutcome.SUCCESS)
        .actorKind(ActorKind.HUMAN)
        .at(NOW);
  }

  static SignIn signIn(Facts.Builder facts) {
    return signIn(facts, TOPIC);
  }

  static SignIn signIn(Facts.Builder facts, String topic) {
    return new SignIn(
        "event-1",
        NOW,
        topic,
        null,
        facts.build(),
        new Profile(null, "ada", "Ada", null, null, null, null));
  }

  static AccountKey key(String subject, String service) {
    return new AccountKey(new PersonKey("acme", "staff", subject), service);
  }

  static String said(Verdict verdict) {
    return switch (verdict) {
      case Verdict.TurnedAway away -> away.reason();
      case Verdict.Decided(Decisions all) ->
          IntStream.range(0, all.size())
              .mapToObj(i -> all.get(i).service().id() + ' ' + all.get(i).reason().text())
              .collect(Collectors.joining(", "));
    };
  }

  static List<String> reasonsOf(List<Verdict> verdicts) {
    return verdicts.stream()
        .filter(Verdict.TurnedAway.class::isInstance)
        .map(each -> ((Verdict.TurnedAway) each).reason())
        .toList();
  }

  static PersonKey person(String subject) {
    return new PersonKey("acme", "staff", subject);
  }

  static Person person(String subject, InMemoryPersonStore people) {
    return Objects.requireNonNull(people.find(List.of(person(subject))).get(person(subject)));
  }

  static Account active(Account taken) {
    return taken
        .after(
            ((State.Pending) taken.state())
                .created(new Existence("U1", "ada", Origin.CREATED, NOW)),
            "created",
            "",
            NOW)
        .announced(NOW);
  }
}
