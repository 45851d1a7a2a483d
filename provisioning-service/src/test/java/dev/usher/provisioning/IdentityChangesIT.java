package dev.usher.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.usher.events.AccountChanged;
import dev.usher.events.AccountCreated;
import dev.usher.events.Change;
import dev.usher.events.IdentityChange;
import dev.usher.events.Origin;
import dev.usher.events.SuspensionCause;
import dev.usher.events.Trigger;
import dev.usher.provisioning.account.AccountDesk;
import dev.usher.provisioning.account.Wanted;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.testing.SandboxNeighbours;
import dev.usher.provisioning.testing.TestBed;
import dev.usher.sandbox.Saas;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ApplicationContext;
import org.springframework.kafka.listener.MessageListenerContainer;

/** What a directory says of people, from its topic to the services. */
final class IdentityChangesIT {

  private @Nullable TestBed open;

  private TestBed bed(String... services) {
    TestBed bed = new TestBed(SandboxNeighbours.shared(), services);
    open = bed;
    return bed;
  }

  @AfterEach
  void close() {
    if (open != null) {
      open.close();
    }
  }

  @Test
  void whoLeftBeforeTheyHadAnAccountIsNotLetInByALateSignInUntilTheyAreBack() {
    TestBed bed = bed("slack").openTenant();
    ApplicationContext service = bed.start();
    bed.publish(TestBed.change("ada", IdentityChange.DISABLED).build());
    counted(service, "usher.identity.changes", 1);

    bed.publish(TestBed.signIn("ada").setOccurredAt(in(60)).build());
    counted(service, "usher.sign.ins.turned.away", "left", 1);
    bed.publish(TestBed.change("ada", IdentityChange.ENABLED).setOccurredAt(in(-60)).build());
    counted(service, "usher.identity.changes", 2);
    bed.publish(TestBed.signIn("ada").setOccurredAt(in(61)).build());
    counted(service, "usher.sign.ins.turned.away", "left", 2);
    assertThat(bed.saas("slack").accounts()).as("they came back before they left").isEmpty();

    bed.publish(TestBed.change("ada", IdentityChange.ENABLED).setOccurredAt(in(70)).build());
    counted(service, "usher.identity.changes", 3);
    bed.publish(TestBed.signIn("ada").setOccurredAt(in(80)).build());
    assertThat(bed.awaitCreated(1)).extracting(AccountCreated::getSubject).containsExactly("ada");
  }

  @Test
  void whoLeavesIsSuspendedEverywhereAndWhoReturnsIsBack() {
    TestBed bed = bed("slack", "github").openTenant();
    bed.start();
    bed.publish(TestBed.signIn("ada").build());
    bed.publish(TestBed.signIn("grace").build());
    bed.awaitCreated(4);

    bed.publish(TestBed.change("ada", IdentityChange.DELETED).setEmail(null).build());

    assertThat(bed.awaitChanged(2))
        .extracting(
            AccountChanged::getSubject,
            AccountChanged::getService,
            AccountChanged::getChange,
            AccountChanged::getSuspensionCause,
            AccountChanged::getCausationId)
        .containsExactlyInAnyOrder(
            tuple("ada", "slack", Change.SUSPENDED, SuspensionCause.LEAVER, "DELETED-ada"),
            tuple("ada", "github", Change.SUSPENDED, SuspensionCause.LEAVER, "DELETED-ada"));
    assertThat(active(bed, "slack")).containsExactly("grace@acme.example");
    assertThat(active(bed, "github")).containsExactly("grace@acme.example");

    bed.publish(TestBed.change("ada", IdentityChange.ENABLED).setOccurredAt(in(60)).build());
    assertThat(bed.awaitCreated(6).subList(4, 6))
        .extracting(AccountCreated::getSubject, AccountCreated::getOrigin)
        .containsOnly(tuple("ada", Origin.REACTIVATED));
    assertThat(active(bed, "slack")).contains("ada@acme.example");
    assertThat(bed.saas("slack").successfulCreates().values()).containsOnly(1);
  }

  @Test
  void aJoinerGetsTheAccountsThatMustBeThereBeforehandAndNoOther() {
    TestBed bed = bed("slack", "wiki");
    bed.tenant(
        """
        tenant: acme
        issuers:
          staff: {id: "%s", vouches-for: [acme.example]}
        domains: [acme.example]
        services:
          slack:
            connector: %s
            join: [{permit: anyone-at-acme, domain: acme.example}]
          wiki:
            connector: %s
            trigger: joiner
            join: [{permit: anyone-at-acme, domain: acme.example}]
        """
            .formatted(TestBed.ISSUER, bed.connector("slack"), bed.connector("wiki")));
    ApplicationContext service = bed.start();

    bed.publish(TestBed.change("eve", IdentityChange.CREATED).setEmailVerified(false).build());
    bed.publish(TestBed.change("ada", IdentityChange.CREATED).build());

    assertThat(bed.awaitCreated(1))
        .extracting(
            AccountCreated::getSubject, AccountCreated::getService, AccountCreated::getTrigger)
        .containsExactly(tuple("ada", "wiki", Trigger.JOINER));
    counted(service, "usher.sign.ins.turned.away", "email-not-verified", 1);
    assertThat(bed.saas("slack").accounts()).isEmpty();
    assertThat(bed.saas("wiki").accounts()).hasSize(1);
  }

  @Test
  void whatIsNewOfAPersonReachesTheServiceAndWhatIsNotSaidStays() {
    TestBed bed = bed("slack").openTenant();
    ApplicationContext service = bed.start();
    bed.publish(TestBed.signIn("ada").build());
    bed.awaitCreated(1);

    bed.publish(
        TestBed.change("ada", IdentityChange.UPDATED).setDisplayName("Ada Lovelace").build());

    assertThat(bed.awaitChanged(1))
        .extracting(AccountChanged::getSubject, AccountChanged::getChange)
        .containsExactly(tuple("ada", Change.UPDATED));
    PersonKey ada = new PersonKey("acme", "staff", "ada");
    assertThat(service.getBean(AccountDesk.class).of(List.of(ada)))
        .singleElement()
        .satisfies(
            account -> {
              assertThat(account.profile().displayName()).isEqualTo("Ada Lovelace");
              assertThat(account.profile().locale()).isEqualTo("de-CH");
            });
  }

  @Test
  void whoMayNotSpeakOnTheTopicChangesNobody() {
    TestBed bed =
        bed("slack")
            .openTenant()
            .with("usher.topics.identity-changes[0].issuers", "https://id.globex.example");
    ApplicationContext service = bed.start();
    bed.publish(TestBed.signIn("ada").build());
    bed.awaitCreated(1);

    bed.publish(TestBed.change("ada", IdentityChange.DELETED).build());
    bed.publish(
        TestBed.change("ada", IdentityChange.DELETED)
            .setIssuer("https://id.globex.example")
            .build());

    counted(service, "usher.identity.changes.turned.away", "issuer-not-on-topic", 1);
    counted(service, "usher.identity.changes.turned.away", "unknown-issuer", 1);
    assertThat(
            service.getBean(AccountDesk.class).of(List.of(new PersonKey("acme", "staff", "ada"))))
        .allSatisfy(account -> assertThat(account.wanted()).isInstanceOf(Wanted.Present.class));
  }

  @Test
  void whatCanNeverBeReadEndsInTheDeadLettersAndALeaverWithAStrangeAddressDoesNot() {
    TestBed bed = bed("slack").openTenant();
    ApplicationContext service = bed.start();
    bed.publish(bed.identityChanges(), null, "k", new byte[] {1, 2, 3});
    bed.publish(bed.identityChanges(), null, "k", bed.bytes(TestBed.signIn("ada").build()));
    bed.publish(TestBed.change("ada", IdentityChange.UNKNOWN).build());
    bed.publish(TestBed.change("", IdentityChange.DELETED).build());
    bed.publish(TestBed.change("ada", IdentityChange.DELETED).setEmail("nowhere").build());

    assertThat(
            bed.await(bed.identityChanges() + "-dlt", new ByteArrayDeserializer(), 4).stream()
                .map(IdentityChangesIT::reason))
        .containsExactlyInAnyOrder(
            "not-an-identity-change",
            // A sign-in that strayed says of no change what it is.
            "unknown-change",
            "unknown-change",
            "no-subject");
    bed.publish(TestBed.signIn("ada").build());
    counted(service, "usher.sign.ins.turned.away", "left", 1);
  }

  @Test
  void withoutTheTopicTheServiceStartsAndSaysSoAndReadsItOnceItIsThere() {
    TestBed bed = bed("slack").openTenant();
    String late = "late-" + bed.identityChanges();
    bed.with("usher.topics.identity-changes[0].topic", late)
        .with("spring.kafka.consumer.properties.[metadata.max.age.ms]", "500");
    ApplicationContext service = bed.start();
    bed.publish(TestBed.signIn("ada").build());
    bed.awaitCreated(1);
    TestBed.eventually(
        "health names the topic",
        () -> {
          Health health = health(service);
          assertThat(health.getStatus()).isEqualTo(Status.UP);
          assertThat(health.getDetails().get("missingTopics")).asString().contains(late);
        });

    SandboxNeighbours.shared().createTopic(late, 1, Map.of());
    bed.publish(
        late, null, "ada", bed.bytes(TestBed.change("ada", IdentityChange.DELETED).build()));

    assertThat(bed.awaitChanged(1))
        .extracting(AccountChanged::getChange)
        .containsExactly(Change.SUSPENDED);
    TestBed.eventually(
        "health names it no more",
        () -> assertThat(health(service).getDetails()).doesNotContainKey("missingTopics"));
  }

  @Test
  void whatOneInstanceSuspendsAnotherNoLongerTakesForSettled() {
    TestBed bed =
        bed("slack")
            .openTenant()
            .with("usher.admission.settled-for", "1h")
            .with("spring.kafka.listener.concurrency", "1");
    ApplicationContext one = bed.start();
    ApplicationContext other = bed.start();
    int theirs = partitionOf(other);
    publish(bed, theirs, TestBed.signIn("ada").setOccurredAt(in(-5)).build());
    publish(bed, theirs, TestBed.signIn("grace").setOccurredAt(in(-5)).build());
    bed.awaitCreated(2);
    counted(other, "usher.sign.ins", 2);

    // The other has settled both; this one finds one of them dormant, and the directory says that
    // the other has left.
    AccountDesk desk = one.getBean(AccountDesk.class);
    desk.change(
        desk.of(List.of(new PersonKey("acme", "staff", "ada"))),
        account ->
            account.suspending(
                new Wanted.Suspended(
                    dev.usher.provisioning.account.SuspensionCause.DORMANT, in(-1), null),
                in(0)));
    bed.publish(TestBed.change("grace", IdentityChange.DELETED).setOccurredAt(in(-1)).build());
    assertThat(bed.awaitChanged(2))
        .extracting(AccountChanged::getSubject, AccountChanged::getSuspensionCause)
        .containsExactlyInAnyOrder(
            tuple("ada", SuspensionCause.DORMANT), tuple("grace", SuspensionCause.LEAVER));

    // It may hear of it a moment later than we do, so they sign in until it has.
    TestBed.eventually(
        "a sign-in revives the dormant account",
        () -> {
          publish(bed, theirs, TestBed.signIn("ada").build());
          assertThat(active(bed, "slack")).contains("ada@acme.example");
        });
    TestBed.eventually(
        "a sign-in of whoever has left is turned away",
        () -> {
          publish(bed, theirs, TestBed.signIn("grace").build());
          assertThat(count(other, "usher.sign.ins.turned.away", "left")).isPositive();
        });
    assertThat(active(bed, "slack")).containsExactly("ada@acme.example");
    assertThat(bed.awaitCreated(3).getLast().getOrigin()).isEqualTo(Origin.REACTIVATED);
    assertThat(partitionOf(other)).as("nothing was rebalanced meanwhile").isEqualTo(theirs);
  }

  private static void publish(TestBed bed, int partition, dev.usher.events.SignIn signIn) {
    bed.publish(bed.signIns(), partition, signIn.getSubject(), bed.bytes(signIn));
  }

  /** The one partition of the sign-ins that the instance has, once it has no more than one. */
  private static int partitionOf(ApplicationContext service) {
    MessageListenerContainer signIns = service.getBean("sign-ins", MessageListenerContainer.class);
    TestBed.eventually(
        "each has a partition",
        () -> assertThat(Objects.requireNonNull(signIns.getAssignedPartitions())).hasSize(1));
    return Objects.requireNonNull(signIns.getAssignedPartitions()).stream()
        .map(TopicPartition::partition)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> active(TestBed bed, String service) {
    return bed.saas(service).accounts().stream()
        .filter(Saas.Account::active)
        .map(Saas.Account::userName)
        .sorted()
        .toList();
  }

  private static Instant in(int seconds) {
    return Instant.ofEpochMilli(InstantSource.system().millis()).plusSeconds(seconds);
  }

  private static Health health(ApplicationContext service) {
    return Objects.requireNonNull(
        service.getBean("intakeHealthIndicator", HealthIndicator.class).health());
  }

  private static String reason(ConsumerRecord<?, ?> record) {
    return new String(record.headers().lastHeader("usher-reason").value(), StandardCharsets.UTF_8);
  }

  private static void counted(ApplicationContext service, String meter, double count) {
    TestBed.eventually(
        meter,
        () ->
            assertThat(service.getBean(MeterRegistry.class).get(meter).counter().count())
                .isEqualTo(count));
  }

  private static void counted(
      ApplicationContext service, String meter, String reason, double count) {
    TestBed.eventually(reason, () -> assertThat(count(service, meter, reason)).isEqualTo(count));
  }

  private static double count(ApplicationContext service, String meter, String reason) {
    Counter counter =
        service.getBean(MeterRegistry.class).find(meter).tag("reason", reason).counter();
    return counter == null ? 0 : counter.count();
  }
}
