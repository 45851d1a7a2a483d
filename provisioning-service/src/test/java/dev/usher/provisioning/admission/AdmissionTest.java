package dev.usher.provisioning.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.policy.ActorKind;
import dev.usher.policy.Decision;
import dev.usher.policy.Facts;
import dev.usher.policy.LoadResult;
import dev.usher.policy.PolicySet;
import dev.usher.policy.SignInOutcome;
import dev.usher.policy.TenantSource;
import dev.usher.policy.Trigger;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountDesk;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.AccountState;
import dev.usher.provisioning.account.MailboxStore.Mailbox;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.person.SignIn;
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
  private final List<Verdict> verdicts = new ArrayList<>();
  private final SpeakingRights rights =
      new SpeakingRights(Map.of(TOPIC, Set.of("*"), "theirs", Set.of("https://other.example")));
  private PolicySet policies = policies(TENANT);
  private final Admission admission =
      new Admission(
          () -> policies,
          accounts,
          this::claim,
          rights,
          new AdmissionProperties(
              Duration.ofHours(24), Duration.ofMinutes(5), 1_000, Duration.ofMinutes(5)),
          () -> NOW,
          List.of((_, verdict) -> verdicts.add(verdict)));

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

    @Override
    public Set<AccountKey> existing(Collection<AccountKey> keys) {
      if (down) {
        throw new StoreUnavailableException("down", new IllegalStateException("in a test"));
      }
      reads++;
      Set<AccountKey> existing = new HashSet<>(opened.keySet());
      existing.retainAll(keys);
      return existing;
    }

    @Override
    public void open(List<Account> requested) {
      batches.add(requested.size());
      requested.forEach(account -> opened.put(account.key(), account));
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
    assertThat(account.state()).isEqualTo(AccountState.PENDING);
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
    assertThat(held.state()).isEqualTo(AccountState.HELD);
    assertThat(held.wantsAnnouncing()).isTrue();
    assertThat(held.reason()).doesNotContain("@");
  }

  @Test
  void twoSubjectsWithOneAddressInOneBatchDoNotBothGetIt() {
    admission.admit(List.of(signIn(facts("ada")), signIn(facts("eve").email("Ada@acme.EXAMPLE"))));
    assertThat(accounts.opened.values())
        .extracting(Account::state)
        .containsExactlyInAnyOrder(AccountState.PENDING, AccountState.HELD);
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
  void beforeALaterAttemptThePolicyIsAskedAgain() {
    admission.admit(List.of(signIn(facts("ada"))));
    Account account = Objects.requireNonNull(accounts.opened.get(key("ada", "slack")));
    assertThat(admission.refusal(account)).isEmpty();

    policies = policies(TENANT.replace("permit: anyone-at-acme", "forbid: anyone-at-acme"));
    assertThat(admission.refusal(account)).get().asString().startsWith("No longer permitted");

    policies = policies(TENANT.replace("  slack:", "  chat:"));
    assertThat(admission.refusal(account)).get().asString().contains("no longer the tenant's");
  }

  private List<String> reasons() {
    return verdicts.stream().map(each -> ((Verdict.TurnedAway) each).reason()).toList();
  }
}
