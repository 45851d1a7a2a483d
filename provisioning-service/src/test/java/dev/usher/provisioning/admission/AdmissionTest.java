package dev.usher.provisioning.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.policy.ActorKind;
import dev.usher.policy.Decision;
import dev.usher.policy.Facts;
import dev.usher.policy.Outcome;
import dev.usher.policy.PolicySet;
import dev.usher.policy.SignInOutcome;
import dev.usher.policy.Trigger;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountDesk;
import dev.usher.provisioning.account.State;
import dev.usher.provisioning.account.SuspensionCause;
import dev.usher.provisioning.account.Task;
import dev.usher.provisioning.account.Wanted;
import dev.usher.provisioning.person.KeptDecision;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.person.SignIn;
import dev.usher.provisioning.person.Standing;
import dev.usher.provisioning.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What sign-ins lead to, and what they do not. */
final class AdmissionTest extends AdmissionRig {

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
                .collect(Collectors.groupingBy(AdmissionRig::said, Collectors.summingInt(_ -> 1))));
  }

  private List<String> reasons() {
    return verdicts.stream().map(each -> ((Verdict.TurnedAway) each).reason()).toList();
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
}
