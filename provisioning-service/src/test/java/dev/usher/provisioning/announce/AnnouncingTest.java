package dev.usher.provisioning.announce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.events.AccountChanged;
import dev.usher.events.AccountCreated;
import dev.usher.events.Change;
import dev.usher.policy.Entitlement;
import dev.usher.policy.Facts;
import dev.usher.policy.Trigger;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.Announcement;
import dev.usher.provisioning.account.Existence;
import dev.usher.provisioning.account.Grant;
import dev.usher.provisioning.account.Origin;
import dev.usher.provisioning.account.State;
import dev.usher.provisioning.account.SuspensionCause;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.person.Standing;
import dev.usher.provisioning.tenant.TopicProperties;
import dev.usher.provisioning.tenant.TopicProperties.Input;
import dev.usher.provisioning.testing.Acme;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnnouncingTest {

  private static final State.Pending PENDING = new State.Pending(false);

  private static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");
  private static final String ISSUER = "https://id.acme.example/realms/staff";
  private static final TopicProperties TOPICS =
      new TopicProperties(
          List.of(new Input("in", Set.of("*"))),
          List.of(new Input("changes", Set.of("*"))),
          "created",
          "changed");

  private final MockProducer<String, SpecificRecord> producer =
      new MockProducer<>(false, null, new StringSerializer(), (_, _) -> new byte[0]);
  private final BlockingQueue<Account> advanced = new LinkedBlockingQueue<>();
  private final BlockingQueue<AccountKey> dropped = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final Announcing announcing =
      new Announcing(
          producer,
          TOPICS,
          advanced::add,
          dropped::add,
          () -> NOW,
          Duration.ofSeconds(5),
          List.of(
              new AnnouncementObserver() {
                @Override
                public void announced(Account account, Announcement announcement, Instant at) {
                  told.add("announced " + announcement.kind());
                }

                @Override
                public void postponed(Account account, Announcement announcement) {
                  told.add("postponed " + announcement.kind());
                }
              }));

  @AfterEach
  void close() {
    announcing.close();
  }

  private static Account asked(@Nullable String issuer) {
    return Account.requested(
            new AccountKey(new PersonKey("acme", "staff", "jane/1"), "slack"),
            Acme.jane("jane@acme.example"),
            new Grant(
                "anyone-at-acme",
                "0123456789ab",
                List.of(new Entitlement("group", "eng")),
                Trigger.FIRST_SIGN_IN,
                "event-7",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                NOW,
                Facts.signIn().issuer(issuer).subject("jane/1").build()),
            NOW)
        .taken("me", NOW);
  }

  private static Account created(@Nullable String issuer) {
    return asked(issuer)
        .after(
            PENDING.created(new Existence("U1", "jane", Origin.CREATED, NOW)),
            "created",
            "by the service",
            NOW)
        .written();
  }

  private ProducerRecord<String, SpecificRecord> sent(int count) {
    Awaitility.await().until(() -> producer.history().size() == count);
    return producer.history().getLast();
  }

  private Account next() throws InterruptedException {
    return Objects.requireNonNull(advanced.poll(30, TimeUnit.SECONDS), "nothing came back");
  }

  private static String header(ProducerRecord<?, ?> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Test
  void anAccountThatIsThereIsAnnouncedWithAllThatABotNeeds() throws Exception {
    Account account = created(ISSUER);

    announcing.take(account);

    ProducerRecord<String, SpecificRecord> record = sent(1);
    assertThat(record.topic()).isEqualTo("created");
    assertThat(record.key()).isEqualTo("acme/staff/jane%2F1");
    assertThat(header(record, "causation-id")).isEqualTo("event-7");
    assertThat(header(record, "traceparent")).startsWith("00-4bf9");
    AccountCreated event = (AccountCreated) record.value();
    assertThat(event.getEventId())
        .isEqualTo(account.announcements().getFirst().eventId(account.key()));
    assertThat(event.getAccountVersion()).isEqualTo(account.version());
    assertThat(event.getOccurredAt()).isEqualTo(NOW);
    assertThat(event.getTenant()).isEqualTo("acme");
    assertThat(event.getIssuer()).isEqualTo(ISSUER);
    assertThat(event.getSubject()).isEqualTo("jane/1");
    assertThat(event.getService()).isEqualTo("slack");
    assertThat(event.getServiceAccountId()).isEqualTo("U1");
    assertThat(event.getUserName()).isEqualTo("jane");
    assertThat(event.getEmail()).isEqualTo("jane@acme.example");
    assertThat(event.getRule()).isEqualTo("anyone-at-acme");
    assertThat(event.getPolicyRevision()).isEqualTo("0123456789ab");
    assertThat(event.getEntitlements())
        .singleElement()
        .satisfies(each -> assertThat(each.getValue()).isEqualTo("eng"));
    assertThat(advanced).as("what Kafka has not acknowledged is not told yet").isEmpty();

    producer.completeNext();

    Account after = next();
    assertThat(after.announcements()).isEmpty();
    assertThat(after.work()).isNull();
    assertThat(after.version()).as("the version it stems from").isEqualTo(account.version());
    assertThat(told).containsExactly("announced CREATED");
  }

  @Test
  void anAccountThatIsHeldOrFailedIsAChangeThatSaysNothingOfThePerson() {
    announcing.take(asked(ISSUER).decided(PENDING.held("An account is there already."), NOW));
    announcing.take(asked(ISSUER).decided(PENDING.failed("The service answered 400."), NOW));
    sent(2);

    assertThat(producer.history()).extracting(ProducerRecord::topic).containsOnly("changed");
    assertThat(producer.history())
        .extracting(record -> ((AccountChanged) record.value()).getChange())
        .containsExactlyInAnyOrder(Change.HELD, Change.FAILED);
    assertThat(producer.history())
        .allSatisfy(
            record -> assertThat(record.value().toString()).doesNotContain("@acme.example", "Doe"));
  }

  @Test
  void aSuspensionNamesItsOwnCauseAndNotTheSignInThatAskedForTheAccount() {
    Account active = created(ISSUER).announced(NOW);
    Account leaving =
        active.left(new Standing(Standing.Kind.LEFT, NOW.plusSeconds(9), "leaver-1"), NOW);
    announcing.take(
        leaving
            .taken("me", NOW)
            .after(
                ((State.Active) leaving.state()).suspended(SuspensionCause.LEAVER),
                "done",
                "by the service",
                NOW));

    ProducerRecord<String, SpecificRecord> record = sent(1);
    assertThat(record.topic()).isEqualTo("changed");
    assertThat(header(record, "causation-id")).isEqualTo("leaver-1");
    assertThat(record.headers().lastHeader("traceparent")).isNull();
    AccountChanged event = (AccountChanged) record.value();
    assertThat(event.getChange()).isEqualTo(Change.SUSPENDED);
    assertThat(event.getSuspensionCause()).isEqualTo(dev.usher.events.SuspensionCause.LEAVER);
    assertThat(event.getServiceAccountId()).isEqualTo("U1");
  }

  @Test
  void oneIsToldAtATimeTheOldestFirst() throws Exception {
    Account account = created(ISSUER);
    announcing.take(account);
    sent(1);
    producer.completeNext();

    assertThat(next().announcements()).hasSize(account.announcements().size() - 1);
    assertThat(producer.history()).hasSize(1);
  }

  @Test
  void whatKafkaDoesNotTakeIsToldLaterUnderTheSameId() throws Exception {
    Account account = created(ISSUER);
    announcing.take(account);
    String id = ((AccountCreated) sent(1).value()).getEventId();

    producer.errorNext(new TimeoutException("no broker"));

    Account after = next();
    assertThat(after.announcements()).isEqualTo(account.announcements());
    assertThat(Objects.requireNonNull(after.work()).due()).isEqualTo(NOW.plusSeconds(5));
    assertThat(Objects.requireNonNull(after.work()).owner()).isNull();
    assertThat(told).containsExactly("postponed CREATED");
    announcing.take(after.taken("me", NOW));
    assertThat(((AccountCreated) sent(2).value()).getEventId()).isEqualTo(id);
  }

  @Test
  void aProducerThatThrowsPostponesToo() throws Exception {
    producer.sendException = new IllegalStateException("no registry");

    announcing.take(created(ISSUER));

    assertThat(next().announcements()).hasSize(1);
    assertThat(told).containsExactly("postponed CREATED");
  }

  @Test
  void anEventThatCannotBeBuiltGoesBackToo() throws Exception {
    announcing.take(created(null));

    assertThat(next().announcements()).hasSize(1);
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void whatComesAfterTheEndIsLetGo() {
    announcing.close();

    announcing.take(created(ISSUER));

    assertThat(dropped).containsExactly(created(ISSUER).key());
  }
}
