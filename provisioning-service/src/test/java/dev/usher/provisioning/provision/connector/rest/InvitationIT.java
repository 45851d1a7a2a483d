package dev.usher.provisioning.provision.connector.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.events.AccountChanged;
import dev.usher.events.AccountCreated;
import dev.usher.events.Change;
import dev.usher.events.Origin;
import dev.usher.provisioning.testing.SandboxNeighbours;
import dev.usher.provisioning.testing.TestBed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** An invitation by a recipe, from the sign-in to the account that is there once it is accepted. */
final class InvitationIT {

  /** How much later it is than the machine thinks. */
  private static final AtomicReference<Duration> LATER = new AtomicReference<>(Duration.ZERO);

  @Configuration(proxyBeanMethods = false)
  static class LaterConfiguration {

    @Bean
    @Primary
    InstantSource laterClock() {
      return InvitationIT::now;
    }
  }

  private static Instant now() {
    return InstantSource.system().instant().plus(LATER.get()).truncatedTo(ChronoUnit.MILLIS);
  }

  @Test
  void whoeverAcceptsAnInvitationIsAnnouncedOnceTheyHave() {
    LATER.set(Duration.ZERO);
    try (Github github = new Github();
        TestBed bed = new TestBed(SandboxNeighbours.shared())) {
      github.tellTimeBy(InvitationIT::now);
      bed.with("usher.secrets.acme.GITHUB_TOKEN", Github.TOKEN)
          .with(LaterConfiguration.class)
          .tenant(
              """
              tenant: acme
              issuers:
                staff:
                  id: %s
                  vouches-for: [acme.example]
              domains: [acme.example]
              services:
                github:
                  connector:
                    type: rest
                    recipe: github-organization
                    url: %s
                    token: ${GITHUB_TOKEN}
                    settings: {org: acme}
                  join:
                    - permit: anyone-at-acme
                      domain: acme.example
              """
                  .formatted(TestBed.ISSUER, github.url()))
          .start();
      bed.publish(TestBed.signIn("ada").build());

      AccountChanged invited = bed.awaitChanged(1).getFirst();
      assertThat(invited.getSubject()).isEqualTo("ada");
      assertThat(invited.getChange()).isEqualTo(Change.INVITED);
      assertThat(github.invitations()).hasSize(1);
      assertThat(github.members()).isEmpty();

      github.accept("ada@acme.example", "ada-lovelace");
      LATER.set(Duration.ofMinutes(2));

      AccountCreated created = bed.awaitCreated(1).getFirst();
      assertThat(created.getSubject()).isEqualTo("ada");
      assertThat(created.getOrigin()).isEqualTo(Origin.INVITATION_ACCEPTED);
      assertThat(created.getUserName()).isEqualTo("ada-lovelace");
      assertThat(created.getServiceAccountId())
          .isEqualTo(String.valueOf(github.members().getFirst().id()));
      assertThat(github.heard().stream().filter(asked -> asked.method().equals("POST")))
          .filteredOn(asked -> asked.rawPath().endsWith("/invitations"))
          .as("nobody is invited twice")
          .hasSize(1);
    } finally {
      LATER.set(Duration.ZERO);
    }
  }
}
