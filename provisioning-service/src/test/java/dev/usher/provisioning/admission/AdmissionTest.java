package dev.usher.provisioning.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.policy.ActorKind;
import dev.usher.policy.Decision;
import dev.usher.policy.Decisions;
import dev.usher.policy.Facts;
import dev.usher.policy.LoadResult;
import dev.usher.policy.Occasion;
import dev.usher.policy.Outcome;
import dev.usher.policy.PolicySet;
import dev.usher.policy.Service;
import dev.usher.policy.SignInOutcome;
import dev.usher.policy.TenantSource;
import dev.usher.policy.Trigger;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountDesk;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.Existence;
import dev.usher.provisioning.account.Leavers;
import dev.usher.provisioning.account.MailboxStore.Mailbox;
import dev.usher.provisioning.account.Origin;
import dev.usher.provisioning.account.State;
import dev.usher.provisioning.account.SuspensionCause;
import dev.usher.provisioning.account.Task;
import dev.usher.provisioning.account.Wanted;
import dev.usher.provisioning.person.IdentityChange;
import dev.usher.provisioning.person.InMemoryPersonStore;
import dev.usher.provisioning.person.KeptDecision;
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
import org.junit.jupiter.api.Test;

/** What sign-ins lead to, and what they do not. */
final class AdmissionTest {

  private static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");
  private static final String STAFF = "https://id.acme.example";
  private static final String TOPIC = "identity.sign-ins";

  private static final String TENANT =
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

  private final AccountsInMemory accounts = new AccountsInMemory();
  private final Map<Mailbox, PersonKey> mailboxes = new HashMap<>();
  private final InMemoryPersonStore people = new InMemoryPersonStore();
  private final List<Verdict> verdicts = new ArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final List<String> losses = new ArrayList<>();
  private final List<String> turnedAway = new ArrayList<>();
  private long nanos;
  private final SpeakingRights rights =
      new SpeakingRights(Map.of(TOPIC, Set.of("*"), "theirs", Set.of("https://other.example")));
  private PolicySet policies = policies(TENANT);
  private final Admission admission =
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

  private Map<Mailbox, PersonKey> claim(Map<Mailbox, PersonKey> claims) {
    claims.forEach(mailboxes::putIfAbsent);
    Map<Mailbox, PersonKey> holders = new HashMap<>(mailboxes);
    holders.keySet().retainAll(claims.keySet());
    return holders;
  }

  /** What admission asked for. */
  private static final class AccountsInMemory implements Admission.Accounts {
    private final Map<AccountKey, Account> opened = new HashMap<>();
    private final List<Integer> batches = new ArrayList<>();
    private int reads;
    private boolean down;
    private final List<Integer> peopleRead = new ArrayList<>();
    private final Map<PersonKey, Standing> left = new HashMap<>();
    private Runnable beforeReading = () -> {};
    private Runnable beforeAsking = () -> {};

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

    private void checkUp() {
      if (down) {
        throw new StoreUnavailableException("down", new IllegalStateException("in a test"));
      }
    }
  }

  private static PolicySet policies(String tenant) {
    return switch (PolicySet.load(List.of(new TenantSource("acme.yaml", tenant)))) {
      case LoadResult.Loaded loaded -> loaded.policies();
      case LoadResult.Refused refused -> throw new AssertionError(refused.problems());
    };
  }

  private static Facts.Builder facts(String subject) {
    return Facts.signIn()
        .issuer(STAFF)
        .subject(subject)
        .email(subject + "@ACME.example")
        .outcome(SignInOutcome.SUCCESS)
        .actorKind(ActorKind.HUMAN)
        .at(NOW);
  }

  private static SignIn signIn(Facts.Builder facts) {
    return signIn(facts, TOPIC);
  }

  private static SignIn signIn(Facts.Builder facts, String topic) {
    return new SignIn(
        "event-1",
        NOW,
        topic,
        null,
        facts.build(),
        new Profile(null, "ada", "Ada", null, null, null, null));
  }

  private static AccountKey key(String subject, String service) {
    return new AccountKey(new PersonKey("acme", "staff", subject), service);
  }

  @Test
  void aPermittedSignInAsksForAnAccountWithTheDecisionAndItsFacts() {
    SignIn signIn = signIn(facts("ada"));
    admission.admit(List.of(signIn));

    assertThat(accounts.opened.keySet()).containsExactly(key("ada", "slack"));
    Account account = accounts.opened.values().iterator().next();
    assertThat(account.state()).isEqualTo(new State.Pending(false));
    assertThat(account.profile().email()).isEqualTo("ada@acme.example");
    assertThat(account.grant().rule()).isEqualTo("anyone-at-acme");
    assertThat(account.grant().policyRevision()).isEqualTo(policies.revision());
    assertThat(account.grant().trigger()).isEqualTo(Trigger.FIRST_SIGN_IN);
    assertThat(account.grant().causationId()).isEqualTo("event-1");
    assertThat(account.grant().facts()).isEqualTo(signIn.facts());
  }

  @Test
  void aServiceWithAnAppSignInTriggerWaitsForOneOfItsApplications() {
    admission.admit(List.of(signIn(facts("ada").application("another"))));
    assertThat(accounts.opened.keySet()).containsExactly(key("ada", "slack"));

    admission.admit(List.of(signIn(facts("ada").application("0oa1wiki"))));
    assertThat(accounts.opened.keySet())
        .containsExactlyInAnyOrder(key("ada", "slack"), key("ada", "wiki"));
    assertThat(accounts.opened.get(key("ada", "wiki")))
        .extracting(account -> account.grant().trigger())
        .isEqualTo(Trigger.APP_SIGN_IN);
  }

  @Test
  void aServiceThatOnlyObservesIsDecidedAndGetsNoAccount() {
    admission.admit(List.of(signIn(facts("ada"))));

    Verdict.Decided decided = (Verdict.Decided) verdicts.getFirst();
    List<String> permitted =
        IntStream.range(0, decided.decisions().size())
            .mapToObj(decided.decisions()::get)
            .filter(Decision::permitted)
            .map(decision -> decision.service().id())
            .toList();
    assertThat(permitted).contains("crm");
    assertThat(accounts.opened).doesNotContainKey(key("ada", "crm"));
  }

  @Test
  void repeatsAreDecidedAgainAndCostNoRead() {
    admission.admit(List.of(signIn(facts("ada"))));
    int reads = accounts.reads;
    for (int i = 0; i < 10; i++) {
      admission.admit(List.of(signIn(facts("ada"))));
    }
    assertThat(accounts.reads).isEqualTo(reads);
    assertThat(verdicts).hasSize(11).allMatch(Verdict.Decided.class::isInstance);
  }

  @Test
  void repeatsInOneBatchAreOneAccountAndLargeBatchesAreSplit() {
    List<SignIn> batch = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      batch.add(signIn(facts("p" + i % 1_250)));
    }
    admission.admit(batch);
    assertThat(accounts.opened).hasSize(1_250);
    assertThat(accounts.batches).containsExactly(AccountDesk.BATCH_LIMIT, 250);
  }

  @Test
  void aKnownAddressWithANewSubjectIsHeld() {
    admission.admit(List.of(signIn(facts("ada"))));
    admission.admit(List.of(signIn(facts("eve").email("ada@acme.example"))));

    Account held = Objects.requireNonNull(accounts.opened.get(key("eve", "slack")));
    assertThat(held.task()).contains(Task.ANNOUNCE);
    assertThat(((State.Held) held.state()).reason()).doesNotContain("@");
  }

  @Test
  void twoSubjectsWithOneAddressInOneBatchDoNotBothGetIt() {
    admission.admit(List.of(signIn(facts("ada")), signIn(facts("eve").email("Ada@acme.EXAMPLE"))));
    assertThat(accounts.opened.values())
        .extracting(account -> account.state().name())
        .containsExactlyInAnyOrder("PENDING", "HELD");
  }

  @Test
  void anIssuerMaySpeakOnItsTopicsOnly() {
    admission.admit(List.of(signIn(facts("ada"), "theirs"), signIn(facts("ada"), "unheard-of")));
    assertThat(reasons()).containsExactly("issuer-not-on-topic", "issuer-not-on-topic");
    assertThat(accounts.opened).isEmpty();
  }

  @Test
  void whatIsTooOldOrFromTheFutureIsTurnedAway() {
    admission.admit(
        List.of(
            signIn(facts("ada").at(NOW.minus(Duration.ofHours(24)).minusMillis(1))),
            signIn(facts("ada").at(NOW.plus(Duration.ofMinutes(5)).plusMillis(1)))));
    assertThat(reasons()).containsExactly("stale", "from-the-future");
    assertThat(accounts.opened).isEmpty();

    admission.admit(List.of(signIn(facts("ada").at(NOW.minus(Duration.ofHours(24))))));
    assertThat(accounts.opened).hasSize(1);
  }

  @Test
  void gatesTurnAwayWithTheirReason() {
    admission.admit(
        List.of(
            signIn(facts("ada").outcome(SignInOutcome.FAILURE)),
            signIn(facts("ada").outcome(null)),
            signIn(facts("ada").actorKind(ActorKind.SERVICE)),
            signIn(facts("ada").issuer("https://nobody.example")),
            signIn(facts("ada").emailVerified(false))));
    assertThat(reasons())
        .containsExactly(
            "not-a-success", "not-a-success", "not-human", "unknown-issuer", "email-not-verified");
    assertThat(accounts.opened).isEmpty();
    assertThat(mailboxes).as("who is not let in claims no mailbox").isEmpty();
  }

  @Test
  void withoutTheDatabaseNothingIsRememberedAsSettled() {
    accounts.down = true;
    assertThatThrownBy(() -> admission.admit(List.of(signIn(facts("ada")))))
        .isInstanceOf(StoreUnavailableException.class);
    accounts.down = false;

    admission.admit(List.of(signIn(facts("ada"))));

    assertThat(accounts.opened).hasSize(1);
  }

  @Test
  void whatWasReadLongAgoIsReadAgain() {
    admission.admit(List.of(signIn(facts("ada"))));
    int reads = accounts.reads;
    nanos = Duration.ofMinutes(5).toNanos();
    admission.admit(List.of(signIn(facts("ada"))));
    assertThat(accounts.reads).isEqualTo(reads);
    nanos++;
    admission.admit(List.of(signIn(facts("ada"))));
    assertThat(accounts.reads).isEqualTo(reads + 1);
  }

  @Test
  void aDecisionIsKeptOnceAndItsRepeatsAreCounted() {
    admission.admit(List.of(signIn(facts("ada"))));
    KeptDecision first = kept("ada", "slack");
    assertThat(first.outcome()).isEqualTo(Outcome.PERMITTED);
    assertThat(first.rule()).isEqualTo("anyone-at-acme");
    assertThat(first.revision()).isEqualTo(policies.revision());
    assertThat(first.count()).isEqualTo(1);

    Instant tomorrow = NOW.plus(Duration.ofHours(23));
    for (int i = 0; i < 9; i++) {
      admission.admit(List.of(signIn(facts("ada").at(NOW.plusSeconds(i)))));
    }
    admission.flushLastSeen();
    assertThat(kept("ada", "slack").count()).as("nothing is written the same day").isEqualTo(1);
    admission.admit(List.of(signInAt(facts("ada").at(tomorrow), tomorrow)));
    admission.flushLastSeen();
    assertThat(kept("ada", "slack").count()).isEqualTo(11);
    assertThat(kept("ada", "slack").first()).isEqualTo(NOW);
    assertThat(kept("ada", "slack").last()).isEqualTo(tomorrow);
  }

  @Test
  void aChangedDecisionIsKeptAndARefusalCanBeLookedUp() {
    admission.admit(List.of(signIn(facts("ada"))));
    admission.admit(List.of(signIn(facts("ada").emailVerified(false))));
    assertThat(kept("ada", "slack"))
        .extracting(KeptDecision::outcome, KeptDecision::reason)
        .containsExactly(Outcome.REFUSED, "email-not-verified");
    admission.admit(List.of(signIn(facts("eve").outcome(SignInOutcome.FAILURE))));
    assertThat(people.find(List.of(person("eve"))))
        .as("whoever fails to sign in fills no database")
        .isEmpty();
  }

  @Test
  void applicationsAreNotedOnceADay() {
    for (int i = 0; i < 3; i++) {
      admission.admit(List.of(signIn(facts("ada").application("0oa1wiki").at(NOW.plusSeconds(i)))));
      admission.flushLastSeen();
    }
    assertThat(person("ada", people).lastSeen()).containsEntry("0oa1wiki", NOW);
  }

  @Test
  void whoHasLeftGetsNothingUntilTheyAreBack() {
    admission.change(List.of(change(IdentityChange.Kind.LEFT, "ada", NOW)));
    admission.admit(List.of(signIn(facts("ada").at(NOW.plusSeconds(60)))));
    assertThat(accounts.opened).isEmpty();
    assertThat(reasonsOf(verdicts)).contains("left");

    admission.change(List.of(change(IdentityChange.Kind.RETURNED, "ada", NOW.minusSeconds(1))));
    admission.admit(List.of(signIn(facts("ada").at(NOW.plusSeconds(61)))));
    assertThat(accounts.opened).as("they came back before they left").isEmpty();

    admission.change(List.of(change(IdentityChange.Kind.RETURNED, "ada", NOW.plusSeconds(70))));
    admission.admit(List.of(signIn(facts("ada").at(NOW.plusSeconds(71)))));
    assertThat(accounts.opened).containsOnlyKeys(key("ada", "slack"));
  }

  @Test
  void whoLeavesWhileTheirAccountIsAskedForIsTurnedAwayAndNotRemembered() {
    Standing left = new Standing(Standing.Kind.LEFT, NOW.plusSeconds(1), "elsewhere");
    accounts.beforeAsking = () -> people.apply(Map.of(person("ada"), left));
    admission.admit(List.of(signIn(facts("ada")), signIn(facts("eve").email("eve@acme.example"))));

    assertThat(accounts.left).isEqualTo(Map.of(person("ada"), left));
    assertThat(reasonsOf(verdicts)).containsExactly("left");
    assertThat(person("ada", people).decisions()).isEmpty();
    assertThat(person("eve", people).decisions()).containsKey("slack");

    admission.admit(List.of(signIn(facts("ada").at(NOW.plusSeconds(2)))));
    assertThat(reasonsOf(verdicts)).containsExactly("left", "left");
  }

  @Test
  void whoseServicesAreThereThoughNothingIsKeptOfThemIsTakenForWhoTheyAre() {
    Account hers = opened(signIn(facts("ada")));
    accounts.opened.put(
        hers.key(),
        active(hers).suspending(new Wanted.Suspended(SuspensionCause.DORMANT, NOW, null), NOW));

    admission.admit(List.of(signIn(facts("ada").at(NOW.plusSeconds(1)))));

    assertThat(accounts.opened).containsOnlyKeys(hers.key());
    assertThat(accounts.opened.get(hers.key()).wanted()).isInstanceOf(Wanted.Present.class);
  }

  @Test
  void aLeaversAccountsAreSuspendedHoweverOldTheNewsIs() {
    admission.admit(List.of(signIn(facts("ada").application("0oa1wiki"))));
    accounts.opened.replaceAll((_, account) -> active(account));
    admission.change(
        List.of(change(IdentityChange.Kind.LEFT, "ada", NOW.minus(Duration.ofDays(9)))));
    assertThat(accounts.opened.values())
        .hasSize(2)
        .allSatisfy(account -> assertThat(account.task()).contains(Task.SUSPEND));

    admission.change(List.of(change(IdentityChange.Kind.RETURNED, "ada", NOW)));
    assertThat(accounts.opened.values())
        .allSatisfy(account -> assertThat(account.wanted()).isInstanceOf(Wanted.Present.class));
  }

  @Test
  void moreLeaversThanTheStoreTakesAtOnceAreTakenInRounds() {
    List<IdentityChange> leavers = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      leavers.add(change(IdentityChange.Kind.LEFT, "p" + i % 2_100, NOW));
    }
    admission.change(leavers);
    assertThat(
            people.leftAmong(IntStream.range(1_500, 2_100).mapToObj(i -> person("p" + i)).toList()))
        .hasSize(600);
    assertThat(accounts.peopleRead)
        .hasSize(2_100 / AccountDesk.PEOPLE_LIMIT)
        .containsOnly(AccountDesk.PEOPLE_LIMIT);
  }

  @Test
  void changesOfManyPeopleAreTakenUpTogether() {
    int many = AccountDesk.PEOPLE_LIMIT + 50;
    for (int i = 0; i < many; i++) {
      admission.admit(List.of(signIn(facts("p" + i).email("p" + i + "@acme.example"))));
    }
    accounts.opened.replaceAll((_, account) -> active(account));

    admission.change(
        IntStream.range(0, many)
            .mapToObj(i -> renamed("p" + i, "p" + i + "@acme.example", "P " + i, NOW))
            .toList());

    assertThat(accounts.peopleRead).containsExactly(AccountDesk.PEOPLE_LIMIT, 50);
    assertThat(accounts.opened.values())
        .hasSize(many)
        .allSatisfy(
            account ->
                assertThat(account.profile().displayName())
                    .isEqualTo("P " + account.key().person().subject().substring(1)));
  }

  @Test
  void ofSeveralChangesAtOnceTheLatestCountsAndAnAddressIsWhosAskedFirst() {
    admission.admit(List.of(signIn(facts("ada"))));
    admission.admit(List.of(signIn(facts("eve").email("eve@acme.example"))));
    accounts.opened.replaceAll((_, account) -> active(account));

    admission.change(
        List.of(
            renamed("eve", "countess@acme.example", "Eve the First", NOW.plusSeconds(3)),
            renamed("ada", "countess@acme.example", "Ada L.", NOW.plusSeconds(2)),
            renamed("ada", "ada@acme.example", "Ada B.", NOW.plusSeconds(1))));

    assertThat(accounts.opened.get(key("ada", "slack")))
        .extracting(Account::profile)
        .isEqualTo(new Profile("ada@acme.example", "ada", "Ada L.", null, null, null, null));
    assertThat(accounts.opened.get(key("eve", "slack")))
        .extracting(account -> account.profile().email())
        .isEqualTo("countess@acme.example");
  }

  private static IdentityChange renamed(
      String subject, String email, String displayName, Instant at) {
    return new IdentityChange(
        IdentityChange.Kind.CHANGED,
        "change-1",
        NOW,
        TOPIC,
        null,
        facts(subject).email(email).at(at).build(),
        new Profile(email, subject, displayName, null, null, null, null));
  }

  @Test
  void whatADirectoryDoesNotSayOfAPersonStaysAsItWas() {
    admission.admit(List.of(signIn(facts("ada"))));
    accounts.opened.replaceAll((_, account) -> active(account));
    admission.change(
        List.of(
            new IdentityChange(
                IdentityChange.Kind.CHANGED,
                "change-1",
                NOW,
                TOPIC,
                null,
                facts("ada").email(null).build(),
                new Profile(null, null, null, null, null, "de-CH", null))));

    Account changed = Objects.requireNonNull(accounts.opened.get(key("ada", "slack")));
    assertThat(changed.profile())
        .isEqualTo(new Profile("ada@acme.example", "ada", "Ada", null, null, "de-CH", null));
  }

  @Test
  void whatLeadsToNothingIsTold() {
    admission.change(
        List.of(
            change(IdentityChange.Kind.LEFT, "ada", NOW.plus(Duration.ofDays(1))),
            change(IdentityChange.Kind.CHANGED, "ada", NOW.minus(Duration.ofDays(9)))));
    assertThat(turnedAway).containsExactly("from-the-future", "stale");
  }

  @Test
  void whoMayNotSpeakOnATopicSendsNobodyAway() {
    admission.admit(List.of(signIn(facts("ada"))));
    admission.change(
        List.of(
            new IdentityChange(
                IdentityChange.Kind.LEFT,
                "e",
                NOW,
                "theirs",
                null,
                facts("ada").build(),
                new Profile(null, null, null, null, null, null, null)),
            change(IdentityChange.Kind.LEFT, "ada", NOW.plus(Duration.ofDays(1)))));
    assertThat(accounts.opened.values())
        .allSatisfy(account -> assertThat(account.wanted()).isInstanceOf(Wanted.Present.class));
    assertThat(people.leftAmong(List.of(person("ada")))).isEmpty();
  }

  @Test
  void aJoinerGetsTheAccountsThatMustBeThereBeforehand() {
    policies = policies(TENANT.replace("trigger: app-sign-in", "trigger: joiner"));
    admission.change(
        List.of(
            new IdentityChange(
                IdentityChange.Kind.JOINED,
                "joiner-1",
                NOW,
                TOPIC,
                null,
                Facts.on(Occasion.JOINER)
                    .issuer(STAFF)
                    .subject("ada")
                    .email("ada@acme.example")
                    .outcome(SignInOutcome.SUCCESS)
                    .actorKind(ActorKind.HUMAN)
                    .at(NOW)
                    .build(),
                new Profile(null, "ada", "Ada", null, null, null, null))));
    assertThat(accounts.opened).containsOnlyKeys(key("ada", "wiki"));
    assertThat(accounts.opened.get(key("ada", "wiki")))
        .extracting(account -> account.grant().trigger())
        .isEqualTo(Trigger.JOINER);
  }

  @Test
  void aChangedPersonIsTakenUpAndKeepsTheAddressThatIsTheirs() {
    admission.admit(List.of(signIn(facts("ada")), signIn(facts("eve"))));
    accounts.opened.replaceAll((_, account) -> active(account));
    admission.change(List.of(renamed("ada", "eve@acme.example", "Ada L.", NOW)));

    Account changed = Objects.requireNonNull(accounts.opened.get(key("ada", "slack")));
    assertThat(changed.task()).contains(Task.UPDATE);
    assertThat(changed.profile().displayName()).isEqualTo("Ada L.");
    assertThat(changed.profile().email()).isEqualTo("ada@acme.example");
  }

  @Test
  void losingPermissionIsReportedOrSuspendsAsTheServiceSays() {
    admission.admit(List.of(signIn(facts("ada"))));
    accounts.opened.replaceAll((_, account) -> active(account));
    policies = policies(TENANT.replace("permit: anyone-at-acme", "forbid: anyone-at-acme"));
    admission.admit(List.of(signIn(facts("ada").at(NOW.plusSeconds(1)))));
    assertThat(losses).containsExactly("slack");
    assertThat(accounts.opened.values())
        .allSatisfy(account -> assertThat(account.wanted()).isInstanceOf(Wanted.Present.class));

    policies =
        policies(
            TENANT
                .replace("permit: anyone-at-acme", "forbid: anyone-at-acme")
                .replace("  slack:\n", "  slack:\n    on-loss: suspend\n"));
    admission.admit(List.of(signIn(facts("ada").at(NOW.plusSeconds(2)))));
    assertThat(accounts.opened.values())
        .allSatisfy(account -> assertThat(account.task()).contains(Task.SUSPEND));
  }

  /** One service, which suspends whoever signs in from elsewhere than the office. */
  private static PolicySet officeOnly() {
    return policies(
        """
        tenant: acme
        issuers:
          staff: {id: "https://id.acme.example", vouches-for: [acme.example]}
        domains: [acme.example]
        services:
          slack:
            connector: {type: scim}
            on-loss: suspend
            join:
              - permit: anyone-in-the-office
                domain: acme.example
                network: 203.0.113.0/24
        """);
  }

  private static SignIn fromOffice(Instant at) {
    return signIn(facts("ada").clientIp("203.0.113.7").at(at));
  }

  private static SignIn fromHome(Instant at) {
    return signIn(facts("ada").clientIp("198.51.100.7").at(at));
  }

  @Test
  void aRefusalThatTakesAwayDoesSoThoughAnotherInstanceMadeTheAccountSince() {
    policies = officeOnly();
    admission.admit(List.of(fromHome(NOW)));
    Account made = active(opened(fromOffice(NOW.plusSeconds(1))));
    accounts.opened.put(made.key(), made);

    admission.admit(List.of(fromHome(NOW.plusSeconds(2))));

    assertThat(accounts.opened.get(made.key()).task()).contains(Task.SUSPEND);
  }

  /** The account that another instance makes of it. */
  private Account opened(SignIn signIn) {
    Admissions others = new Admissions(policies, TOPIC, 1_000, NOW, List.of());
    others.admission().admit(List.of(signIn));
    return others.of(List.of(new PersonKey("acme", "staff", "ada"))).getFirst();
  }

  @Test
  void aLaterRefusalOfTheSameBatchKeepsTheAccountFromBeingMadeAndAnEarlierOneDoesNot() {
    policies = officeOnly();
    admission.admit(List.of(fromOffice(NOW), fromHome(NOW.plusSeconds(1))));
    assertThat(accounts.opened).isEmpty();

    admission.admit(List.of(fromOffice(NOW.plusSeconds(3)), fromHome(NOW.plusSeconds(2))));
    assertThat(accounts.opened).hasSize(1);
  }

  @Test
  void aRefusalThatIsOlderThanWhatWasDecidedLastTakesNothingAway() {
    policies = officeOnly();
    admission.admit(List.of(fromOffice(NOW)));
    accounts.opened.replaceAll((_, account) -> active(account));
    admission.admit(List.of(fromHome(NOW.plusSeconds(10))));
    accounts.opened.replaceAll(
        (_, account) -> account.wanted() instanceof Wanted.Suspended ? active(taken()) : account);

    admission.admit(List.of(fromHome(NOW.plusSeconds(5))));

    assertThat(accounts.opened.values())
        .allSatisfy(account -> assertThat(account.wanted()).isInstanceOf(Wanted.Present.class));
  }

  private Account taken() {
    return opened(fromOffice(NOW));
  }

  @Test
  void whoReturnsWhileAnotherInstanceStillWritesThatTheyLeftIsBack() {
    admission.admit(List.of(signIn(facts("ada"))));
    accounts.opened.replaceAll((_, account) -> active(account));
    Instant left = NOW.plusSeconds(10);
    Instant returned = NOW.plusSeconds(20);
    accounts.beforeReading =
        () ->
            people.apply(
                Map.of(person("ada"), new Standing(Standing.Kind.PRESENT, returned, "elsewhere")));

    admission.change(List.of(change(IdentityChange.Kind.LEFT, "ada", left)));

    assertThat(accounts.opened.values())
        .allSatisfy(
            account ->
                assertThat(account.wanted()).isEqualTo(new Wanted.Present(returned, "elsewhere")));
  }

  @Test
  void aDormantAccountIsRevivedOnceItIsNoLongerTakenForSettled() {
    admission.admit(List.of(signIn(facts("ada"))));
    accounts.opened.replaceAll(
        (_, account) ->
            active(account)
                .suspending(new Wanted.Suspended(SuspensionCause.DORMANT, NOW, null), NOW));
    admission.forget(person("ada"));
    admission.admit(List.of(signIn(facts("ada").at(NOW.plusSeconds(1)))));
    assertThat(accounts.opened.values())
        .allSatisfy(account -> assertThat(account.wanted()).isInstanceOf(Wanted.Present.class));
  }

  @Test
  void beforeALaterAttemptThePolicyIsAskedAgain() {
    admission.admit(List.of(signIn(facts("ada"))));
    Account account = Objects.requireNonNull(accounts.opened.get(key("ada", "slack")));
    assertThat(admission.refusal(account)).isEmpty();

    policies = policies(TENANT.replace("permit: anyone-at-acme", "forbid: anyone-at-acme"));
    assertThat(admission.refusal(account)).get().asString().startsWith("No longer permitted");

    policies = policies(TENANT.replace("  slack:", "  chat:"));
    assertThat(admission.refusal(account)).get().asString().contains("no longer the tenant's");
  }

  @Test
  void signInsAreCountedAsTheyWereDecidedHoweverManyInARowAreAlike() {
    SignIn refused = signIn(facts("eve").email("eve@elsewhere.example"));
    SignIn stale = signIn(facts("ada").at(NOW.minus(Duration.ofDays(9))));
    SignIn noSuccess = signIn(facts("ada").outcome(SignInOutcome.FAILURE));
    SignIn unknown = signIn(facts("ada").issuer("https://nobody.example"));
    admission.admit(
        List.of(
            signIn(facts("ada")),
            signIn(facts("grace").email("grace@acme.example")),
            refused,
            refused,
            signIn(facts("ada")),
            noSuccess,
            noSuccess,
            stale,
            unknown,
            signIn(facts("ada"))));

    assertThat(counts).hasSizeGreaterThan(4);
    assertThat(counts)
        .isEqualTo(
            verdicts.stream()
                .collect(
                    Collectors.groupingBy(AdmissionTest::said, Collectors.summingInt(_ -> 1))));
  }

  private static String said(Verdict verdict) {
    return switch (verdict) {
      case Verdict.TurnedAway away -> away.reason();
      case Verdict.Decided(Decisions all) ->
          IntStream.range(0, all.size())
              .mapToObj(i -> all.get(i).service().id() + ' ' + all.get(i).reason().text())
              .collect(Collectors.joining(", "));
    };
  }

  private List<String> reasons() {
    return verdicts.stream().map(each -> ((Verdict.TurnedAway) each).reason()).toList();
  }

  private static List<String> reasonsOf(List<Verdict> verdicts) {
    return verdicts.stream()
        .filter(Verdict.TurnedAway.class::isInstance)
        .map(each -> ((Verdict.TurnedAway) each).reason())
        .toList();
  }

  private static PersonKey person(String subject) {
    return new PersonKey("acme", "staff", subject);
  }

  private static Person person(String subject, InMemoryPersonStore people) {
    return Objects.requireNonNull(people.find(List.of(person(subject))).get(person(subject)));
  }

  private KeptDecision kept(String subject, String service) {
    return Objects.requireNonNull(person(subject, people).decisions().get(service));
  }

  private static SignIn signInAt(Facts.Builder facts, Instant appendedAt) {
    return new SignIn(
        "event-1",
        appendedAt,
        TOPIC,
        null,
        facts.build(),
        new Profile(null, "ada", "Ada", null, null, null, null));
  }

  private static IdentityChange change(IdentityChange.Kind kind, String subject, Instant at) {
    return new IdentityChange(
        kind,
        "change-1",
        at.isAfter(NOW.plus(Duration.ofHours(1))) ? NOW : at.isBefore(NOW) ? NOW : at,
        TOPIC,
        null,
        facts(subject).at(at).build(),
        new Profile(null, null, null, null, null, null, null));
  }

  private static Account active(Account taken) {
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
