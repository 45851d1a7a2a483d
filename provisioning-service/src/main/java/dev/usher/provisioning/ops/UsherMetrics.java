package dev.usher.provisioning.ops;

import dev.usher.policy.Decision;
import dev.usher.policy.Decisions;
import dev.usher.policy.Reason;
import dev.usher.policy.Service;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountDesk;
import dev.usher.provisioning.account.Announcement;
import dev.usher.provisioning.admission.AdmissionObserver;
import dev.usher.provisioning.admission.Verdict;
import dev.usher.provisioning.announce.AnnouncementObserver;
import dev.usher.provisioning.intake.IntakeObserver;
import dev.usher.provisioning.intake.IntakeProgress;
import dev.usher.provisioning.person.IdentityChange;
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
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What Prometheus sees. Labels are tenants, services, topics and fixed words only: bounded by the
 * tenant files, and nothing personal.
 */
final class UsherMetrics
    implements IntakeObserver, AdmissionObserver, ProvisionObserver, AnnouncementObserver {

  private static final int SERVICES_REMEMBERED = 50_000;

  private final MeterRegistry registry;
  private final Counter signIns;
  private final Counter identityChanges;
  private final Counter postponed;
  private final Map<String, Counter> turnedAway = new ConcurrentHashMap<>();

  /** By service, as itself, and reason, which has but one outcome; on the path of sign-ins. */
  private volatile IdentityHashMap<Service, Map<Reason, Counter>> decided = new IdentityHashMap<>();

  UsherMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.signIns =
        Counter.builder("usher.sign.ins")
            .description("Records with sign-ins taken in, done or dead-lettered")
            .register(registry);
    this.identityChanges =
        Counter.builder("usher.identity.changes")
            .description("Records with changes of identities taken in, done or dead-lettered")
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
    for (String topic : topics.inputTopics()) {
      Gauge.builder("usher.intake.lag.seconds", progress, intake -> intake.lagSeconds(topic))
          .description("Age of the oldest record that is not done, in this instance's partitions")
          .tag("topic", topic)
          .register(registry);
      Gauge.builder("usher.intake.lag.records", progress, intake -> intake.lagRecords(topic))
          .description("Records that are not done, in this instance's partitions")
          .tag("topic", topic)
          .register(registry);
      Gauge.builder(
              "usher.intake.waiting",
              progress,
              intake -> intake.waitingFor().containsKey(topic) ? 1 : 0)
          .description("1 while intake waits for something that is not to be had now")
          .tag("topic", topic)
          .register(registry);
      Gauge.builder(
              "usher.intake.topic.missing",
              progress,
              intake -> intake.missingTopics().contains(topic) ? 1 : 0)
          .description("1 while the topic does not exist, as far as this instance has looked")
          .tag("topic", topic)
          .register(registry);
    }
    Gauge.builder("usher.accounts.in.hand", desk, AccountDesk::inHand)
        .description("Accounts that this instance works on")
        .register(registry);
    Gauge.builder("usher.tenant.files.problems", tenants, files -> files.refused().size())
        .description("What is wrong with the tenant files; above 0, an older set is in force")
        .register(registry);
  }

  @Override
  public void taken(Kind kind, int records) {
    switch (kind) {
      case SIGN_INS -> signIns.increment(records);
      case IDENTITY_CHANGES -> identityChanges.increment(records);
    }
  }

  @Override
  public void buried(String topic, String reason) {
    registry.counter("usher.dead.letters", "topic", topic, "reason", reason).increment();
  }

  @Override
  public void counted(Verdict verdict, int signIns) {
    switch (verdict) {
      case Verdict.TurnedAway away ->
          turnedAway
              .computeIfAbsent(
                  away.reason(),
                  reason -> registry.counter("usher.sign.ins.turned.away", "reason", reason))
              .increment(signIns);
      case Verdict.Decided all -> count(all.decisions(), signIns);
    }
  }

  @Override
  public void turnedAway(IdentityChange change, Verdict.TurnedAway why) {
    registry.counter("usher.identity.changes.turned.away", "reason", why.reason()).increment();
  }

  private void count(Decisions decisions, int signIns) {
    for (int i = 0; i < decisions.size(); i++) {
      Decision decision = decisions.get(i);
      Map<Reason, Counter> counters = decided.get(decision.service());
      Counter counter = counters == null ? null : counters.get(decision.reason());
      (counter == null ? countedBy(decision) : counter).increment(signIns);
    }
  }

  /** The decision's counter, to be found at once from now on. */
  private synchronized Counter countedBy(Decision decision) {
    Service service = decision.service();
    Counter counter =
        registry.counter(
            "usher.decisions",
            "tenant",
            service.tenant(),
            "service",
            service.id(),
            "outcome",
            decision.outcome().text(),
            "reason",
            decision.reason().text());
    // Copied, since readers take no lock. Each policy set has services of its own, so that those of
    // the ones before are forgotten once there are many.
    IdentityHashMap<Service, Map<Reason, Counter>> all = new IdentityHashMap<>();
    if (decided.size() < SERVICES_REMEMBERED) {
      all.putAll(decided);
    }
    Map<Reason, Counter> counters = new EnumMap<>(Reason.class);
    counters.putAll(all.getOrDefault(service, Map.of()));
    counters.put(decision.reason(), counter);
    all.put(service, counters);
    decided = all;
    return counter;
  }

  @Override
  public void lostPermission(Service service) {
    registry
        .counter("usher.permissions.lost", "tenant", service.tenant(), "service", service.id())
        .increment();
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
