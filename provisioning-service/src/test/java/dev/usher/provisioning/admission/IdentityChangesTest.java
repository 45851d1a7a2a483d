package dev.usher.provisioning.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.policy.ActorKind;
import dev.usher.policy.Facts;
import dev.usher.policy.Occasion;
import dev.usher.policy.SignInOutcome;
import dev.usher.policy.Trigger;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountDesk;
import dev.usher.provisioning.account.Task;
import dev.usher.provisioning.account.Wanted;
import dev.usher.provisioning.person.IdentityChange;
import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.person.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the news of directories leads to, and what it does not. */
final class IdentityChangesTest extends AdmissionRig {

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
}
