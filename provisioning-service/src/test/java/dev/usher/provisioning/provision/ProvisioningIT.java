package dev.usher.provisioning.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.events.AccountChanged;
import dev.usher.events.AccountCreated;
import dev.usher.events.Change;
import dev.usher.provisioning.testing.SandboxNeighbours;
import dev.usher.provisioning.testing.TestBed;
import dev.usher.sandbox.Fault;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole service against services that fail, with all its waits made short. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("it looks at all that is printed")
class ProvisioningIT {

  private static final int PEOPLE = 40;

  private final TestBed bed =
      new TestBed(SandboxNeighbours.shared(), "slack", "github")
          .with("usher.provision.backoff", "200ms")
          // Who fails eight times in a row would wait for nearly a minute else.
          .with("usher.provision.longest-backoff", "1s")
          .with("usher.provision.late-effect", "500ms")
          .with("usher.provision.circuit-open-for", "300ms")
          .with("usher.account.sweep-interval", "100ms")
          .with("usher.tenants.reload-interval", "100ms");

  @AfterEach
  void close() {
    bed.close();
  }

  /** One service, for whoever is at the domain. */
  private String tenant(String domain, String more) {
    return """
    tenant: acme
    issuers:
      staff:
        id: %s
        vouches-for: [acme.example]
    domains: [acme.example, acme.io]
    services:
      slack:
        connector: %s
        join:
          - permit: anyone
            domain: %s
    """
        .formatted(
            TestBed.ISSUER, bed.connector("slack").replace("}\"}", "}\"" + more + "}"), domain);
  }

  @Test
  void servicesThatFailInEveryWayGetEveryAccountOnceAndTheTokenIsToldNobody(CapturedOutput output) {
    for (String service : List.of("slack", "github")) {
      bed.saas(service).uniqueness(false);
      List<Fault> faults = new ArrayList<>();
      // What holds up all who wait is rarer than the others, or the test would be about that.
      for (Duration wait : List.of(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1))) {
        faults.addAll(
            List.of(
                Fault.serverError(503),
                Fault.serverErrorAfterEffect(500),
                Fault.serverErrorAfterEffect(502),
                Fault.tooManyRequests(wait),
                Fault.reset(),
                Fault.resetAfterEffect(),
                Fault.malformedBody()));
      }
      bed.saas(service).faults().atRate(0.4, service.length(), faults);
    }
    bed.openTenant();
    bed.start();

    IntStream.range(0, PEOPLE).forEach(i -> bed.publish(TestBed.signIn("p" + i).build()));

    assertThat(bed.awaitCreated(2 * PEOPLE))
        .extracting(AccountCreated::getSubject, AccountCreated::getService)
        .doesNotHaveDuplicates();
    for (String service : List.of("slack", "github")) {
      Map<String, Integer> creates = bed.saas(service).successfulCreates();
      assertThat(creates).hasSize(PEOPLE);
      assertThat(Set.copyOf(creates.values())).containsExactly(1);
    }
    assertThat(output).doesNotContain(bed.saas("slack").token());
  }

  @Test
  void whoeverThePolicyTurnsAwayBetweenTwoAttemptsGetsNoAccount() {
    // Long enough for the policy to change, and for the refused to be given up in the end.
    bed.tenant(tenant("acme.example", "")).with("usher.provision.give-up-after", "5s");
    bed.start();
    bed.saas("slack").faults().always(Fault.serverError(503));
    bed.publish(TestBed.signIn("ada").build());
    TestBed.eventually("a try", () -> assertThat(bed.saas("slack").requests()).isNotEmpty());

    bed.tenant(tenant("acme.io", ""));

    AccountChanged event = bed.awaitChanged(1).getFirst();
    assertThat(event.getChange()).isEqualTo(Change.FAILED);
    assertThat(event.getSubject()).isEqualTo("ada");
    assertThat(event.getReason()).startsWith("No longer permitted");
    assertThat(bed.saas("slack").accounts()).isEmpty();
  }

  @Test
  void newSettingsOfAServiceAreTakenOverAndItsMetricsAreStillOneServices() {
    bed.tenant(tenant("acme.example", ""));
    ConfigurableApplicationContext service = bed.start();
    MeterRegistry meters = service.getBean(MeterRegistry.class);
    bed.publish(TestBed.signIn("ada").build());
    bed.awaitCreated(1);
    List<String> before = resilienceMeters(meters);
    assertThat(before).isNotEmpty();

    bed.tenant(tenant("acme.example", ", concurrency: 3"));
    TestBed.eventually(
        "the new bulkhead",
        () -> {
          bed.publish(TestBed.signIn("p" + bed.saas("slack").accounts().size()).build());
          assertThat(
                  meters
                      .get("resilience4j.bulkhead.max.allowed.concurrent.calls")
                      .tag("name", "acme/slack")
                      .gauge()
                      .value())
              .isEqualTo(3);
        });

    assertThat(resilienceMeters(meters)).containsExactlyElementsOf(before);
  }

  private static List<String> resilienceMeters(MeterRegistry meters) {
    return meters.getMeters().stream()
        .map(meter -> meter.getId().toString())
        .filter(id -> id.contains("resilience4j"))
        .sorted()
        .toList();
  }

  @Test
  void aServiceThatIsDownHoldsUpNoOtherAndRecovers() {
    bed.openTenant();
    bed.start();
    bed.saas("slack").stop();

    IntStream.range(0, PEOPLE).forEach(i -> bed.publish(TestBed.signIn("p" + i).build()));

    assertThat(services(bed.awaitCreated(PEOPLE))).containsExactly("github");
    bed.saas("slack").restart();
    assertThat(services(bed.awaitCreated(2 * PEOPLE))).containsExactlyInAnyOrder("github", "slack");
    assertThat(Set.copyOf(bed.saas("slack").successfulCreates().values())).containsExactly(1);
    assertThat(bed.saas("slack").accounts()).hasSize(PEOPLE);
  }

  private static Set<String> services(Collection<AccountCreated> events) {
    return events.stream().map(AccountCreated::getService).collect(Collectors.toSet());
  }
}
