package dev.usher.provisioning.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.policy.Service;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.Announcement;
import dev.usher.provisioning.account.Entry;
import dev.usher.provisioning.account.Origin;
import dev.usher.provisioning.account.Queue;
import dev.usher.provisioning.account.State;
import dev.usher.provisioning.account.SuspensionCause;
import dev.usher.provisioning.account.Task;
import dev.usher.provisioning.account.Wanted;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.person.Standing;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.scim.ScimConnectors;
import dev.usher.provisioning.tenant.Secrets;
import dev.usher.provisioning.tenant.ServiceKey;
import dev.usher.provisioning.testing.Acme;
import dev.usher.sandbox.Fault;
import dev.usher.sandbox.Saas;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Accounts on their way into a real SCIM server that fails in every way it can. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("it looks at all that is printed, and has all of it printed")
class ProvisioningTest {

  private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
  private static final Duration LATE = Duration.ofSeconds(20);
  private static final String TOKEN = "xoxp-planted-secret";
  private static final ServiceKey SLACK = new ServiceKey("acme", "slack");
  private static final long PATIENCE_SECONDS = 30;

  private final Saas saas = Saas.start(TOKEN, () -> START);
  private final Map<ServiceKey, Service> services = new ConcurrentHashMap<>();
  private final BlockingQueue<Account> advanced = new LinkedBlockingQueue<>();
  private final BlockingQueue<AccountKey> dropped = new LinkedBlockingQueue<>();
  private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
  private final BulkheadRegistry bulkheads = BulkheadRegistry.ofDefaults();
  private final RateLimiterRegistry rateLimiters = RateLimiterRegistry.ofDefaults();
  private final CircuitBreakerRegistry circuits = CircuitBreakerRegistry.ofDefaults();

  private volatile Instant now = START;
  private volatile @Nullable String refusal;
  private volatile boolean ours = true;
  private @Nullable Provisioning started;

  @AfterEach
  void close() {
    saas.close();
    if (started != null) {
      started.stop();
    }
  }

  private Provisioning provisioning(int quickTries, Duration drain) {
    Lanes lanes =
        new Lanes(
            key -> Optional.ofNullable(services.get(key)),
            new ConnectorTypes(List.of(new ScimConnectors(new Outbound(true)))),
            new Secrets(_ -> TOKEN),
            new InMemoryLimitStore(),
            () -> now,
            System::nanoTime,
            Duration.ofHours(1),
            Duration.ofSeconds(3),
            Duration.ofDays(1),
            new Lanes.Registries(bulkheads, rateLimiters, circuits));
    started =
        new Provisioning(
            lanes,
            new Provisioning.Desk() {
              @Override
              public void advance(Account next) {
                advanced.add(next);
              }

              @Override
              public void drop(AccountKey key) {
                dropped.add(key);
              }
            },
            _ -> Optional.ofNullable(refusal),
            (_, _) -> ours,
            (_, email) -> email.endsWith("@acme.example"),
            new ProvisionProperties(
                quickTries,
                Duration.ofMillis(1),
                Duration.ofSeconds(3),
                Duration.ofMinutes(1),
                Duration.ofHours(6),
                Duration.ofDays(3),
                LATE,
                Duration.ofSeconds(10),
                Duration.ofDays(1),
                drain),
            () -> now,
            () -> ThreadLocalRandom.current().nextLong(),
            List.of((_, outcome, _) -> outcomes.add(outcome)));
    return started;
  }

  /** A service of which it is known that a create conflicts and that our key is kept. */
  private static Service known(Saas saas, String... settings) {
    return Acme.slackAt(
        saas,
        Stream.concat(Stream.of("create: conflicts", "external-id: kept"), Arrays.stream(settings))
            .toArray(String[]::new));
  }

  private Provisioning provisioning(String... settings) {
    services.put(SLACK, known(saas, settings));
    return provisioning(3, Duration.ofSeconds(5));
  }

  private Account requested(String subject, String service) {
    return Acme.requested(subject, service, now);
  }

  private Account asked(String subject) {
    return requested(subject, "slack").taken("me", now);
  }

  private Account next() {
    try {
      Account account = advanced.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(account)
          .as("an account that comes back within %d s", PATIENCE_SECONDS)
          .isNotNull();
      return Objects.requireNonNull(account);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Account provisioned(Provisioning provisioning, Account account) {
    provisioning.take(account);
    return next();
  }

  private static Instant due(Account account) {
    return Objects.requireNonNull(account.work()).due();
  }

  private static Entry last(Account account) {
    return account.history().getLast();
  }

  private static @Nullable String reason(Account account) {
    return switch (account.state()) {
      case State.Held held -> held.reason();
      case State.Failed failed -> failed.reason();
      default -> null;
    };
  }

  private long posts() {
    return saas.requests().getOrDefault("POST", 0L);
  }

  private CircuitBreaker circuit() {
    return circuits.find("acme/slack").orElseThrow();
  }

  private static void until(Callable<Boolean> condition) {
    Awaitility.await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).until(condition);
  }

  /** Jane's account, as an earlier try has made it. */
  private Account active(Provisioning provisioning) {
    return provisioned(provisioning, asked("jane")).written().announced(now).written();
  }

  private Account leaving(Account active) {
    return active
        .suspending(new Wanted.Suspended(SuspensionCause.LEAVER, now.plusSeconds(1), "l"), now)
        .taken("me", now);
  }

  @Test
  void aLeaverIsSuspendedThereAndComesBack() {
    Provisioning provisioning = provisioning();
    Account suspended = provisioned(provisioning, leaving(active(provisioning)));

    assertThat(suspended.state()).isEqualTo(new State.Suspended(SuspensionCause.LEAVER));
    assertThat(saas.accounts()).singleElement().satisfies(a -> assertThat(a.active()).isFalse());
    assertThat(suspended.announcements())
        .extracting(Announcement::kind)
        .containsExactly(Announcement.Kind.SUSPENDED);

    Account returning =
        suspended
            .written()
            .announced(now)
            .written()
            .returned(new Standing(Standing.Kind.PRESENT, now.plusSeconds(2), "back"), now)
            .taken("me", now);
    Account back = provisioned(provisioning, returning);
    assertThat(back.state()).isEqualTo(new State.Active(false));
    assertThat(Objects.requireNonNull(back.existence()).origin()).isEqualTo(Origin.REACTIVATED);
    assertThat(saas.accounts()).singleElement().satisfies(a -> assertThat(a.active()).isTrue());
    assertThat(posts()).isEqualTo(1);
  }

  @Test
  void whatTakesAwayIsDoneWhateverThePolicySays() {
    Provisioning provisioning = provisioning();
    Account leaving = leaving(active(provisioning));
    refusal = "No longer permitted.";
    assertThat(provisioned(provisioning, leaving).state().name()).isEqualTo("SUSPENDED");
  }

  @Test
  void aSuspensionIsTriedUntilItIsDone() {
    Provisioning provisioning = provisioning();
    Account leaving = leaving(active(provisioning));
    saas.faults().always(Fault.serverError(503));
    Account deferred = provisioned(provisioning, leaving);
    assertThat(deferred.state().name()).isEqualTo("ACTIVE");
    assertThat(deferred.task()).contains(Task.SUSPEND);
    assertThat(due(deferred)).isAfter(now);

    saas.faults().none();
    now = due(deferred);
    assertThat(provisioned(provisioning, deferred.taken("me", now)).state().name())
        .isEqualTo("SUSPENDED");
  }

  @Test
  void whoLeavesDuringATryIsLookedForAndSuspendedIfFound() {
    Provisioning provisioning = provisioning();
    provisioned(provisioning, asked("jane"));
    Account unknown =
        asked("jane")
            .suspending(new Wanted.Suspended(SuspensionCause.LEAVER, now.plusSeconds(1), "l"), now)
            .taken("another", now);
    assertThat(unknown.task()).contains(Task.WITHDRAW);

    Account found = provisioned(provisioning, unknown);
    assertThat(found.state().name()).isEqualTo("ACTIVE");
    Account told = found.written().announced(now).written();
    assertThat(told.task()).contains(Task.SUSPEND);
    assertThat(provisioned(provisioning, told).state().name()).isEqualTo("SUSPENDED");
    assertThat(saas.accounts()).singleElement().satisfies(a -> assertThat(a.active()).isFalse());
  }

  @Test
  void whoLeavesDuringATryAndIsNotThereInTheEndIsForgotten() {
    Provisioning provisioning = provisioning();
    Account unknown =
        asked("jane")
            .suspending(new Wanted.Suspended(SuspensionCause.LEAVER, now.plusSeconds(1), "l"), now)
            .taken("another", now);

    Account waiting = provisioned(provisioning, unknown);
    assertThat(waiting.task()).as("what was sent may still arrive").contains(Task.WITHDRAW);
    assertThat(due(waiting)).isAfterOrEqualTo(now.plus(LATE));
    now = due(waiting);
    Account gone = provisioned(provisioning, waiting.taken("me", now));
    assertThat(gone.state()).isEqualTo(new State.Deleted());
    assertThat(gone.announcements()).isEmpty();
    assertThat(posts()).isZero();
  }

  @Test
  void aChangedPersonIsUpdated() {
    Provisioning provisioning = provisioning();
    Account active = active(provisioning);
    Account changed =
        active.changed(
            new Profile("jane@acme.example", "jane", "Jane Roe", "Jane", "Roe", "de-CH", null),
            now,
            now);
    Account updated = provisioned(provisioning, changed.taken("me", now));
    assertThat(updated.state()).isEqualTo(new State.Active(false));
    assertThat(updated.announcements())
        .extracting(Announcement::kind)
        .containsExactly(Announcement.Kind.UPDATED);
  }

  @Test
  void whatSomebodyDeletedThereIsDeleted() {
    Provisioning provisioning = provisioning();
    Account active = active(provisioning);
    try (Saas empty = Saas.start(TOKEN, () -> START)) {
      services.put(SLACK, known(empty));
      assertThat(provisioned(provisioning, leaving(active)).state()).isEqualTo(new State.Deleted());
    }
  }

  @Test
  void leaversGoBeforeFirstSignInsAndThoseBeforeRetries() {
    services.put(SLACK, known(saas, "concurrency: 1"));
    Provisioning provisioning = provisioning(1, Duration.ofSeconds(5));
    Account leaving = leaving(active(provisioning));
    // What ends has been told of before what follows can end.
    saas.faults().always(Fault.delay(Duration.ofMillis(50)));
    saas.faults().next(Fault.delay(Duration.ofMillis(300)));
    provisioning.take(asked("blocker"));
    until(() -> posts() == 2);

    provisioning.take(asked("retry").deferred("retry", "", now, now).taken("me", now));
    provisioning.take(asked("first"));
    provisioning.take(leaving);

    assertThat(IntStream.range(0, 4).mapToObj(_ -> next().key().person().subject()))
        .containsExactly("blocker", "jane", "first", "retry");
  }

  @Test
  void aPersonsFirstAttemptIsOneRequest() {
    Account account = provisioned(provisioning(), asked("jane"));

    assertThat(account.state().name()).isEqualTo("ACTIVE");
    assertThat(Objects.requireNonNull(account.existence()).serviceAccountId())
        .isEqualTo(saas.accounts().getFirst().id());
    assertThat(account.announcements())
        .extracting(Announcement::kind)
        .containsExactly(Announcement.Kind.CREATED);
    assertThat(saas.requests()).isEqualTo(Map.of("POST", 1L));
  }

  @Test
  void aRefusedMomentIsTriedAgainAtOnceWithoutALook() {
    saas.faults().next(Fault.tooManyRequests(Duration.ZERO), Fault.tooManyRequests(Duration.ZERO));

    Account account = provisioned(provisioning(), asked("jane"));

    assertThat(account.state().name()).isEqualTo("ACTIVE");
    assertThat(saas.requests()).isEqualTo(Map.of("POST", 3L));
  }

  @Test
  void aServiceThatAsksForALongWaitIsLeftAloneThatLong() {
    saas.faults().always(Fault.tooManyRequests(Duration.ofMinutes(5)));

    Account account = provisioned(provisioning(), asked("jane"));

    assertThat(account.state().name()).isEqualTo("PENDING");
    assertThat(due(account))
        .isBetween(START.plus(Duration.ofMinutes(5)), START.plus(Duration.ofSeconds(310)));
    assertThat(account.attempts().count()).as("waiting is no trying").isZero();
    assertThat(saas.requests()).isEqualTo(Map.of("POST", 1L));
  }

  @Test
  void aServiceCannotPutAnAccountOffForYears() {
    saas.faults().always(Fault.tooManyRequests(Duration.ofDays(4_000)));

    assertThat(due(provisioned(provisioning(), asked("jane"))))
        .isBetween(START.plus(Duration.ofDays(1)), START.plus(Duration.ofHours(25)));
  }

  static Stream<Fault> faultsAfterWhichTheAccountIsThere() {
    return Stream.of(
        Fault.serverErrorAfterEffect(500),
        Fault.serverErrorAfterEffect(502),
        Fault.serverErrorAfterEffect(503),
        Fault.resetAfterEffect(),
        Fault.hangAfterEffect(),
        Fault.slowBody(Duration.ofMinutes(5)),
        Fault.malformedBody());
  }

  @ParameterizedTest
  @MethodSource("faultsAfterWhichTheAccountIsThere")
  void anAccountWhoseAnswerWasLostIsFoundAndNeverDoubled(Fault fault) {
    saas.uniqueness(false);
    saas.faults().next(fault);

    Account account = provisioned(provisioning("timeout: 500ms"), asked("jane"));

    assertThat(account.state().name()).isEqualTo("ACTIVE");
    assertThat(saas.successfulCreates()).isEqualTo(Map.of("acme/staff/jane/slack", 1));
    assertThat(posts()).isEqualTo(1);
  }

  static Stream<Fault> faultsWithoutEffect() {
    return Stream.of(
        Fault.serverError(500),
        Fault.serverError(502),
        Fault.serverError(503),
        Fault.reset(),
        Fault.hang(),
        Fault.conflictAlthoughAbsent());
  }

  @ParameterizedTest
  @MethodSource("faultsWithoutEffect")
  void anAccountThatIsNotThereIsCreatedInTheEndAndOnce(Fault fault) {
    saas.uniqueness(false);
    saas.faults().next(fault);
    Provisioning provisioning = provisioning("timeout: 500ms");

    Account account = provisioned(provisioning, asked("jane"));
    for (int i = 0; i < 3 && account.state().name().equals("PENDING"); i++) {
      now = due(account);
      account = provisioned(provisioning, account.taken("me", now));
    }

    assertThat(account.state().name()).isEqualTo("ACTIVE");
    assertThat(saas.successfulCreates()).isEqualTo(Map.of("acme/staff/jane/slack", 1));
  }

  @Test
  void aCreateThatTakesEffectAfterTheLookIsNotDoubled() {
    saas.uniqueness(false);
    saas.faults().next(Fault.delay(Duration.ofSeconds(2)));
    Provisioning provisioning = provisioning("timeout: 200ms");

    Account account = provisioned(provisioning, asked("jane"));

    // Looked for, not found, and not created again while it may still come.
    assertThat(account.state().name()).isEqualTo("PENDING");
    assertThat(saas.accounts()).isEmpty();
    assertThat(posts()).isEqualTo(1);
    assertThat(due(account)).isAfterOrEqualTo(START.plus(LATE));
    until(() -> saas.accounts().size() == 1);
    now = due(account);
    assertThat(provisioned(provisioning, account.taken("me", now)).state().name())
        .isEqualTo("ACTIVE");
    assertThat(saas.successfulCreates()).isEqualTo(Map.of("acme/staff/jane/slack", 1));
    assertThat(posts()).isEqualTo(1);
  }

  @Test
  void whoeverTakesOverLooksFirst() {
    saas.uniqueness(false);
    Provisioning provisioning = provisioning();
    provisioned(provisioning, asked("jane"));

    Account again = provisioned(provisioning, asked("jane").taken("another", now));

    assertThat(again.state().name()).isEqualTo("ACTIVE");
    assertThat(saas.successfulCreates()).isEqualTo(Map.of("acme/staff/jane/slack", 1));
  }

  @Test
  void anAccountInTheWayIsAHumansToDecide() {
    Provisioning provisioning = provisioning();
    provisioned(provisioning, requestedBy("globex", "jane"));

    Account account = provisioned(provisioning, asked("jane"));

    assertThat(account.state().name()).isEqualTo("HELD");
    assertThat(account.announcements())
        .extracting(Announcement::kind)
        .containsExactly(Announcement.Kind.HELD);
    assertThat(reason(account)).isNotBlank().doesNotContain("jane");
    assertThat(saas.accounts()).hasSize(1);
  }

  @Test
  void aLookThatFindsAStrangerDoesNotCreateBesideThem() {
    saas.uniqueness(false);
    Provisioning provisioning = provisioning();
    provisioned(provisioning, requestedBy("globex", "jane"));

    Account account = provisioned(provisioning, asked("jane").taken("another", now));

    assertThat(account.state().name()).isEqualTo("HELD");
    assertThat(saas.accounts()).hasSize(1);
  }

  /** The same person's account under the key of another issuer, in the same service. */
  private Account requestedBy(String issuer, String subject) {
    Account account = asked(subject);
    return Account.requested(
            new AccountKey(new PersonKey("acme", issuer, subject), "slack"),
            account.profile(),
            account.grant(),
            now)
        .taken("me", now);
  }

  @Test
  void aRefusalForGoodFailsAndSaysNothingOfThePerson() {
    saas.faults().next(Fault.refusal());

    Account account = provisioned(provisioning(), asked("jane"));

    assertThat(account.state().name()).isEqualTo("FAILED");
    assertThat(account.announcements())
        .singleElement()
        .satisfies(
            announcement -> {
              assertThat(announcement.kind()).isEqualTo(Announcement.Kind.FAILED);
              assertThat(announcement.reason())
                  .isEqualTo("The service answered 400 (invalidValue).")
                  .isEqualTo(reason(account));
            });
    assertThat(last(account).detail()).isEqualTo("the request is refused");
  }

  @Test
  void aServiceThatFailsIsLeftAloneAndWaitingIsNoAttempt() {
    services.put(SLACK, known(saas, "concurrency: 1"));
    Provisioning provisioning = provisioning(1, Duration.ofSeconds(5));
    saas.faults().always(Fault.serverError(503));
    for (int i = 0; i < 20; i++) {
      Account account = provisioned(provisioning, asked("p" + i));
      assertThat(account.attempts().count()).isEqualTo(1);
    }
    assertThat(circuit().getState()).isEqualTo(CircuitBreaker.State.OPEN);
    long sent = posts();
    saas.faults().none();

    Account waiting = provisioned(provisioning, asked("jane"));

    assertThat(posts()).isEqualTo(sent);
    assertThat(waiting.state().name()).isEqualTo("PENDING");
    assertThat(waiting.attempts().count()).isZero();
    assertThat(waiting.history()).isEmpty();
    assertThat(provisioning.room(queue(waiting))).isZero();

    circuit().transitionToHalfOpenState();
    assertThat(provisioning.room(queue(waiting))).isEqualTo(5);
    assertThat(provisioned(provisioning, waiting.taken("me", now)).state().name())
        .isEqualTo("ACTIVE");
    IntStream.range(0, 4).forEach(i -> provisioned(provisioning, asked("q" + i)));
    assertThat(circuit().getState()).isEqualTo(CircuitBreaker.State.CLOSED);
    assertThat(provisioning.room(queue(waiting))).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void aHalfOpenCircuitThatFailsAgainOpensAgain() {
    services.put(SLACK, known(saas));
    Provisioning provisioning = provisioning(1, Duration.ofSeconds(5));
    provisioned(provisioning, asked("first"));
    circuit().transitionToOpenState();
    circuit().transitionToHalfOpenState();
    saas.faults().always(Fault.serverError(503));

    IntStream.range(0, 5).forEach(i -> provisioned(provisioning, asked("p" + i)));

    assertThat(circuit().getState()).isEqualTo(CircuitBreaker.State.OPEN);
  }

  @Test
  void refusalsAndAskedForWaitsDoNotSpeakAgainstTheService() {
    services.put(SLACK, known(saas));
    Provisioning provisioning = provisioning(1, Duration.ofSeconds(5));
    saas.faults().always(Fault.refusal());
    IntStream.range(0, 30).forEach(i -> provisioned(provisioning, asked("p" + i)));
    saas.faults().always(Fault.tooManyRequests(Duration.ofMinutes(1)));
    IntStream.range(0, 30).forEach(i -> provisioned(provisioning, asked("q" + i)));

    assertThat(circuit().getState()).isEqualTo(CircuitBreaker.State.CLOSED);
  }

  private static Queue queue(Account account) {
    return new Queue(account.key().serviceKey());
  }

  @Test
  void aServiceThatHangsSlowsNoneOfNineOthers() {
    Provisioning provisioning = provisioning("concurrency: 2", "timeout: 10s");
    saas.faults().always(Fault.hang());
    List<Saas> healthy = Stream.generate(() -> Saas.start(TOKEN, () -> START)).limit(9).toList();
    try {
      for (Saas each : healthy) {
        String name = "healthy" + healthy.indexOf(each);
        Service slack = known(each);
        services.put(
            new ServiceKey("acme", name),
            new Service(
                name,
                slack.tenant(),
                slack.connector(),
                slack.triggers(),
                slack.applications(),
                slack.mode(),
                slack.onLoss(),
                slack.seats(),
                slack.rules()));
      }
      for (int i = 0; i < 20; i++) {
        provisioning.take(asked("p" + i));
        for (int other = 0; other < 9; other++) {
          provisioning.take(requested("p" + i, "healthy" + other).taken("me", now));
        }
      }

      List<Account> back = IntStream.range(0, 180).mapToObj(_ -> next()).toList();

      assertThat(back)
          .allSatisfy(account -> assertThat(account.key().service()).startsWith("healthy"))
          .allSatisfy(account -> assertThat(account.state().name()).isEqualTo("ACTIVE"));
      assertThat(healthy).allSatisfy(each -> assertThat(each.accounts()).hasSize(20));
      assertThat(posts()).isLessThanOrEqualTo(2);
    } finally {
      healthy.forEach(Saas::close);
    }
  }

  @Test
  void theRateLimitHoldsAndWhatWaitsForItGoesBackUntriedWhenTheServiceStops(CapturedOutput output) {
    services.put(SLACK, known(saas, "rate-limit: 1/h"));
    Provisioning provisioning = provisioning(3, Duration.ofMillis(200));
    for (int i = 0; i < 10; i++) {
      provisioning.take(asked("p" + i));
    }
    assertThat(next().state().name()).isEqualTo("ACTIVE");

    provisioning.stop();

    assertThat(advanced).hasSize(9);
    assertThat(advanced)
        .allSatisfy(account -> assertThat(account.attempts().count()).isZero())
        .allSatisfy(account -> assertThat(account.history()).isEmpty());
    assertThat(saas.requests()).isEqualTo(Map.of("POST", 1L));
    assertThat(output).doesNotContain("ERROR");
  }

  @Test
  void whatIsUnderWayWhenTheServiceStopsGoesBackOnceAndIsNotCreatedAgainTooEarly(
      CapturedOutput output) {
    services.put(SLACK, known(saas, "timeout: 10s"));
    Provisioning provisioning = provisioning(3, Duration.ofMillis(100));
    saas.faults().always(Fault.hang());
    for (int i = 0; i < 5; i++) {
      provisioning.take(asked("p" + i));
    }
    until(() -> posts() == 5);

    provisioning.stop();

    assertThat(advanced).hasSize(5);
    assertThat(advanced)
        .allSatisfy(account -> assertThat(due(account)).isAfterOrEqualTo(START.plus(LATE)))
        .allSatisfy(account -> assertThat(account.attempts().count()).isEqualTo(1));
    assertThat(output).doesNotContain("ERROR");
    // Too late for this one.
    provisioning.take(asked("late"));
    assertThat(dropped).containsExactly(asked("late").key());
  }

  @Test
  void whoeverMayNotJoinAnyMoreIsNotCreatedHoweverTheyCameToWait() {
    Provisioning provisioning = provisioning();
    refusal = "No longer permitted: the policy has changed.";

    Account retried =
        asked("jane").deferred("retry", "The service answered 503", now, now).taken("me", now);
    Account waited = asked("joe").waiting(now, now).taken("me", now);

    for (Account account :
        List.of(provisioned(provisioning, retried), provisioned(provisioning, waited))) {
      assertThat(account.state().name()).as("it may be a mistake").isEqualTo("PENDING");
      assertThat(due(account)).isAfter(now);
    }
    now = START.plus(Duration.ofDays(3)).plusSeconds(1);
    Account failed = provisioned(provisioning, waited);
    assertThat(failed.state().name()).isEqualTo("FAILED");
    assertThat(reason(failed)).isEqualTo(refusal);
    assertThat(saas.requests()).isEmpty();
  }

  @Test
  void aPolicyThatIsMendedLetsThemJoinAfterAll() {
    Provisioning provisioning = provisioning();
    refusal = "No longer permitted: a forbid too many.";
    Account refused = provisioned(provisioning, asked("jane"));
    refusal = null;

    Account account = provisioned(provisioning, refused.taken("me", now));

    assertThat(account.state().name()).isEqualTo("ACTIVE");
  }

  @Test
  void whatNobodyKnowsTheEndOfIsOnlyLookedForAtFirst() {
    Provisioning provisioning = provisioning();
    Account left = asked("jane").taken("somebody else", now);

    Account looked = provisioned(provisioning, left);

    assertThat(looked.state().name()).isEqualTo("PENDING");
    assertThat(saas.requests()).doesNotContainKey("POST");
    assertThat(due(looked)).isAfterOrEqualTo(now.plus(LATE));
    assertThat(provisioned(provisioning, looked.taken("me", due(looked))).state().name())
        .isEqualTo("ACTIVE");
  }

  @Test
  void tryingEndsInTheEndWithALastLook() {
    Provisioning provisioning = provisioning();
    Account asked = asked("jane");
    now = START.plus(Duration.ofDays(3)).plusSeconds(1);
    Account tried = asked.deferred("unknown", "503", START, now);

    Account account = provisioned(provisioning, tried.taken("me", now));

    assertThat(account.state().name()).isEqualTo("FAILED");
    assertThat(reason(account)).isEqualTo("Given up after 72 hours of trying.");
    assertThat(posts()).isZero();
  }

  @Test
  void whatIsThereAfterAllIsNotGivenUp() {
    Provisioning provisioning = provisioning();
    provisioned(provisioning, asked("jane"));
    Account asked = asked("jane");
    now = START.plus(Duration.ofDays(3)).plusSeconds(1);

    Account account =
        provisioned(provisioning, asked.deferred("unknown", "503", START, now).taken("me", now));

    assertThat(account.state().name()).isEqualTo("ACTIVE");
    assertThat(posts()).isEqualTo(1);
  }

  @Test
  void durableWaitsGrowToTheLongest() {
    services.put(SLACK, known(saas));
    Provisioning provisioning = provisioning(1, Duration.ofSeconds(5));
    saas.faults().always(Fault.serverError(503));
    Account account = asked("jane");
    for (int i = 0; i < 15; i++) {
      account = provisioned(provisioning, account).taken("me", now);
      circuit().reset();
    }

    account = provisioned(provisioning, account);

    assertThat(account.attempts().count()).isEqualTo(16);
    assertThat(due(account)).isBetween(now, now.plus(Duration.ofHours(6)));
    assertThat(account.history()).hasSize(16);
  }

  @Test
  void aLeaseThatIsTooShortSendsNothingAndLetsGo() throws InterruptedException {
    Provisioning provisioning = provisioning();
    ours = false;

    provisioning.take(asked("jane"));

    assertThat(dropped.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(asked("jane").key());
    assertThat(saas.requests()).isEmpty();
    assertThat(advanced).isEmpty();
  }

  @Test
  void newSettingsAreTakenOverAndWhatIsUnderWayEndsUnderTheOld() {
    Provisioning provisioning = provisioning("timeout: 9s");
    saas.faults().next(Fault.delay(Duration.ofMillis(500)));
    provisioning.take(asked("jane"));
    until(() -> posts() == 1);
    try (Saas moved = Saas.start(TOKEN, () -> START)) {
      services.put(SLACK, known(moved));

      assertThat(provisioned(provisioning, asked("joe")).state().name()).isEqualTo("ACTIVE");
      assertThat(next())
          .satisfies(jane -> assertThat(jane.key().person().subject()).isEqualTo("jane"))
          .satisfies(jane -> assertThat(jane.state().name()).isEqualTo("ACTIVE"));

      assertThat(moved.accounts())
          .extracting(Saas.Account::userName)
          .containsExactly("joe@acme.example");
      assertThat(saas.accounts())
          .extracting(Saas.Account::userName)
          .containsExactly("jane@acme.example");
      assertThat(circuits.getAllCircuitBreakers()).hasSize(1);
      assertThat(bulkheads.getAllBulkheads()).hasSize(1);
    }
  }

  @Test
  void aServiceThatLeftTheFileLeavesNothingBehind() {
    Provisioning provisioning = provisioning("rate-limit: 1000/s");
    provisioned(provisioning, asked("jane"));
    services.clear();

    Account account = provisioned(provisioning, asked("joe"));

    assertThat(account.state().name()).as("the file may be mended").isEqualTo("PENDING");
    assertThat(circuits.getAllCircuitBreakers()).isEmpty();
    assertThat(bulkheads.getAllBulkheads()).isEmpty();
    assertThat(rateLimiters.getAllRateLimiters()).isEmpty();
  }

  @Test
  void theTokenIsNowhereToBeSeenWhateverGoesWrong(CapturedOutput output) {
    Provisioning provisioning = provisioning("timeout: 200ms");
    List<Fault> all =
        Stream.of(
                faultsAfterWhichTheAccountIsThere(),
                faultsWithoutEffect(),
                Stream.of(Fault.refusal(), Fault.tooManyRequests(Duration.ofDays(1))))
            .flatMap(each -> each)
            .toList();
    StringBuilder seen = new StringBuilder();
    LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
    logging.setLogLevel("dev.usher", LogLevel.TRACE);
    try {
      for (Fault fault : all) {
        saas.faults().always(fault);
        circuits.find("acme/slack").ifPresent(CircuitBreaker::reset);
        provisioned(provisioning, asked("p" + seen.length()))
            .history()
            .forEach(attempt -> seen.append(attempt).append('\n'));
      }
      provisioning.stop();
    } finally {
      logging.setLogLevel("dev.usher", null);
    }

    outcomes.forEach(outcome -> seen.append(outcome).append('\n'));
    assertThat(seen.toString()).contains("The service answered 400").doesNotContain(TOKEN);
    assertThat(output).doesNotContain(TOKEN);
  }
}
