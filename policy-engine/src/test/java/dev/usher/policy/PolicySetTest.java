package dev.usher.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PolicySetTest {
  private static final String ACME =
      """
      tenant: acme
      issuers:
        staff:
          id: https://id.acme.example/realms/staff
          vouches-for: [acme.example]
      domains: [acme.example, acme.io]
      services:
        slack:
          connector: {type: scim, profile: slack, url: https://api.slack.com/scim/v2, token: ${SLACK_SCIM_TOKEN}}
          applications: [0oa1slack]
          trigger: first-sign-in
          seats: {cap: 500, price: 8.75 USD/month, billed-on: activation}
          join:
            - permit: anyone-at-acme
              domain: acme.example
            - permit: partners-from-the-office
              domain: partner.example
              network: [203.0.113.0/24, 2001:db8::/32]
              group: partners
            - forbid: interns-without-mfa
              when: '"interns" in person.groups && !signIn.mfa'
      """;

  static PolicySet load(String... texts) {
    List<TenantSource> sources =
        java.util.stream.IntStream.range(0, texts.length)
            .mapToObj(i -> new TenantSource("t" + i + ".yaml", texts[i]))
            .toList();
    return switch (PolicySet.load(sources)) {
      case LoadResult.Loaded loaded -> loaded.policies();
      case LoadResult.Refused refused -> throw new AssertionError(refused.problems().toString());
    };
  }

  static Facts.Builder jane() {
    return Facts.signIn()
        .issuer("https://id.acme.example/realms/staff")
        .subject("1")
        .email("Jane@Acme.example")
        .outcome(SignInOutcome.SUCCESS)
        .actorKind(ActorKind.HUMAN)
        .groups(List.of());
  }

  @Test
  void permitsAnyoneAtAProvenDomain() {
    Decisions decisions = load(ACME).decide(jane().build());
    assertThat(decisions.size()).isEqualTo(1);
    assertThat(decisions.get(0).permitted()).isTrue();
    assertThat(decisions.get(0).rule()).isEqualTo("anyone-at-acme");
    assertThat(decisions.email()).hasToString("Optional[jane@acme.example]");
  }

  @Test
  void decisionsAreTheSameWhoeverTheyAreAboutIfTheSameRulesMadeThem() {
    PolicySet acme = load(ACME);
    Decisions hers = acme.decide(jane().build());
    assertThat(hers.sameAs(acme.decide(jane().subject("joe").email("joe@acme.example").build())))
        .isTrue();
    assertThat(hers.sameAs(acme.decide(jane().groups(null).build()))).isFalse();
    Decisions stopped = acme.decide(jane().email(null).build());
    assertThat(hers.sameAs(stopped)).isFalse();
    assertThat(stopped.sameAs(acme.decide(jane().email("no address").build()))).isFalse();
    Decisions unknown = acme.decide(jane().issuer("https://nobody.example").build());
    assertThat(unknown.sameAs(acme.decide(jane().issuer("https://no.example").build()))).isTrue();
    assertThat(unknown.sameAs(stopped)).isFalse();
  }

  @Test
  void forbidWinsWhenItRestsOnWhatIsUnknown() {
    Decision decision = load(ACME).decide(jane().groups(null).build()).get(0);
    assertThat(decision.reason()).isEqualTo(Reason.FORBIDDEN);
    assertThat(decision.missing()).isEqualTo("person.groups");
  }

  @Test
  void partnersComeFromTheOfficeOnly() {
    Facts.Builder partner =
        jane()
            .email("joe@partner.example")
            .emailVerified(true)
            .groups(List.of("partners"))
            .multiFactor(true);
    PolicySet acme = load(ACME);
    assertThat(acme.decide(partner.clientIp("203.0.113.9").build()).get(0).permitted()).isTrue();
    assertThat(acme.decide(partner.clientIp("203.0.114.9").build()).get(0).reason())
        .isEqualTo(Reason.NO_PERMIT_MATCHED);
    assertThat(acme.decide(partner.emailVerified(null).build()).gate())
        .contains(Reason.EMAIL_NOT_VERIFIED);
  }

  @Test
  void keepsSecretReferencesAsText() {
    Connector connector = load(ACME).tenants().getFirst().services().getFirst().connector();
    assertThat(connector.settings()).containsEntry("token", "${SLACK_SCIM_TOKEN}");
  }
}
