package dev.usher.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The known attacks on joining by domain, each with the answer of the gates. */
class AttacksTest {
  private static final String ANYONE = "- permit: anyone\n  domain: acme.example";
  private static final PolicySet ACME = Acme.rules(ANYONE);

  private static Reason reason(Facts.Builder facts) {
    Decisions decisions = ACME.decide(facts.build());
    return decisions.gate().orElseGet(() -> decisions.get(0).reason());
  }

  @Test
  void unverifiedEmailClaim() {
    assertThat(reason(Acme.jane().emailVerified(false))).isEqualTo(Reason.EMAIL_NOT_VERIFIED);
    assertThat(reason(Acme.jane().emailVerified(null))).isEqualTo(Reason.PERMITTED);
    assertThat(reason(Acme.jane().email("jane@acme.io"))).isEqualTo(Reason.EMAIL_NOT_VERIFIED);
    assertThat(reason(Acme.jane().email(null))).isEqualTo(Reason.NO_EMAIL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "support@acme.example",
        "Support+ticket-7@acme.example",
        "no-reply@acme.example",
        "no.reply@acme.example",
        "noreply@acme.example",
        "jira@acme.example",
        "postmaster@acme.example",
        "help_desk@acme.example",
        "+x@acme.example"
      })
  void serviceMailboxThatAStrangerCanMakeReceiveMail(String email) {
    assertThat(reason(Acme.jane().email(email))).isEqualTo(Reason.SERVICE_MAILBOX);
  }

  @Test
  void serviceMailboxIsPermittedOnlyIfNamedLetterForLetter() {
    Facts.Builder support = Acme.jane().email("support@acme.example");
    String named = ANYONE + "\n- permit: the-desk\n  email: support@acme.example";
    assertThat(Acme.decide(named, support).rule()).isEqualTo("the-desk");
    String glob = ANYONE + "\n- permit: desks\n  email: supp*@acme.example";
    assertThat(Acme.decide(glob, support).reason()).isEqualTo(Reason.SERVICE_MAILBOX);
    assertThat(Acme.decide(named, support.email("support+1@acme.example")).reason())
        .isEqualTo(Reason.SERVICE_MAILBOX);
  }

  /** The engine keeps both apart; who holds the mailbox is known only where accounts are. */
  @Test
  void reassignedMailboxIsAnotherSubjectWithTheSameAddress() {
    Decisions first = ACME.decide(Acme.jane().subject("1").build());
    Decisions second = ACME.decide(Acme.jane().subject("2").email("JANE@Acme.Example").build());
    assertThat(second.email()).isEqualTo(first.email()).isPresent();
  }

  @Test
  void tenantClaimingAnotherTenantsDomainOrIssuer() {
    String other = Acme.tenant(ANYONE).replace("tenant: acme", "tenant: evil");
    assertThat(Acme.problems(Acme.tenant(ANYONE), other))
        .anyMatch(line -> line.startsWith("t1.yaml:4:9: issuer `https://id.acme.example"))
        .anyMatch(line -> line.startsWith("t1.yaml:7:11: domain `acme.example` belongs to"));
    String below =
        other
            .replace(Acme.ISS, "https://id.evil.example")
            .replace("[acme.example, acme.io]", "['*.acme.io', acme.com]")
            .replace("vouches-for: [acme.example]", "vouches-for: ['*.acme.io']");
    assertThat(Acme.problems(Acme.tenant(ANYONE).replace("acme.io", "'*.eu.acme.io'"), below))
        .anyMatch(line -> line.contains("domain `*.acme.io` belongs to tenant `acme` already"));
  }

  @ParameterizedTest
  @CsvSource({
    "acme.com, acme.com, true",
    "*.acme.com, acme.com, false",
    "*.acme.com, eu.acme.com, true",
    "eu.acme.com, *.acme.com, true",
    "*.eu.acme.com, *.acme.com, true",
    "*.acme.com, *.eu.acme.com, true",
    "*.acme.com, *.acme.com, true",
    "acme.com, evil-acme.com, false",
    "eu.acme.com, us.acme.com, false"
  })
  void domainsThatTwoTenantsCannotBothHave(String first, String second, boolean refused) {
    assertThat(!Acme.problems(claiming("a", first), claiming("b", second)).isEmpty())
        .isEqualTo(refused);
    assertThat(Acme.problems(claiming("a", first + "', '" + second)).stream())
        .noneMatch(problem -> problem.contains("already"));
  }

  private static String claiming(String tenant, String domains) {
    return """
    tenant: %1$s
    issuers: {staff: {id: https://id.%1$s.example}}
    domains: ['%2$s']
    services: {}
    """
        .formatted(tenant, domains);
  }

  @Test
  void twoFilesOfOneName() {
    TenantSource one = new TenantSource("a.yaml", Acme.tenant(ANYONE));
    assertThat(PolicySet.load(List.of(one, one)).problems())
        .extracting(Problem::toString)
        .contains("a.yaml:1:1: two files are called `a.yaml`");
  }

  @Test
  void issuerSpeakingForADomainThatItsTenantHasNotProven() {
    Facts.Builder stranger = Acme.jane().email("ceo@other.example");
    assertThat(reason(stranger.emailVerified(null))).isEqualTo(Reason.EMAIL_NOT_VERIFIED);
    assertThat(reason(stranger.emailVerified(true))).isEqualTo(Reason.DOMAIN_NOT_PROVEN);
    assertThat(Acme.decide("- permit: all", stranger).reason()).isEqualTo(Reason.DOMAIN_NOT_PROVEN);
    assertThat(Acme.decide("- permit: others\n  domain: {not: acme.example}", stranger).reason())
        .isEqualTo(Reason.DOMAIN_NOT_PROVEN);
    assertThat(Acme.decide("- permit: other\n  domain: other.example", stranger).permitted())
        .isTrue();
    assertThat(reason(Acme.jane().issuer("https://evil.example"))).isEqualTo(Reason.UNKNOWN_ISSUER);
    assertThat(reason(Acme.jane().issuer(Acme.ISS + "/"))).isEqualTo(Reason.UNKNOWN_ISSUER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jane@\u0430cme.example",
        "jane@acme.ex\u0430mple",
        "jane@acm\u0435.example",
        "jane@xn--cme-5cd.example",
        "jane@xn--cme-7lc.example",
        "j\u0430ne@acme.example",
        "jane@acme\u3002example",
        "jane@\uff41cme.example",
        "jane@a\u200dcme.example",
        "jane@acme.example\u0000"
      })
  void homographDomain(String email) {
    assertThat(reason(Acme.jane().email(email).emailVerified(true)))
        .isEqualTo(Reason.MALFORMED_EMAIL);
  }

  @Test
  void internationalDomainsAreComparedAsALabels() {
    String rules = "- permit: branch\n  domain: b\u00fccher.example";
    Facts.Builder facts = Acme.jane().emailVerified(true);
    assertThat(Acme.decide(rules, facts.email("jane@B\u00dcCHER.example")).permitted()).isTrue();
    assertThat(Acme.decide(rules, facts.email("jane@xn--bcher-kva.example")).permitted()).isTrue();
    assertThat(Acme.decide(rules, facts.email("jane@bucher.example")).permitted()).isFalse();
    assertThat(reason(facts.email("jane@fa\u00df.example"))).isEqualTo(Reason.MALFORMED_EMAIL);
  }

  @ParameterizedTest
  @CsvSource({
    "jane@evil-acme.example, DOMAIN_NOT_PROVEN",
    "jane@acme.example.evil.example, DOMAIN_NOT_PROVEN",
    "jane@eu.acme.example, DOMAIN_NOT_PROVEN",
    "jane@evil.example@acme.example, MALFORMED_EMAIL",
    "jane@acme.example@evil.example, MALFORMED_EMAIL",
    "'\"jane@evil.example\"@acme.example', MALFORMED_EMAIL",
    "jane@acme.example., MALFORMED_EMAIL",
    "jane@.acme.example, MALFORMED_EMAIL",
    "jane@example, MALFORMED_EMAIL",
    "jane@192.0.2.1, MALFORMED_EMAIL",
    "jane@[192.0.2.1], MALFORMED_EMAIL",
    "jane, MALFORMED_EMAIL",
    "@acme.example, MALFORMED_EMAIL",
    "jane doe@acme.example, MALFORMED_EMAIL",
    "jane@acme.example>, MALFORMED_EMAIL",
    "jane..doe@acme.example, MALFORMED_EMAIL",
    "'jane@evil.example,jane@acme.example', MALFORMED_EMAIL"
  })
  void suffixTricks(String email, Reason expected) {
    assertThat(reason(Acme.jane().email(email).emailVerified(true))).isEqualTo(expected);
  }

  @Test
  void plusAddressingIsNeverIdentity() {
    Decisions plain = ACME.decide(Acme.jane().build());
    Decisions tagged = ACME.decide(Acme.jane().email("jane+2@acme.example").build());
    assertThat(tagged.email()).isNotEqualTo(plain.email());
    assertThat(tagged.email().map(EmailAddress::withoutTag)).isEqualTo(plain.email());
  }

  @Test
  void forwardedForReadFromTheLeft() {
    Facts.Builder facts = Acme.jane();
    facts.clientIp("10.0.0.1").forwardedFor(List.of("203.0.113.9", "198.51.100.7", "10.0.0.2"));
    assertThat(address(facts)).contains("198.51.100.7");
    facts.clientIp("198.51.100.7").forwardedFor(List.of("203.0.113.9"));
    assertThat(address(facts)).contains("198.51.100.7");
    facts.clientIp("10.0.0.1").forwardedFor(List.of("203.0.113.9", "unknown"));
    assertThat(address(facts)).isEmpty();
    facts.clientIp("10.0.0.1").forwardedFor(null);
    assertThat(address(facts)).isEmpty();
    facts.clientIp("10.0.0.1").forwardedFor(List.of());
    assertThat(address(facts)).contains("10.0.0.1");
    facts.clientIp(null).forwardedFor(List.of("203.0.113.9"));
    assertThat(address(facts)).isEmpty();
  }

  private static Optional<String> address(Facts.Builder facts) {
    return ACME.decide(facts.build()).clientAddress();
  }

  @Test
  void mappedIpv6IsTheIpv4Address() {
    String office = "- permit: office\n  domain: acme.example\n  network: 203.0.113.0/24";
    assertThat(Acme.decide(office, Acme.jane().clientIp("::ffff:203.0.113.9")).permitted())
        .isTrue();
    assertThat(Acme.decide(office, Acme.jane().clientIp("::ffff:cb00:7109")).permitted()).isTrue();
    String elsewhere = ANYONE + "\n- forbid: out\n  network: '::ffff:203.0.113.0/120'";
    assertThat(Acme.decide(elsewhere, Acme.jane().clientIp("203.0.113.9")).reason())
        .isEqualTo(Reason.FORBIDDEN);
    assertThat(address(Acme.jane().clientIp("::ffff:10.0.0.1").forwardedFor(List.of("192.0.2.1"))))
        .contains("192.0.2.1");
  }

  @Test
  void signInThatFailedOrIsNotAHumans() {
    assertThat(reason(Acme.jane().outcome(SignInOutcome.FAILURE))).isEqualTo(Reason.NOT_A_SUCCESS);
    assertThat(reason(Acme.jane().outcome(null))).isEqualTo(Reason.NOT_A_SUCCESS);
    assertThat(reason(Acme.jane().actorKind(ActorKind.SERVICE))).isEqualTo(Reason.NOT_HUMAN);
    assertThat(reason(Acme.jane().actorKind(null))).isEqualTo(Reason.NOT_HUMAN);
    Facts.Builder asked = Facts.on(Occasion.ACCESS_REQUEST).issuer(Acme.ISS);
    assertThat(reason(asked.email("jane@acme.example").actorKind(ActorKind.HUMAN)))
        .isEqualTo(Reason.PERMITTED);
  }

  @Test
  void guestMatchesOnlyPermitsForGuests() {
    Facts.Builder guest = Acme.jane().userKind(UserKind.GUEST);
    assertThat(reason(guest)).isEqualTo(Reason.GUEST);
    assertThat(Acme.decide(ANYONE + "\n  guests: true", guest).permitted()).isTrue();
    String other = ANYONE + "\n- permit: visitors\n  guests: true\n  group: visitors";
    assertThat(Acme.decide(other, guest.groups(List.of())).reason())
        .isEqualTo(Reason.NO_PERMIT_MATCHED);
  }

  @Test
  void permitForEverybodyWhereAnybodyCanHaveAnAddress() {
    for (String line :
        List.of(
            "domain: gmail.com",
            "domain: free",
            "domain: '*.co.uk'",
            "email: '*@gmail.com'",
            "email: 'j*@co.uk'",
            "email: 'jane@*.github.io'")) {
      String named = "named: {domains: {free: [gmail.com, gmx.de]}}\n";
      assertThat(Acme.problems(named + Acme.tenant("- permit: a\n  " + line)))
          .as(line)
          .anyMatch(problem -> problem.contains("anybody can"));
    }
    String named = "named: {domains: {free: [gmail.com, gmx.de]}}\n";
    String rules = "- forbid: free-mail\n  domain: free\n- permit: one\n  email: jane@gmail.com";
    PolicySet policies = Acme.load(named + Acme.tenant(rules));
    Facts jane = Acme.jane().email("jane@gmail.com").emailVerified(true).build();
    assertThat(policies.decide(jane).get(0).reason()).isEqualTo(Reason.FORBIDDEN);
  }

  /** What a secret reference means is decided by whoever reads the connector, never here. */
  @Test
  void tenantFileCannotReachAnotherTenantsSecretThroughAPolicy() {
    String sent = ANYONE.replace("acme.example", "${OTHER_TENANTS_SECRET}");
    assertThat(Acme.problems(Acme.tenant(sent)))
        .first()
        .asString()
        .startsWith("t0.yaml:13:17: `${OTHER_TENANTS_SECRET}`; expected a domain");
    String kept = Acme.tenant(ANYONE).replace("{type: scim}", "{type: scim, token: ${A_B}}");
    Connector connector = Acme.load(kept).tenants().getFirst().services().getFirst().connector();
    assertThat(connector.settings()).containsEntry("token", "${A_B}");
    assertThat(connector).hasToString("Connector[type, token]");
  }
}
