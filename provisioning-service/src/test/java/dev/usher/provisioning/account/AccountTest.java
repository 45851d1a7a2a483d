package dev.usher.provisioning.account;

import static dev.usher.provisioning.account.Accounts.NOW;
import static dev.usher.provisioning.account.Accounts.attempt;
import static dev.usher.provisioning.account.Accounts.requested;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The account's life, transition by transition. */
final class AccountTest {

  private static final Instant LATER = NOW.plusSeconds(60);

  @Test
  void eachTransitionIsTheNextVersion() {
    Account asked = requested("ada");
    Account taken = asked.taken("me", NOW);
    Account there = taken.created("U1", "ada", Origin.CREATED, attempt("created"));
    Account told = there.announced();

    assertThat(List.of(asked, taken, there, told))
        .extracting(Account::version)
        .containsExactly(1L, 2L, 3L, 4L);
    assertThat(told.state()).isEqualTo(AccountState.ACTIVE);
    assertThat(told.work()).as("nothing is left to do").isNull();
    assertThat(told.announcements()).isEmpty();
  }

  @Test
  void whoeverMadeTheTransitionOwnsItsAnnouncement() {
    Account there =
        requested("ada").taken("me", NOW).created("U1", "ada", Origin.CREATED, attempt("created"));

    assertThat(there.wantsAnnouncing()).isTrue();
    assertThat(there.wantsAttempt()).isFalse();
    assertThat(there.work()).isEqualTo(new Account.Work(attempt("created").at(), "me"));
    assertThat(there.announcements())
        .containsExactly(
            new Announcement(3, attempt("created").at(), Announcement.Kind.CREATED, null));
  }

  @Test
  void anAnnouncementsEventIdIsAFunctionOfAccountAndVersion() {
    Announcement one = new Announcement(3, NOW, Announcement.Kind.CREATED, null);
    Announcement again = new Announcement(3, LATER, Announcement.Kind.CREATED, null);
    Announcement next = new Announcement(4, NOW, Announcement.Kind.CREATED, null);

    assertThat(one.eventId(Accounts.key("ada"))).isEqualTo(again.eventId(Accounts.key("ada")));
    assertThat(one.eventId(Accounts.key("ada"))).isNotEqualTo(next.eventId(Accounts.key("ada")));
    assertThat(one.eventId(Accounts.key("ada"))).isNotEqualTo(one.eventId(Accounts.key("eve")));
  }

  @Test
  void anAttemptCountsFromWhenItIsTaken() {
    Account first = requested("ada").taken("me", NOW);
    assertThat(first.onFirstAttempt()).isTrue();

    Account second = first.taken("somebody else", LATER);
    assertThat(second.onFirstAttempt()).as("the first may have left its mark").isFalse();
    assertThat(second.attempts().since()).isEqualTo(NOW);
  }

  @Test
  void waitingIsNoAttemptAndStopsTheClock() {
    Account waited = requested("ada").taken("me", NOW).waiting(LATER);
    assertThat(waited.attempts().count()).isZero();
    assertThat(waited.work()).isEqualTo(new Account.Work(LATER, null));

    Account taken = waited.taken("me", LATER);
    assertThat(taken.onFirstAttempt()).as("no request of the wait ever left").isTrue();
    assertThat(taken.triedLongerThan(Duration.ofSeconds(30), LATER.plusSeconds(20))).isFalse();
  }

  @Test
  void aServiceThatIsDownForDaysGivesUpNobody() {
    Duration limit = Duration.ofHours(1);
    Account account = requested("ada").taken("me", NOW).deferred(attempt("retry"), LATER);
    Instant now = LATER;
    for (int i = 0; i < 100; i++) {
      // Nobody fetches it while the circuit is open; and when somebody does, the circuit is open.
      now = now.plus(Duration.ofHours(1));
      account = account.taken("me", now);
      assertThat(account.triedLongerThan(limit, now)).isFalse();
      now = now.plus(Duration.ofHours(1));
      account = account.waiting(now);
    }
    account = account.taken("me", now);
    assertThat(account.triedLongerThan(Duration.ofSeconds(60), now)).isFalse();
    assertThat(account.triedLongerThan(Duration.ofSeconds(59), now)).isTrue();
    assertThat(account.attempts().count()).isEqualTo(2);
  }

  @Test
  void aDeferredAttemptCounts() {
    Account deferred = requested("ada").taken("me", NOW).deferred(attempt("retry"), LATER);
    assertThat(deferred.attempts().history()).containsExactly(attempt("retry"));

    Account taken = deferred.taken("me", LATER);
    assertThat(taken.onFirstAttempt()).isFalse();
    assertThat(taken.triedLongerThan(Duration.ofSeconds(30), LATER)).isTrue();
    assertThat(taken.triedLongerThan(Duration.ofSeconds(90), LATER)).isFalse();
  }

  @Test
  void theHistoryIsBounded() {
    Account account = requested("ada");
    for (int i = 0; i < 50; i++) {
      account = account.taken("me", NOW).deferred(attempt("retry " + i), NOW);
    }
    assertThat(account.attempts().history()).hasSize(Account.Attempts.HISTORY_LIMIT);
    assertThat(account.attempts().history().getLast().outcome()).isEqualTo("retry 49");
    assertThat(account.attempts().count()).isEqualTo(50);
    assertThat(new Attempt(1, NOW, "retry", "x".repeat(9_999)).detail())
        .hasSize(Attempt.DETAIL_LIMIT);
  }

  @Test
  void whatIsOverCannotGoBack() {
    Account active =
        requested("ada").taken("me", NOW).created("U1", "ada", Origin.CREATED, attempt("created"));
    Account held = requested("ada").held("because", NOW);
    Account failed = requested("ada").failed("because", NOW);

    for (Account over : List.of(active, held, failed)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> over.created("U2", "eve", Origin.CREATED, attempt("created")));
      assertThatIllegalStateException().isThrownBy(() -> over.held("because", NOW));
      assertThatIllegalStateException().isThrownBy(() -> over.failed("because", NOW));
      assertThatIllegalStateException().isThrownBy(() -> over.deferred(attempt("retry"), NOW));
      assertThatIllegalStateException().isThrownBy(() -> over.waiting(NOW));
    }
  }
}
