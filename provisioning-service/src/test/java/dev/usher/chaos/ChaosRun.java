package dev.usher.chaos;

import dev.usher.chaos.Tally.Found;
import dev.usher.events.serialization.EventClasses;
import dev.usher.sandbox.Fault;
import dev.usher.sandbox.Fault.RetryAfterForm;
import dev.usher.sandbox.Saas;
import dev.usher.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** One run, from an empty world to the count. */
final class ChaosRun {

  private static final int INSTANCES = 3;
  private static final String SIGN_INS = "identity.sign-ins";
  private static final String CHANGES = "identity.changes";
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration LEASE_MARGIN = Duration.ofSeconds(5);

  /**
   * It is over if nothing moves for so long: more than the start of an instance on a busy machine,
   * a takeover (lease, margin and a heartbeat), the longest backoff and an outage together.
   */
  private static final Duration STANDSTILL = Duration.ofSeconds(150);

  /** Once all is there, it must stay so for that long. */
  private static final Duration QUIET = LEASE.plus(LEASE_MARGIN).plusSeconds(5);

  private static final double FAILING = 0.2;

  private final Settings settings;
  private final Path folder;
  private final Consumer<String> says;
  private final long began = System.nanoTime();
  private final Cast cast;
  private final int allDue;

  /**
   * @param folder for the data of broker, database and registry, and what instances print
   * @param says takes what happens, by the line
   */
  ChaosRun(Settings settings, Path folder, Consumer<String> says) {
    this.settings = settings;
    this.folder = folder;
    this.says = says;
    this.cast = new Cast(settings.people(), settings.seed());
    int due = 0;
    for (int number = 0; number < settings.people(); number++) {
      due += cast.due(number).size();
    }
    this.allDue = due;
  }

  /** Runs it. */
  Tally run() throws InterruptedException {
    EventClasses.trust();
    say(
        "seed %d: %d people, %d accounts due"
            .formatted(settings.seed(), settings.people(), allDue));
    try (Sandbox sandbox = Sandbox.startLargeIn(folder, Cast.SERVICES.toArray(String[]::new))) {
      Map<String, String> brokerTime = Map.of("message.timestamp.type", "LogAppendTime");
      sandbox.broker().createTopic(SIGN_INS, 6, brokerTime);
      sandbox.broker().createTopic(SIGN_INS + "-dlt", 1, brokerTime);
      sandbox.broker().createTopic(CHANGES, 3, brokerTime);
      sandbox.broker().createTopic(CHANGES + "-dlt", 1, brokerTime);
      sandbox.broker().createTopic(Witness.CREATED, 4, brokerTime);
      sandbox.broker().createTopic(Witness.CHANGED, 4, brokerTime);
      Map<String, Saas> services = new LinkedHashMap<>();
      Cast.SERVICES.forEach(name -> services.put(name, sandbox.saas(name)));
      sandbox.saas(Cast.CARELESS).uniqueness(false);
      fail(services);
      return run(sandbox, services);
    }
  }

  /** From now on a fifth of all requests goes wrong, in every way that a service is known to. */
  private void fail(Map<String, Saas> services) {
    services.forEach(
        (name, saas) -> {
          List<Fault> faults = new ArrayList<>();
          // Those that hold up all who wait are rarer than others, or the run would be about them.
          for (int i = 0; i < 5; i++) {
            faults.addAll(
                List.of(
                    Fault.delay(Duration.ofMillis(50), Duration.ofMillis(500)),
                    Fault.tooManyRequests(Duration.ZERO),
                    Fault.serverError(500),
                    Fault.serverError(502),
                    Fault.serverError(503),
                    Fault.serverErrorAfterEffect(500),
                    Fault.serverErrorAfterEffect(503),
                    Fault.reset(),
                    Fault.resetAfterEffect(),
                    Fault.slowBody(Duration.ofMillis(200)),
                    Fault.conflictAlthoughAbsent(),
                    Fault.malformedBody()));
            if (name.equals(Cast.LIAR)) {
              faults.add(Fault.createdWithoutCreating());
            }
          }
          faults.add(Fault.tooManyRequests(Duration.ofSeconds(1)));
          faults.add(Fault.tooManyRequests(Duration.ofSeconds(1), RetryAfterForm.HTTP_DATE));
          faults.addAll(List.of(Fault.hang(), Fault.hangAfterEffect()));
          saas.faults().atRate(FAILING, settings.seed() + name.hashCode(), faults);
        });
  }

  private Tally run(Sandbox sandbox, Map<String, Saas> services) throws InterruptedException {
    List<Trouble> plan =
        Trouble.plan(settings.seed(), settings.kills(), INSTANCES, LEASE.plus(LEASE_MARGIN));
    String plant = settings.plant().map(bug -> bug.configuration().getName()).orElse("");
    String brokers = sandbox.broker().bootstrapServers();
    String registry = sandbox.registry().url();
    // A tenth of all at most, so that there is always somebody who turns up; and no more than is
    // in hand without waiting in the database.
    int mostAhead = Math.clamp(allDue / 10, 200, 6_000);
    try (Witness witness = new Witness(brokers, registry);
        Publishers publishers =
            new Publishers(
                cast,
                new Publishers.Topics(SIGN_INS, CHANGES),
                brokers,
                registry,
                witness,
                mostAhead,
                settings.seed());
        Instances instances = new Instances(serviceSettings(sandbox), plant, folder);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < INSTANCES; i++) {
        instances.add();
      }
      Future<?> publishing =
          threads.submit(
              () -> {
                publishers.publishAll();
                return null;
              });
      Troubles troubles = new Troubles(plan, sandbox, instances, witness, allDue, this::say);
      Future<?> troubling =
          threads.submit(
              () -> {
                troubles.run();
                return null;
              });
      awaitEnd(publishers, witness, services);
      publishing.cancel(true);
      troubling.cancel(true);
      check(publishing);
      check(troubling);
      troubles.end();
      instances.stop();
      say("faults: %s".formatted(befallen(services)));
      say("announcements: %d, of %d accounts".formatted(witness.records(), witness.accounts()));
      Map<String, Found> found = new HashMap<>();
      services.forEach((name, saas) -> found.put(name, Found.in(saas)));
      return Tally.of(
          cast,
          publishers::taken,
          found,
          witness.told(),
          witness.outOfOrder(),
          instances.kills(),
          settings.seed());
    }
  }

  private static void check(Future<?> part) {
    if (part.state() == Future.State.FAILED) {
      throw new IllegalStateException("the run itself failed", part.exceptionNow());
    }
  }

  private static Map<String, Long> befallen(Map<String, Saas> services) {
    Map<String, Long> all = new TreeMap<>();
    services
        .values()
        .forEach(
            saas ->
                saas.faults()
                    .befallen()
                    .forEach((fault, count) -> all.merge(fault, count, Long::sum)));
    return all;
  }

  /** Until all that is due is announced and stays so, or nothing moves any more. */
  private void awaitEnd(Publishers publishers, Witness witness, Map<String, Saas> services)
      throws InterruptedException {
    long moved = System.nanoTime();
    long told = moved;
    long before = -1;
    while (true) {
      long records = witness.records();
      boolean complete = publishers.done() && isComplete(publishers, witness, services);
      // Once all is there, a request at a service counts as a move as well.
      long now = records + publishers.people() + (complete ? requests(services) : 0);
      if (now != before) {
        before = now;
        moved = System.nanoTime();
      }
      Duration still = Duration.ofNanos(System.nanoTime() - moved);
      if (still.compareTo(complete ? QUIET : STANDSTILL) > 0) {
        say(complete ? "all is announced" : "nothing has moved for " + STANDSTILL);
        return;
      }
      if (System.nanoTime() - told > Duration.ofSeconds(10).toNanos()) {
        told = System.nanoTime();
        say(
            "people %d, due %d, announced %d"
                .formatted(publishers.people(), publishers.due(), witness.accounts()));
      }
      witness.awaitMore(records, Duration.ofSeconds(1));
    }
  }

  private boolean isComplete(Publishers publishers, Witness witness, Map<String, Saas> services) {
    if (witness.accounts() < publishers.due()) {
      return false;
    }
    for (int number = 0; number < cast.people().size(); number++) {
      for (String service : publishers.taken(number) ? cast.due(number) : List.<String>of()) {
        if (!witness.announced(new Cast.Role(service, cast.people().get(number).subject()))) {
          return false;
        }
      }
    }
    return services.entrySet().stream()
        .allMatch(
            service ->
                service.getValue().accounts().stream()
                    .allMatch(account -> cast.amiss(service.getKey(), account).isEmpty()));
  }

  private static long requests(Map<String, Saas> services) {
    return services.values().stream()
        .flatMap(saas -> saas.requests().values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  private Map<String, String> serviceSettings(Sandbox sandbox) {
    Map<String, String> all = new HashMap<>();
    all.put("server.port", "0");
    all.put("server.address", "127.0.0.1");
    all.put("spring.main.banner-mode", "off");
    all.put("spring.kafka.bootstrap-servers", sandbox.broker().bootstrapServers());
    all.put("spring.kafka.properties.[schema.registry.url]", sandbox.registry().url());
    all.put("spring.mongodb.uri", sandbox.database().uri("usher"));
    all.put("usher.tenants.directory", tenantFiles(sandbox).toString());
    all.put("usher.outbound.private-allowed", "true");
    all.put("usher.secrets.acme.TOKEN", Saas.DEFAULT_TOKEN);
    // Whoever is killed says no goodbye; the default would leave their partitions alone for 45 s.
    all.put("spring.kafka.consumer.properties.[session.timeout.ms]", "6000");
    all.put("spring.kafka.consumer.properties.[heartbeat.interval.ms]", "1500");
    // The shortest there is, so that 20 takeovers fit into one run.
    all.put("usher.account.lease", LEASE.toSeconds() + "s");
    all.put("usher.account.lease-margin", LEASE_MARGIN.toSeconds() + "s");
    // Minutes and hours of patience are for services that are down, and these only fail now and
    // then.
    all.put("usher.provision.backoff", "1s");
    all.put("usher.provision.longest-backoff", "5s");
    all.put("usher.provision.circuit-open-for", "2s");
    // What these services do at all they do at once, or after a delay of half a second at most.
    all.put("usher.provision.late-effect", "3s");
    all.put("usher.announce.delivery-timeout", "5s");
    all.put("usher.announce.retry-after", "1s");
    all.put("usher.intake.longest-wait", "1s");
    return all;
  }

  private Path tenantFiles(Sandbox sandbox) {
    Map<String, String> urls = new HashMap<>();
    Cast.SERVICES.forEach(name -> urls.put(name, sandbox.saas(name).url()));
    try {
      Path tenants = Files.createDirectories(folder.resolve("tenants"));
      Files.writeString(tenants.resolve("acme.yaml"), Cast.tenant(urls));
      return tenants;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void say(String what) {
    says.accept("%6.1f s  %s".formatted((System.nanoTime() - began) / 1e9, what));
  }
}
