package dev.usher.provisioning.account;

import static dev.usher.provisioning.account.Accounts.NOW;
import static dev.usher.provisioning.account.Accounts.created;
import static dev.usher.provisioning.account.Accounts.deferred;
import static dev.usher.provisioning.account.Accounts.pending;
import static dev.usher.provisioning.account.Accounts.requested;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.usher.policy.Facts;
import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.person.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The account's life, change by change. */
final class AccountTest {

  private static final Instant LATER = NOW.plusSeconds(60);
  private static final Standing LEFT = new Standing(Standing.Kind.LEFT, LATER, "leaver-1");
  private static final Standing BACK =
      new Standing(Standing.Kind.PRESENT, LATER.plusSeconds(60), "back-1");

  private static Account taken() {
    return requested("ada").taken("me", NOW);
  }

  private static Account active() {
    return created(taken()).written().announced(NOW.plusSeconds(1)).written();
  }

  private static Account suspended(SuspensionCause cause) {
    Account account =
        active().suspending(new Wanted.Suspended(cause, LATER, null), LATER).taken("me", LATER);
    return account
        .after(((State.Active) account.state()).suspended(cause), "done", "", LATER)
        .written()
        .announced(LATER)
        .written();
  }

  private static Grant grantAt(Instant at) {
    Grant grant = requested("ada").grant();
    return new Grant(
        grant.rule(),
        "next-revision",
        grant.entitlements(),
        grant.trigger(),
        "event-2",
        null,
        at,
        Facts.signIn().issuer("https://id.acme.example").at(at).build());
  }

  private static Account askedAgain(Account account, Instant at) {
    return account.askedAgain(account.profile(), grantAt(at), at);
  }

  @Test
  void itIsCreatedAndTold() {
    Account there = created(taken().written());

    assertThat(there.state()).isEqualTo(new State.Active(false));
    assertThat(there.task()).contains(Task.ANNOUNCE);
    assertThat(there.work())
        .as("whoever made it tells of it")
        .isEqualTo(new Account.Work(null, NOW.plusSeconds(1), "me"));
    assertThat(there.announcements())
        .containsExactly(
            new Announcement(
                2, NOW.plusSeconds(1), Announcement.Kind.CREATED, null, null, "event-1"));

    Account told = there.written().announced(LATER);
    assertThat(told.work()).as("nothing is left to do").isNull();
    assertThat(told.announcements()).isEmpty();
    assertThat(told.settled()).isTrue();
  }

  @Test
  void anAnnouncementsEventIdIsAFunctionOfAccountAndVersion() {
    Announcement one = created(taken()).announcements().getFirst();
    Announcement again =
        new Announcement(one.version(), LATER, Announcement.Kind.CREATED, "other", null, null);
    Announcement next = created(taken().written()).announcements().getFirst();

    assertThat(one.eventId(Accounts.key("ada"))).isEqualTo(again.eventId(Accounts.key("ada")));
    assertThat(one.eventId(Accounts.key("ada"))).isNotEqualTo(next.eventId(Accounts.key("ada")));
    assertThat(one.eventId(Accounts.key("ada"))).isNotEqualTo(one.eventId(Accounts.key("eve")));
  }

  @Test
  void anAttemptCountsFromWhenItIsTaken() {
    Account first = taken();
    assertThat(first.onFirstAttempt()).isTrue();
    assertThat(first.triedWithoutKnownEnd()).isFalse();

    Account second = first.taken("somebody else", LATER);
    assertThat(second.onFirstAttempt()).as("the first may have left its mark").isFalse();
    assertThat(second.triedWithoutKnownEnd()).isTrue();
    assertThat(second.attempts().since()).isEqualTo(NOW);
  }

  @Test
  void waitingIsNoAttemptAndStopsTheClock() {
    Account waited = taken().waiting(NOW, LATER);
    assertThat(waited.attempts().count()).isZero();
    assertThat(waited.work()).isEqualTo(new Account.Work(LATER, null, null));

    Account again = waited.taken("me", LATER);
    assertThat(again.onFirstAttempt()).as("no request of the wait ever left").isTrue();
    assertThat(again.triedLongerThan(Duration.ofSeconds(30), LATER.plusSeconds(20))).isFalse();
  }

  @Test
  void aServiceThatIsDownForDaysGivesUpNobody() {
    Duration limit = Duration.ofHours(1);
    Account account = deferred(taken(), LATER);
    Instant now = LATER;
    for (int i = 0; i < 100; i++) {
      // Nobody fetches it while the circuit is open; and when somebody does, the circuit is open.
      now = now.plus(Duration.ofHours(1));
      account = account.taken("me", now);
      assertThat(account.triedLongerThan(limit, now)).isFalse();
      account = account.waiting(now, now.plus(Duration.ofHours(1)));
      now = now.plus(Duration.ofHours(1));
    }
    account = account.taken("me", now);
    assertThat(account.triedLongerThan(Duration.ofSeconds(60), now)).isFalse();
    assertThat(account.triedLongerThan(Duration.ofSeconds(59), now)).isTrue();
    assertThat(account.attempts().count()).isEqualTo(2);
  }

  @Test
  void aDeferredAttemptCounts() {
    Account deferred = deferred(taken(), LATER);
    assertThat(deferred.history()).extracting(Entry::what).containsExactly("create: retry");
    assertThat(deferred.work()).isEqualTo(new Account.Work(LATER, null, null));

    Account again = deferred.taken("me", LATER);
    assertThat(again.onFirstAttempt()).isFalse();
    assertThat(again.triedWithoutKnownEnd()).isFalse();
    assertThat(again.triedLongerThan(Duration.ofSeconds(30), LATER)).isTrue();
    assertThat(again.triedLongerThan(Duration.ofSeconds(90), LATER)).isFalse();
  }

  @Test
  void theHistoryIsBounded() {
    Account account = requested("ada");
    for (int i = 0; i < 50; i++) {
      account = account.taken("me", NOW).deferred("retry " + i, "x".repeat(9_999), NOW, NOW);
    }
    assertThat(account.history()).hasSize(Account.HISTORY_LIMIT);
    assertThat(account.history().getLast().what()).isEqualTo("create: retry 49");
    assertThat(account.history().getLast().detail()).hasSize(Entry.DETAIL_LIMIT);
    assertThat(account.attempts().count()).isEqualTo(50);
  }

  @Test
  void whatIsOverCannotGoBack() {
    State.Pending before = new State.Pending(false);
    Existence existence = new Existence("U2", "eve", Origin.CREATED, NOW);
    for (Account over :
        List.of(active(), Accounts.held("ada"), suspended(SuspensionCause.LEAVER))) {
      assertThatIllegalStateException()
          .isThrownBy(() -> over.after(before.created(existence), "created", "", NOW));
      assertThatIllegalStateException().isThrownBy(() -> over.decided(before.held("why"), NOW));
      assertThatIllegalStateException().isThrownBy(() -> over.decided(before.failed("why"), NOW));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new State.Failed("why", new State.Held("why")));
  }

  @Test
  void whatFailedIsTriedAgainFromWhereItWas() {
    Account failing = active().left(LEFT, LATER).taken("me", LATER);
    Account failed =
        failing.after(((State.Active) failing.state()).failed("Refused."), "rejected", "", LATER);
    assertThat(failed.state()).isEqualTo(new State.Failed("Refused.", new State.Active(false)));
    assertThat(failed.task()).contains(Task.ANNOUNCE);
    Account told = failed.written().announced(LATER);
    assertThat(told.task()).isEmpty();

    Account retried = told.decided(((State.Failed) told.state()).retried(), LATER);
    assertThat(retried.task()).contains(Task.SUSPEND);
    assertThat(retried.attempts()).isEqualTo(Attempts.NONE);
  }

  @Test
  void aLeaverIsSuspendedAndOnlyTheirReturnLiftsIt() {
    Account leaving = active().left(LEFT, LATER);
    assertThat(leaving.task()).contains(Task.SUSPEND);
    assertThat(leaving.wanted())
        .isEqualTo(new Wanted.Suspended(SuspensionCause.LEAVER, LATER, "leaver-1"));
    assertThat(leaving.left(LEFT, LATER)).as("twice is once").isSameAs(leaving);

    Account suspended = suspended(SuspensionCause.LEAVER);
    assertThat(suspended.settled()).as("a sign-in lifts no leaver's suspension").isTrue();
    assertThat(askedAgain(suspended, BACK.at())).isSameAs(suspended);
    Standing tooOld = new Standing(Standing.Kind.PRESENT, LATER, null);
    assertThat(suspended.returned(tooOld, LATER)).isSameAs(suspended);

    assertThat(suspended.returned(BACK, BACK.at()).task()).contains(Task.REACTIVATE);
  }

  @Test
  void aLeaverBeforeAnyTryNeverGetsAnAccountAndNobodyIsTold() {
    Account leaving = taken().takenInVain(NOW).left(LEFT, LATER);
    assertThat(leaving.state()).isEqualTo(new State.Deleted());
    assertThat(leaving.work()).isNull();
    assertThat(leaving.announcements()).isEmpty();

    Account returning = leaving.returned(BACK, BACK.at());
    assertThat(returning.task()).contains(Task.CREATE);
    assertThat(returning.taken("me", LATER).onFirstAttempt())
        .as("looked for before it is created")
        .isFalse();
  }

  @Test
  void aLeaverDuringATryIsMadeSureOf() {
    Account leaving = taken().left(LEFT, LATER);
    assertThat(leaving.task()).contains(Task.WITHDRAW);
    assertThat(leaving.taken("me", LATER).triedWithoutKnownEnd()).isTrue();

    Account unanswered = deferred(taken(), NOW.plusSeconds(20)).left(LEFT, NOW.plusSeconds(1));
    assertThat(unanswered.work())
        .as("not looked for before what was sent has had its time")
        .isEqualTo(new Account.Work(NOW.plusSeconds(20), null, null));
    Account patient = deferred(taken(), NOW.plusSeconds(9_999)).left(LEFT, NOW);
    assertThat(patient.work())
        .as("and not hours later either")
        .isEqualTo(new Account.Work(NOW.plus(Account.LATE_EFFECT_LIMIT), null, null));
  }

  @Test
  void aSignInLiftsADormantSuspensionThatIsOlder() {
    Account dormant = suspended(SuspensionCause.DORMANT);
    assertThat(dormant.settled()).isFalse();
    assertThat(askedAgain(dormant, LATER)).isSameAs(dormant);

    Account revived = askedAgain(dormant, LATER.plusSeconds(1));
    assertThat(revived.task()).contains(Task.REACTIVATE);
    assertThat(revived.grant().policyRevision()).isEqualTo("next-revision");
    assertThat(revived.asked().version()).isEqualTo(dormant.version() + 1);
  }

  @Test
  void whoLosesPermissionIsSuspendedUnlessItWasGivenLater() {
    Account active = active();
    assertThat(active.lostPermission(NOW, "event-0", LATER)).isSameAs(active);
    Account losing = active.lostPermission(LATER, "event-3", LATER);
    assertThat(losing.task()).contains(Task.SUSPEND);
    assertThat(losing.returned(BACK, BACK.at())).as("only an operator lifts it").isSameAs(losing);
    assertThat(losing.left(LEFT, LATER)).isSameAs(losing);
  }

  @Test
  void whatWasNeverTriedIsAskedForOnBetterGrounds() {
    Account waiting = taken().waiting(NOW, LATER.plusSeconds(9_999));
    assertThat(waiting.settled()).isFalse();
    Account again = askedAgain(waiting, LATER);
    assertThat(again.work()).isEqualTo(new Account.Work(LATER, null, null));
    assertThat(again.taken("me", LATER).onFirstAttempt()).isTrue();

    Account givenUp = waiting.decided(pending(waiting).failed("Not permitted."), LATER);
    assertThat(askedAgain(givenUp, LATER).state()).isEqualTo(new State.Pending(false));

    assertThat(taken().settled()).as("somebody is at it").isTrue();
    assertThat(deferred(taken(), LATER).settled()).as("the service was asked").isTrue();
  }

  @Test
  void whatIsUnderWayIsUndoneAndNotForgotten() {
    Account suspending = active().left(LEFT, LATER).taken("me", LATER);
    assertThat(suspending.returned(BACK, BACK.at()).task())
        .as("the request to suspend may have arrived")
        .contains(Task.REACTIVATE);

    Account reviving =
        suspended(SuspensionCause.LEAVER).returned(BACK, BACK.at()).taken("me", BACK.at());
    Standing gone = new Standing(Standing.Kind.LEFT, BACK.at().plusSeconds(1), null);
    assertThat(reviving.left(gone, gone.at()).task()).contains(Task.SUSPEND);

    Account withdrawing = taken().left(LEFT, LATER).taken("me", LATER);
    Account back = withdrawing.returned(BACK, BACK.at());
    assertThat(back.task()).contains(Task.CREATE);
    assertThat(back.taken("me", BACK.at()).triedWithoutKnownEnd()).isTrue();
  }

  @Test
  void aFailingServiceHoldsBackNoAnnouncementAndKafkaNoTry() {
    Account told = created(taken()).written().postponed(NOW, NOW.plusSeconds(5));
    Account leaving = told.left(LEFT, NOW.plusSeconds(2));
    assertThat(leaving.task()).as("due first").contains(Task.SUSPEND);
    assertThat(leaving.work())
        .isEqualTo(new Account.Work(NOW.plusSeconds(2), NOW.plusSeconds(5), null));

    Account failing = deferred(leaving.taken("me", NOW.plusSeconds(2)), LATER);
    assertThat(failing.task()).as("not after the next try").contains(Task.ANNOUNCE);
  }

  @Test
  void aChangedPersonIsTakenUpByTheServiceOnceItIsThere() {
    Account active = active();
    assertThat(active.changed(active.profile(), active.asked().profileAt(), LATER))
        .isSameAs(active);
    Account changed = active.changed(active.profile().withEmail("ada@acme.io"), LATER, LATER);
    assertThat(changed.task()).contains(Task.UPDATE);
    assertThat(changed.asked().version()).isEqualTo(active.version() + 1);

    Account pending = taken().changed(active.profile().withEmail("ada@acme.io"), LATER, LATER);
    assertThat(pending.task()).as("it will be created so").contains(Task.CREATE);
  }

  @Test
  void newsThatSaysNothingNewMakesWhatCameBeforeItOldNews() {
    Account active = active();
    Account confirmed = active.changed(active.profile(), LATER, LATER);
    Profile old = active.profile().withEmail("ada@acme.io");

    assertThat(confirmed.state()).isEqualTo(active.state());
    assertThat(confirmed.task()).isEqualTo(active.task());
    assertThat(confirmed.changed(old, LATER.minusMillis(1), LATER)).isSameAs(confirmed);
  }

  @Test
  void whatIsOlderThanWhatIsKnownOfAPersonChangesNothing() {
    Account known = active().changed(active().profile().withEmail("ada@acme.io"), LATER, LATER);
    Profile old = known.profile().withEmail("ada@acme.example");

    assertThat(known.changed(old, LATER.minusMillis(1), LATER.plusSeconds(1))).isSameAs(known);
    assertThat(known.changed(old, LATER.plusMillis(1), LATER.plusSeconds(1)).profile())
        .isEqualTo(old);
  }

  @Test
  void aReturnIsWrittenWhereSomebodyIsAtWorkWhoMayThinkThatThePersonHasLeft() {
    Account taken = taken();
    Standing back = new Standing(Standing.Kind.PRESENT, LATER, "back");

    Account next = taken.returned(back, LATER);

    assertThat(next).as("another version, so that the owner's write fails").isNotEqualTo(taken);
    assertThat(next.wanted()).isEqualTo(new Wanted.Present(LATER, "back"));
    assertThat(next.task()).contains(Task.CREATE);
    assertThat(active().returned(back, LATER)).as("nobody is at work").isEqualTo(active());
  }
}
