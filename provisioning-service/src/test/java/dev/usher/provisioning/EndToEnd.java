package dev.usher.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.usher.events.AccountCreated;
import dev.usher.events.ActorKind;
import dev.usher.events.Origin;
import dev.usher.events.Outcome;
import dev.usher.events.SignIn;
import dev.usher.events.Trigger;
import dev.usher.provisioning.testing.Neighbours;
import dev.usher.provisioning.testing.TestBed;
import dev.usher.sandbox.Saas;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationContext;

/** The main job from one end to the other; the same on the sandbox and on real neighbours. */
abstract class EndToEnd {

  private @Nullable TestBed open;

  /** What the service runs between. */
  abstract Neighbours neighbours();

  private TestBed bed(String... services) {
    TestBed bed = new TestBed(neighbours(), services);
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
  @Tag("external-database")
  void aFirstSignInMakesAnAccountInEachServiceThatPermitsItAndTellsOfIt() {
    TestBed bed = bed("slack", "github").openTenant();
    bed.start();

    bed.publish(TestBed.signIn("ada").build());
    bed.publish(TestBed.signIn("ada").setEventId("again").build());
    bed.publish(TestBed.signIn("grace").build());

    List<AccountCreated> events = bed.awaitCreated(4);
    assertThat(events)
        .extracting(AccountCreated::getSubject, AccountCreated::getService)
        .containsExactlyInAnyOrder(
            tuple("ada", "slack"),
            tuple("ada", "github"),
            tuple("grace", "slack"),
            tuple("grace", "github"));
    for (String service : List.of("slack", "github")) {
      assertThat(bed.saas(service).successfulCreates())
          .containsExactlyInAnyOrderEntriesOf(
              Map.of("acme/staff/ada/" + service, 1, "acme/staff/grace/" + service, 1));
    }
    AccountCreated ada =
        events.stream()
            .filter(e -> e.getSubject().equals("ada") && e.getService().equals("slack"))
            .findFirst()
            .orElseThrow();
    Saas.Account account =
        bed.saas("slack").accounts().stream()
            .filter(each -> each.userName().equals("ada@acme.example"))
            .findFirst()
            .orElseThrow();
    assertThat(ada.getServiceAccountId()).isEqualTo(account.id());
    assertThat(ada.getTenant()).isEqualTo("acme");
    assertThat(ada.getIssuer()).isEqualTo(TestBed.ISSUER);
    assertThat(ada.getEmail()).isEqualTo("ada@acme.example");
    assertThat(ada.getDisplayName()).isEqualTo("Person ada");
    assertThat(ada.getLocale()).isEqualTo("de-CH");
    assertThat(ada.getTimeZone()).isEqualTo("Europe/Zurich");
    assertThat(ada.getOrigin()).isEqualTo(Origin.CREATED);
    assertThat(ada.getTrigger()).isEqualTo(Trigger.FIRST_SIGN_IN);
    assertThat(ada.getCausationId()).isIn("event-ada", "again");
    assertThat(ada.getRule()).isEqualTo("anyone-at-acme");
    assertThat(ada.getPolicyRevision()).isNotEmpty();
    assertThat(ada.getUsable()).isTrue();
  }

  @Test
  void badInputEndsInTheDeadLettersWithItsReasonAndBytesAndTheNextRecordIsDone() {
    TestBed bed = bed("slack").openTenant().with("usher.intake.unknown-schema-patience", "1s");
    bed.start();
    byte[] good = bed.bytes(TestBed.signIn("ada").build());
    byte[] unknownId = good.clone();
    ByteBuffer.wrap(unknownId).putInt(1, 987_654);
    byte[] huge = new byte[10 * 1024 * 1024];
    huge[0] = 1;

    Map<String, byte[]> bad = new LinkedHashMap<>();
    bad.put("not-a-sign-in", Arrays.copyOf(good, good.length / 2));
    bad.put("unknown-schema-id", unknownId);
    bad.put("no-issuer", bed.bytes(TestBed.signIn("no-issuer").setIssuer("").build()));
    bad.put("no-subject", bed.bytes(TestBed.signIn("").setEmail("x@acme.example").build()));
    bad.put("email-without-domain", bed.bytes(TestBed.signIn("eve").setEmail("eve").build()));
    bad.put("too-large", huge);
    bad.forEach((reason, bytes) -> bed.publish("same-key", bytes));
    bed.publish("same-key", bed.bytes(TestBed.signIn("next").build()));

    assertThat(bed.awaitCreated(1)).extracting(AccountCreated::getSubject).containsExactly("next");
    List<ConsumerRecord<String, byte[]>> dead = bed.awaitDeadLetters(bad.size());
    Map<String, byte[]> buried = new LinkedHashMap<>();
    dead.forEach(record -> buried.put(header(record, "usher-reason"), record.value()));
    assertThat(buried.keySet()).containsExactlyInAnyOrderElementsOf(bad.keySet());
    bad.forEach((reason, bytes) -> assertThat(buried.get(reason)).as(reason).isEqualTo(bytes));
    assertThat(dead)
        .allSatisfy(
            record -> {
              assertThat(header(record, "kafka_dlt-original-topic")).isEqualTo(bed.signIns());
              assertThat(record.headers().lastHeader("kafka_dlt-original-partition")).isNotNull();
              assertThat(record.headers().lastHeader("kafka_dlt-original-offset")).isNotNull();
              assertThat(record.headers().lastHeader("kafka_dlt-original-timestamp")).isNotNull();
              assertThat(record.headers().lastHeader("kafka_dlt-exception-fqcn")).isNotNull();
            });
    assertThat(bed.saas("slack").accounts()).hasSize(1);
  }

  @Test
  void whoeverIsNotToBeLetInGetsNothingAndTheReasonIsCounted() {
    TestBed bed = bed("slack").openTenant();
    ApplicationContext service = bed.start();
    Map<String, SignIn> refused = new LinkedHashMap<>();
    refused.put("not-a-success", TestBed.signIn("failed").setOutcome(Outcome.FAILURE).build());
    refused.put("not-human", TestBed.signIn("robot").setActorKind(ActorKind.SERVICE).build());
    refused.put("unknown-issuer", TestBed.signIn("x").setIssuer("https://no.example").build());
    refused.put("email-not-verified", TestBed.signIn("y").setEmailVerified(false).build());
    refused.put("no-email", TestBed.signIn("z").setEmail(null).build());

    List<String> reasons = new ArrayList<>(refused.keySet());
    refused.values().forEach(bed::publish);
    bed.publish(TestBed.signIn("far").setEmail("far@elsewhere.example").build());
    bed.publish(TestBed.signIn("last").build());

    assertThat(bed.awaitCreated(1)).extracting(AccountCreated::getSubject).containsExactly("last");
    // The last stands behind the others of its partition only; so wait for all to be counted.
    MeterRegistry meters = service.getBean(MeterRegistry.class);
    for (String reason : reasons) {
      TestBed.eventually(
          reason,
          () ->
              assertThat(
                      meters
                          .get("usher.sign.ins.turned.away")
                          .tag("reason", reason)
                          .counter()
                          .count())
                  .isEqualTo(1));
    }
    TestBed.eventually(
        "the stranger's domain",
        () ->
            assertThat(meters.get("usher.decisions").tag("outcome", "refused").counter().count())
                .isEqualTo(1));
    assertThat(bed.saas("slack").accounts()).hasSize(1);
    assertThat(bed.saas("slack").requests().getOrDefault("POST", 0L)).isEqualTo(1);
  }

  private static String header(ConsumerRecord<?, ?> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
