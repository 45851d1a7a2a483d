package dev.usher.demo;

import dev.usher.events.AccountCreated;
import dev.usher.policy.Decision;
import dev.usher.policy.Decisions;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.admission.AdmissionObserver;
import dev.usher.provisioning.admission.Verdict;
import dev.usher.provisioning.intake.IntakeObserver;
import dev.usher.provisioning.person.SignIn;
import dev.usher.provisioning.provision.Outcome;
import dev.usher.provisioning.provision.ProvisionObserver;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Tells on the terminal who signed in, what was decided and why, and what was created where; each
 * person once, and every few seconds a line of totals.
 */
final class Story implements IntakeObserver, AdmissionObserver, ProvisionObserver, AutoCloseable {

  private static final Duration SUMMARY_EVERY = Duration.ofSeconds(5);
  private static final int LATENCIES_KEPT = 10_000;
  private static final int SIGN_INS_KEPT = 100_000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  private final PrintStream out;
  private final LongSupplier pendingAccounts;
  private final ScheduledExecutorService summaries =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("summary").unstarted(task));
  private final Set<String> toldOf = ConcurrentHashMap.newKeySet();
  private final Map<String, Instant> signedInAt =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
              return size() > SIGN_INS_KEPT;
            }
          });
  private final List<Long> latencies = new ArrayList<>();
  private final LongAdder signIns = new LongAdder();
  private final LongAdder decided = new LongAdder();
  private final LongAdder created = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder retried = new LongAdder();
  private final LongAdder announced = new LongAdder();

  Story(PrintStream out, LongSupplier pendingAccounts) {
    this.out = out;
    this.pendingAccounts = pendingAccounts;
  }

  void introduce(Map<String, String> addresses, int people) {
    out.println();
    out.printf("Usher is ready. A company of %,d people starts to sign in.%n", people);
    out.println("Attach tools of your own (kcat, mongosh, curl):");
    addresses.forEach((name, address) -> out.printf("  %-9s %s%n", name, address));
    out.println("Ctrl-C ends it. Each person is told of once; repeat sign-ins only count.");
    out.println();
  }

  void start() {
    var _ =
        summaries.scheduleAtFixedRate(
            this::summarize,
            SUMMARY_EVERY.toMillis(),
            SUMMARY_EVERY.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void taken(Kind kind, int records) {
    if (kind == Kind.SIGN_INS) {
      signIns.add(records);
    }
  }

  @Override
  public void buried(String topic, String reason) {
    tell("DEAD LETTER", "%s: %s".formatted(topic, reason));
  }

  @Override
  public void decided(SignIn signIn, Verdict verdict) {
    decided.increment();
    boolean news =
        toldOf.add(signIn.facts().issuer() + " " + signIn.facts().subject() + key(verdict));
    if (signIn.eventId() != null) {
      signedInAt.put(signIn.eventId(), signIn.appendedAt());
    }
    String who =
        "%s <%s> from %s"
            .formatted(
                signIn.profile().displayName(), signIn.facts().email(), signIn.facts().clientIp());
    switch (verdict) {
      case Verdict.TurnedAway away -> {
        refused.increment();
        if (news) {
          tell("turned away", who + ": " + away.sentence());
        }
      }
      case Verdict.Decided all -> {
        if (!permitsAny(all.decisions())) {
          refused.increment();
        }
        if (news) {
          tell("sign-in", who);
          tell("", "  " + reasons(all.decisions()));
        }
      }
    }
  }

  private static boolean permitsAny(Decisions decisions) {
    return IntStream.range(0, decisions.size())
        .mapToObj(decisions::get)
        .anyMatch(Decision::permitted);
  }

  private static String key(Verdict verdict) {
    return switch (verdict) {
      case Verdict.TurnedAway _ -> " away";
      case Verdict.Decided _ -> " decided";
    };
  }

  private static String reasons(Decisions decisions) {
    List<String> reasons = new ArrayList<>();
    for (int i = 0; i < decisions.size(); i++) {
      Decision decision = decisions.get(i);
      reasons.add(
          decision.permitted()
              ? decision.service().id() + " yes (" + decision.rule() + ")"
              : decision.service().id() + " no (" + decision.reason().text() + ")");
    }
    return String.join(", ", reasons);
  }

  @Override
  public void tried(Account account, Outcome outcome, Duration took) {
    String what = "%s for %s".formatted(account.key().service(), account.profile().displayName());
    switch (outcome) {
      case Outcome.There there -> {
        created.increment();
        tell(
            "created",
            "%s: account %s after %d ms. %s"
                .formatted(what, there.id(), took.toMillis(), there.detail()));
      }
      case Outcome.Retry again -> {
        retried.increment();
        tell("retry", what + ": " + again.detail());
      }
      case Outcome.SomebodyElses held -> tell("held", what + ": " + held.detail());
      case Outcome.Rejected rejected -> tell("failed", what + ": " + rejected.detail());
      case Outcome.NotTried later -> tell("waits", what + ": " + later.detail());
      case Outcome.Paused later -> tell("waits", what + ": " + later.detail());
      case Outcome.Unknown again -> {
        retried.increment();
        tell("retry", what + ": " + again.detail());
      }
      default -> tell(outcome.name(), what + ": " + outcome.detail());
    }
  }

  /** The bot has read that it can greet somebody. */
  void greeted(AccountCreated event, Instant at) {
    announced.increment();
    Instant askedAt =
        event.getCausationId() == null ? null : signedInAt.get(event.getCausationId());
    if (askedAt == null) {
      return;
    }
    long latency = Duration.between(askedAt, at).toMillis();
    synchronized (latencies) {
      if (latencies.size() == LATENCIES_KEPT) {
        latencies.removeFirst();
      }
      latencies.add(latency);
    }
    tell(
        "announced",
        "%s for %s: AccountCreated, %d ms after the sign-in"
            .formatted(event.getService(), event.getDisplayName(), latency));
  }

  private void tell(String what, String sentence) {
    out.printf("%s  %-11s  %s%n", TIME.format(Instant.ofEpochMilli(now())), what, sentence);
  }

  private static long now() {
    return java.time.InstantSource.system().millis();
  }

  void summarize() {
    long p50;
    long p99;
    synchronized (latencies) {
      List<Long> sorted = latencies.stream().sorted().toList();
      p50 = percentile(sorted, 0.50);
      p99 = percentile(sorted, 0.99);
    }
    out.printf(
        "usher sign-ins=%d decided=%d created=%d refused=%d retried=%d waiting=%d announced=%d p50=%dms p99=%dms%n",
        signIns.sum(),
        decided.sum(),
        created.sum(),
        refused.sum(),
        retried.sum(),
        pendingAccounts.getAsLong(),
        announced.sum(),
        p50,
        p99);
  }

  private static long percentile(List<Long> sorted, double share) {
    return sorted.isEmpty()
        ? 0
        : sorted.get((int) Math.min(sorted.size() - 1L, (long) (sorted.size() * share)));
  }

  @Override
  public void close() {
    if (!summaries.isShutdown()) {
      summaries.shutdownNow();
      summarize();
    }
  }
}
