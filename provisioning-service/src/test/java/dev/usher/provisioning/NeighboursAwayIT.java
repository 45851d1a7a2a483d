package dev.usher.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.usher.events.AccountChanged;
import dev.usher.events.AccountCreated;
import dev.usher.events.Change;
import dev.usher.events.IdentityChange;
import dev.usher.provisioning.intake.IntakeProgress;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.person.PersonStore;
import dev.usher.provisioning.testing.SandboxNeighbours;
import dev.usher.provisioning.testing.TestBed;
import dev.usher.sandbox.Fault;
import dev.usher.sandbox.Sandbox;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** What happens while a neighbour is away: nothing is lost, nothing is committed too early. */
final class NeighboursAwayIT {

  @TempDir private static @Nullable Path folder;

  private static @Nullable Sandbox sandbox;
  private @Nullable TestBed bed;

  @BeforeAll
  static void startSandbox() {
    // On disk, so that what the database has acknowledged outlasts its stop.
    sandbox = Sandbox.startIn(Objects.requireNonNull(folder));
  }

  @AfterAll
  static void stopSandbox() {
    sandbox().close();
  }

  @BeforeEach
  void makeBed() {
    bed =
        new TestBed(new SandboxNeighbours(sandbox()), "slack")
            .openTenant()
            .with("usher.announce.retry-after", "500ms")
            .with("usher.announce.delivery-timeout", "3s")
            .with("usher.intake.longest-wait", "500ms");
  }

  @AfterEach
  void closeBed() {
    bed().close();
  }

  private static Sandbox sandbox() {
    return Objects.requireNonNull(sandbox);
  }

  private TestBed bed() {
    return Objects.requireNonNull(bed);
  }

  @Test
  void withoutTheDatabaseIntakeWaitsAndCommitsNothing() throws Exception {
    ApplicationContext service = bed().start();
    bed().publish(TestBed.signIn("before").build());
    bed().awaitCreated(1);
    TestBed.eventually("the first is committed", () -> assertThat(committed()).isEqualTo(1));

    sandbox().database().stop();
    try {
      bed().publish(TestBed.signIn("during").build());
      bed().publish(TestBed.change("before", IdentityChange.DELETED).build());
      IntakeProgress progress = service.getBean(IntakeProgress.class);
      TestBed.eventually(
          "intake waits",
          () ->
              assertThat(progress.waitingFor())
                  .containsOnlyKeys(bed().signIns(), bed().identityChanges()));
      assertThat(committed()).isEqualTo(1);
      assertThat(health(service)).isEqualTo(Status.OUT_OF_SERVICE);
      assertThat(progress.lagSeconds(bed().signIns())).isPositive();
    } finally {
      sandbox().database().restart();
    }

    assertThat(bed().awaitCreated(2))
        .extracting(AccountCreated::getSubject)
        .containsExactlyInAnyOrder("before", "during");
    TestBed.eventually("health", () -> assertThat(health(service)).isEqualTo(Status.UP));
    assertThat(bed().awaitChanged(1))
        .extracting(AccountChanged::getSubject, AccountChanged::getChange)
        .containsExactly(tuple("before", Change.SUSPENDED));
    TestBed.eventually("the second is committed", () -> assertThat(committed()).isEqualTo(2));
    assertThat(bed().saas("slack").successfulCreates().values()).containsOnly(1);
  }

  @Test
  void withoutTheRegistryIntakeWaits() {
    ApplicationContext service = bed().start();
    byte[] signIn = bed().bytes(TestBed.signIn("ada").build());
    byte[] change = bed().bytes(TestBed.change("eve", IdentityChange.DISABLED).build());
    sandbox().registry().stop();
    try {
      // A fresh instance has no schema in its memory.
      bed().publish("ada", signIn);
      bed().publish(bed().identityChanges(), null, "eve", change);
      IntakeProgress progress = service.getBean(IntakeProgress.class);
      TestBed.eventually(
          "intake waits",
          () ->
              assertThat(progress.waitingFor())
                  .containsOnlyKeys(bed().signIns(), bed().identityChanges())
                  .allSatisfy((_, why) -> assertThat(why).contains("SchemaRegistryUnavailable")));
    } finally {
      sandbox().registry().restart();
    }
    assertThat(bed().awaitCreated(1)).extracting(AccountCreated::getSubject).containsExactly("ada");
    PersonKey eve = new PersonKey("acme", "staff", "eve");
    TestBed.eventually(
        "who left has left",
        () ->
            assertThat(service.getBean(PersonStore.class).leftAmong(List.of(eve)))
                .containsOnlyKeys(eve));
    assertThat(bed().awaitDeadLetters(0)).isEmpty();
  }

  @Test
  void withoutTheBrokerAnnouncementsWait() {
    bed().start();
    bed().publish(TestBed.signIn("warm-up").build());
    bed().awaitCreated(1);
    bed().saas("slack").faults().always(Fault.delay(Duration.ofSeconds(1)));
    bed().publish(TestBed.signIn("ada").build());
    TestBed.eventually(
        "the service is asked",
        () -> assertThat(bed().saas("slack").requests().get("POST")).isEqualTo(2));

    sandbox().broker().stop();
    try {
      TestBed.eventually(
          "the account is there, and nobody knows",
          () -> assertThat(bed().saas("slack").accounts()).hasSize(2));
    } finally {
      sandbox().broker().restart();
    }

    List<AccountCreated> events = bed().awaitCreated(2);
    assertThat(events.getLast().getSubject()).isEqualTo("ada");
    assertThat(bed().saas("slack").successfulCreates().values()).containsOnly(1);
    bed().saas("slack").faults().none();
    bed().publish(TestBed.change("warm-up", IdentityChange.DELETED).build());
    assertThat(bed().awaitChanged(1))
        .extracting(AccountChanged::getSubject, AccountChanged::getChange)
        .containsExactly(tuple("warm-up", Change.SUSPENDED));
  }

  @Test
  void theOrderOfStartDoesNotMatter() {
    byte[] signIn = bed().bytes(TestBed.signIn("ada").build());
    byte[] change =
        bed()
            .bytes(
                TestBed.change("ada", IdentityChange.DELETED)
                    .setOccurredAt(Instant.ofEpochMilli(InstantSource.system().millis() + 60_000))
                    .build());
    sandbox().registry().stop();
    sandbox().database().stop();
    sandbox().broker().stop();

    bed().start();
    sandbox().broker().restart();
    sandbox().database().restart();
    bed().publish("ada", signIn);
    sandbox().registry().restart();

    assertThat(bed().awaitCreated(1)).extracting(AccountCreated::getSubject).containsExactly("ada");
    bed().publish(bed().identityChanges(), null, "ada", change);
    assertThat(bed().awaitChanged(1))
        .extracting(AccountChanged::getChange)
        .containsExactly(Change.SUSPENDED);
  }

  @Test
  void twoInstancesShareTheWorkWithoutDoublingIt() {
    bed().saas("slack").uniqueness(false);
    bed().start();
    ConfigurableApplicationContext second = bed().start();
    for (int i = 0; i < 200; i++) {
      bed().publish(TestBed.signIn("p" + i % 100).build());
    }
    bed().awaitCreated(100);
    second.close();
    for (int i = 50; i < 150; i++) {
      bed().publish(TestBed.signIn("p" + i).build());
    }

    List<AccountCreated> events = bed().awaitCreated(150);
    assertThat(bed().saas("slack").successfulCreates()).hasSize(150);
    assertThat(bed().saas("slack").successfulCreates().values()).containsOnly(1);
    assertThat(events).extracting(AccountCreated::getEventId).doesNotHaveDuplicates();
  }

  private static Status health(ApplicationContext service) {
    return Objects.requireNonNull(
            service.getBean("intakeHealthIndicator", HealthIndicator.class).health())
        .getStatus();
  }

  /** How many records are committed. */
  private long committed() {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", sandbox().broker().bootstrapServers()))) {
      return admin
          .listConsumerGroupOffsets(bed().group())
          .partitionsToOffsetAndMetadata()
          .get()
          .values()
          .stream()
          .mapToLong(OffsetAndMetadata::offset)
          .sum();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
