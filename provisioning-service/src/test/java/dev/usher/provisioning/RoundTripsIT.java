package dev.usher.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.usher.provisioning.testing.SandboxNeighbours;
import dev.usher.provisioning.testing.TestBed;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What an account, and a repeat, cost in round trips: counted, not timed. */
@Isolated("how many share a round trip follows from how fast they are")
final class RoundTripsIT {

  /** What runs whether anybody signs in or not. */
  private static final Set<String> IDLE = Set.of("update instances", "find instances", "distinct");

  private static final Map<String, Integer> COMMANDS = new ConcurrentHashMap<>();
  private @Nullable TestBed open;
  private @Nullable ApplicationContext service;

  /** The commands by name and collection. */
  private static final class Counter implements CommandListener {
    @Override
    public void commandStarted(CommandStartedEvent event) {
      if (event.getCommand().isString(event.getCommandName())) {
        String collection = event.getCommand().getString(event.getCommandName()).getValue();
        COMMANDS.merge(event.getCommandName() + ' ' + collection, 1, Integer::sum);
      }
    }
  }

  /** Has the driver's commands counted. */
  @Configuration(proxyBeanMethods = false)
  static class Counting {
    @Bean
    MongoClientSettingsBuilderCustomizer commandCounter() {
      return settings -> settings.addCommandListener(new Counter());
    }
  }

  private TestBed start(int concurrency) {
    COMMANDS.clear();
    TestBed bed = new TestBed(SandboxNeighbours.shared(), "slack");
    open = bed;
    bed.with(Counting.class);
    bed.tenant(
        """
        tenant: acme
        issuers:
          staff: {id: "%s", vouches-for: [acme.example]}
        domains: [acme.example]
        services:
          slack:
            connector: {type: scim, url: "%s", token: "${SLACK_TOKEN}", concurrency: %d}
            join:
              - permit: anyone-at-acme
                domain: acme.example
        """
            .formatted(TestBed.ISSUER, bed.saas("slack").url(), concurrency));
    service = bed.start();
    return bed;
  }

  @AfterEach
  void close() {
    if (open != null) {
      open.close();
    }
  }

  private Map<String, Integer> counted() {
    Map<String, Integer> counted = new TreeMap<>(COMMANDS);
    counted.keySet().removeIf(each -> IDLE.stream().anyMatch(each::startsWith));
    return counted;
  }

  /** How many requests the announcer has sent to the broker. */
  private double announcerRequests() {
    return meters()
        .get("kafka.producer.request.total")
        .tag("client.id", "usher-announcer")
        .functionCounter()
        .count();
  }

  private MeterRegistry meters() {
    return Objects.requireNonNull(service).getBean(MeterRegistry.class);
  }

  private void awaitRest() {
    TestBed.eventually(
        "nothing in hand",
        () -> assertThat(meters().get("usher.accounts.in.hand").gauge().value()).isZero());
  }

  @Test
  void aLoneFirstSignInTakesSixRoundTripsOfTheDatabaseAndOneOfTheBrokerAndARepeatNone() {
    TestBed bed = start(10);
    bed.publish(TestBed.signIn("warm-up").build());
    bed.awaitCreated(1);
    awaitRest();
    COMMANDS.clear();
    double requests = announcerRequests();

    bed.publish(TestBed.signIn("ada").build());
    bed.awaitCreated(2);
    awaitRest();

    assertThat(counted())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "find persons", 1, // what is kept of her
                "insert mailboxes", 1,
                "insert accounts", 1, // with its claim
                "update persons", 1, // the decisions, unless she has left since
                "update accounts", 2)); // the creation, the announcement
    assertThat(announcerRequests() - requests).as("with her announcement").isEqualTo(1);
    COMMANDS.clear();

    for (int i = 0; i < 100; i++) {
      bed.publish(TestBed.signIn("ada").setEventId("again-" + i).build());
    }
    bed.publish(TestBed.signIn("ada").setEventId("last").build());
    bed.publish(TestBed.signIn("grace").build());
    bed.awaitCreated(3);
    awaitRest();
    assertThat(counted()).as("grace's alone").containsEntry("find persons", 1);
  }

  @Test
  void manyFirstSignInsShareTheirRoundTrips() {
    int people = 2_000;
    TestBed bed = start(100);
    for (int i = 0; i < people; i++) {
      bed.send(TestBed.signIn("p" + i).build());
    }
    bed.awaitCreated(people);
    awaitRest();

    assertThat(announcerRequests()).as("with their announcements").isLessThan(people / 4.0);
    Map<String, Integer> counted = counted();
    Integer updates = counted.remove("update accounts");
    int taken = counted.values().stream().mapToInt(Integer::intValue).sum();
    assertThat(taken).as("taking them in: %s", counted).isLessThan(people / 20);
    // Two for each account, if it were alone. How many share one follows from how fast the service
    // creates them, which is slow in a JVM that has just begun.
    assertThat(updates).as("what becomes of them").isLessThan(people / 2);
  }
}
