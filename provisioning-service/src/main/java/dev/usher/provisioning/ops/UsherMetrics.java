package dev.usher.provisioning.ops;

import dev.usher.policy.Decision;
import dev.usher.policy.Decisions;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountDesk;
import dev.usher.provisioning.account.Announcement;
import dev.usher.provisioning.admission.AdmissionObserver;
import dev.usher.provisioning.admission.Verdict;
import dev.usher.provisioning.announce.AnnouncementObserver;
import dev.usher.provisioning.intake.IntakeObserver;
import dev.usher.provisioning.intake.IntakeProgress;
import dev.usher.provisioning.person.SignIn;
import dev.usher.provisioning.provision.Outcome;
import dev.usher.provisioning.provision.ProvisionObserver;
import dev.usher.provisioning.tenant.Tenants;
import dev.usher.provisioning.tenant.TopicProperties;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What Prometheus sees. Labels are tenants, services, topics and fixed words only: bounded by the
 * tenant files, and nothing personal.
 */
final class UsherMetrics
    implements IntakeObserver, AdmissionObserver, ProvisionObserver, AnnouncementObserver {

  private final MeterRegistry registry;
  private final Counter signIns;
  private final Counter postponed;
  private final Map<String, Counter> turnedAway = new ConcurrentHashMap<>();
  private final Map<Kind, Counter> decided = new ConcurrentHashMap<>();

  /** What decisions are counted by. */
  private record Kind(String tenant, String service, String outcome, String reason) {}

  UsherMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.signIns =
        Counter.builder("usher.sign.ins")
            .description("Records taken in, done or dead-lettered")
            .register(registry);
    this.postponed =
        Counter.builder("usher.announcements.postponed")
            .description("Announcements that Kafka or the registry did not take yet")
            .register(registry);
  }

  /** The gauges, which read what the stages know. */
  static void bind(
      MeterRegistry registry,
      IntakeProgress progress,
      TopicProperties topics,
      AccountDesk desk,
      Tenants tenants) {
    for (String topic : topics.signInTopics()) {
      Gauge.builder("usher.intake.lag.seconds", progress, intake -> intake.lagSeconds(topic))
          .description("Age of the oldest record that is not done, in this instance's partitions")
          .tag("topic", topic)
          .register(registry);
      Gauge.builder("usher.intake.lag.records", progress, intake -> intake.lagRecords(topic))
          .description("Records that are not done, in this instance's partitions")
          .tag("topic", topic)
          .register(registry);
    }
    Gauge.builder("usher.intake.waiting", progress, intake -> intake.waitingFor() == null ? 0 : 1)
        .description("1 while intake waits for something that is not to be had now")
        .register(registry);
    Gauge.builder("usher.accounts.in.hand", desk, AccountDesk::inHand)
        .description("Accounts that this instance works on")
        .register(registry);
    Gauge.builder("usher.tenant.files.problems", tenants, files -> files.refused().size())
        .description("What is wrong with the tenant files; above 0, an older set is in force")
        .register(registry);
  }

  @Override
  public void taken(int records) {
    signIns.increment(records);
  }

  @Override
  public void buried(String topic, String reason) {
    registry.counter("usher.dead.letters", "topic", topic, "reason", reason).increment();
  }

  @Override
  public void decided(SignIn signIn, Verdict verdict) {
    switch (verdict) {
      case Verdict.TurnedAway away ->
          turnedAway
              .computeIfAbsent(
                  away.reason(),
                  reason -> registry.counter("usher.sign.ins.turned.away", "reason", reason))
              .increment();
      case Verdict.Decided all -> count(all.decisions());
    }
  }

  private void count(Decisions decisions) {
    for (int i = 0; i < decisions.size(); i++) {
      Decision decision = decisions.get(i);
      Kind kind =
          new Kind(
              decision.service().tenant(),
              decision.service().id(),
              decision.outcome().text(),
              decision.reason().text());
      decided.computeIfAbsent(kind, this::counter).increment();
    }
  }

  private Counter counter(Kind kind) {
    return registry.counter(
        "usher.decisions",
        "tenant",
        kind.tenant,
        "service",
        kind.service,
        "outcome",
        kind.outcome,
        "reason",
        kind.reason);
  }

  @Override
  public void tried(Account account, Outcome outcome, Duration took) {
    Timer.builder("usher.attempt")
        .description("Tries at services")
        .tag("tenant", account.key().person().tenant())
        .tag("service", account.key().service())
        .tag("outcome", outcome.name())
        .register(registry)
        .record(took);
  }

  @Override
  public void announced(Account account, Announcement announcement, Instant appendedAt) {
    Timer.builder("usher.announcement.latency")
        .description("From the source event's timestamp to the announcement's, both in Kafka")
        .tag("tenant", account.key().person().tenant())
        .tag("service", account.key().service())
        .tag("kind", announcement.kind().name().toLowerCase(Locale.ROOT))
        .register(registry)
        .record(nonNegative(Duration.between(account.grant().askedAt(), appendedAt)));
  }

  @Override
  public void postponed(Account account, Announcement announcement) {
    postponed.increment();
  }

  private static Duration nonNegative(Duration time) {
    return time.isNegative() ? Duration.ZERO : time;
  }
}
