package dev.usher.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemsTest {
  private static final String ANYONE = "- permit: anyone\n  domain: acme.example";

  @Test
  void everyProblemOfAFileIsReportedAtOnceInOrder() {
    String text =
        """
        tenant: Acme
        issuers:
          staff:
            id: not-a-url
            vouches-for: [other.example]
            proxies: [10.0.0.0/8]
        domains: [acme.example, gmail.com, co.uk, "acme..example"]
        named:
          networks:
            office: [203.0.113.7/24]
        services:
          slack:
            conector: {type: scim}
            trigger: first-signin
            seats: {cap: many, price: 8.75 USD}
            join:
              - permit: a
                domain: [acme.example, hotmail.com, unproven.example]
                network: offise
                group: []
              - permit: a
                forbid: b
              - forbid: c
                when: '"x" in person.grups'
              - forbid: d
                when: |
                  signIn.mfa &&
                    person.email + 1
              - permit: e
                hours: {from: 8, until: 18:00, zone: Zurich}
                country: uk
                issuer: partners
                from: yesterday
        """;
    assertThat(Acme.problems(text))
        .containsExactly(
            "t0.yaml:1:9: `Acme`; expected a slug: lower-case letters, digits and hyphens, starting"
                + " with a letter, at most 63",
            "t0.yaml:4:9: `not-a-url`; expected an `https` URL",
            "t0.yaml:5:19: `other.example` is not among the proven domains `acme.example`; an"
                + " issuer vouches for those alone",
            "t0.yaml:6:5: unknown key `proxies` in issuer `staff`; expected one of `id`,"
                + " `vouches-for`, `trusted-proxies`",
            "t0.yaml:7:25: `gmail.com` is a public mail domain, where anybody can have an address;"
                + " expected a domain of an organization, or `email:` for a single person",
            "t0.yaml:7:36: `co.uk` is a public suffix, under which anybody can register; expected a"
                + " registered domain",
            "t0.yaml:7:43: `acme..example`; expected a domain such as `acme.example` or"
                + " `*.acme.example`",
            "t0.yaml:10:5: warning: no rule uses `networks.office` of `named`",
            "t0.yaml:10:14: `203.0.113.7/24` is an address within a network; expected"
                + " `203.0.113.0/24`",
            "t0.yaml:13:5: service `slack` has no `connector`; expected for example `connector:"
                + " {type: scim, ...}`",
            "t0.yaml:13:5: unknown key `conector` in service `slack`; did you mean `connector`?",
            "t0.yaml:14:14: `first-signin`; expected `access-request` or `app-sign-in` or"
                + " `first-sign-in` or `joiner`; did you mean `first-sign-in`?",
            "t0.yaml:15:18: `many`; expected a number from 0 to 10000000",
            "t0.yaml:15:31: `8.75 USD`; expected a price such as `8.75 USD/month`",
            "t0.yaml:18:32: `hotmail.com` is a public mail domain, where anybody can have an"
                + " address; expected a domain of an organization, or `email:` for a single person",
            "t0.yaml:18:45: warning: `unproven.example` is not among the tenant's proven domains;"
                + " only verified addresses there are permitted",
            "t0.yaml:19:18: `offise`; expected a network such as `203.0.113.0/24` or"
                + " `2001:db8::/32` or one of `office` of `named`; did you mean `office`?",
            "t0.yaml:20:16: an empty list; expected at least one value, or no key",
            "t0.yaml:21:9: a rule has either `permit: NAME` or `forbid: NAME`",
            "t0.yaml:24:23: in `when`: unknown `person.grups`; did you mean `person.groups`?",
            "t0.yaml:28:26: in `when`: found no matching overload for `_+_` applied to `(string,"
                + " int)`",
            "t0.yaml:30:23: `8`; expected a time of day such as `08:00`",
            "t0.yaml:30:46: `Zurich`; expected a time zone such as `Europe/Zurich`",
            "t0.yaml:31:18: `uk`; expected a country as ISO 3166-1 alpha-2 such as `CH`",
            "t0.yaml:32:17: `partners`; expected the short id of one of the issuers `staff`",
            "t0.yaml:33:15: `yesterday`; expected a date such as `2026-12-31` or a time such as"
                + " `2026-12-31T18:00:00Z`");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[unclosed | 1:10",
        "a: b: c | 1:5",
        "{a: 1, a: 2} | 1:",
        "- list | 1:1",
        "just text | 1:1",
        "'' | 1:1",
        "&a [*a] | 1:1",
        "!!java.net.URL [x] | 1:1"
      })
  void whatIsNoTenantFileIsRefusedAtItsPlace(String text, String place) {
    assertThat(Acme.problems(text)).isNotEmpty().first().asString().startsWith("t0.yaml:" + place);
  }

  @Test
  void anchorsAreRefusedAndNeverExpanded() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(Acme.problems(bomb.toString())).isNotEmpty().hasSizeLessThan(50);
    String anchored = Acme.tenant(ANYONE).replace("{type: scim}", "&x {type: scim}");
    assertThat(Acme.problems(anchored)).anyMatch(line -> line.contains("anchor `&x`"));
  }

  @Test
  void rulesThatCannotMatterAreWarnedAbout() {
    String rules =
        """
        - permit: staff
          domain: [acme.example, acme.io]
        - permit: devs
          domain: acme.example
          group: dev
        - permit: devs-with-a-role
          domain: acme.example
          group: dev
          grants: {role: dev}
        - forbid: io
          domain: acme.io
        - permit: io-devs
          domain: acme.io
          group: dev
          grants: {role: io}
        - permit: nobody
          domain: {in: acme.io, not: acme.io}
        """;
    assertThat(Acme.problems(Acme.tenant(rules)))
        .containsExactly(
            "t0.yaml:14:9: warning: rule `devs` never matters: `permit: staff` matches whenever it"
                + " does",
            "t0.yaml:23:9: warning: rule `io-devs` never matters: `forbid: io` forbids all that it"
                + " permits",
            "t0.yaml:27:9: warning: rule `nobody` never matters: its domains, addresses and"
                + " exclusions leave nobody");
  }

  @Test
  void servicesThatNobodyCanJoinAreWarnedAbout() {
    assertThat(Acme.problems(Acme.tenant("- forbid: all")))
        .containsExactly(
            "t0.yaml:9:3: warning: nobody can join service `slack`: it has no `permit`");
    assertThat(Acme.problems(Acme.tenant(ANYONE + "\n- forbid: all")))
        .contains(
            "t0.yaml:9:3: warning: nobody can join service `slack`: every `permit` is under a"
                + " `forbid`");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permit: a",
        "tenant: acme\ndomains: [acme.example]",
        "tenant: acme\nissuers: {}\ndomains: [acme.example]\nservices: {}",
      })
  void whatIsMissingIsSaid(String text) {
    assertThat(PolicySet.load(List.of(new TenantSource("a.yaml", text))))
        .isInstanceOf(LoadResult.Refused.class);
  }

  @Test
  void settingsInAFileOfTheirOwnAreReadLikeAConnectors() {
    List<Problem> problems = new ArrayList<>();
    Connector profile =
        Connector.read(
            new TenantSource(
                "odd.yaml",
                """
                attributes:
                  emails[type eq "work"].value: email
                filters: []
                filters: [userName]
                """),
            problems);

    assertThat(profile.settings())
        .containsEntry("attributes", Map.of("emails[type eq \"work\"].value", "email"))
        .containsEntry("filters", List.of());
    assertThat(profile.problem("attributes.emails[type eq \"work\"].value", "`email`"))
        .hasToString("odd.yaml:2:33: `email`");
    assertThat(problems)
        .extracting(Problem::toString)
        .containsExactly("odd.yaml:4:1: `filters` is there twice; expected it once");
  }

  @Test
  void aFileOfSettingsThatIsNoneIsAProblem() {
    List<Problem> problems = new ArrayList<>();
    assertThat(Connector.read(new TenantSource("odd.yaml", ""), problems).settings()).isEmpty();
    assertThat(Connector.read(new TenantSource("odd.yaml", "{"), problems).settings()).isEmpty();
    assertThat(Connector.read(new TenantSource("odd.yaml", "- a"), problems).settings()).isEmpty();
    assertThat(problems).hasSize(3);
  }

  @Test
  void aConnectorsOwnersCanPlaceTheirErrors() {
    String text =
        Acme.tenant(ANYONE).replace("{type: scim}", "{type: scim, limits: {burst: [1, x]}}");
    Connector connector = Acme.load(text).tenants().getFirst().services().getFirst().connector();
    assertThat(connector.problem("limits.burst[1]", "`x`; expected a number"))
        .hasToString("t0.yaml:10:49: `x`; expected a number");
    assertThat(connector.problem("limits.per-minute", "missing"))
        .hasToString("t0.yaml:10:37: missing");
    assertThat(connector.problem("url", "missing")).hasToString("t0.yaml:10:16: missing");
  }

  @Test
  void theRevisionIsOfTheContent() {
    String text = Acme.tenant(ANYONE);
    assertThat(Acme.load(text).revision())
        .isEqualTo(Acme.load(text).revision())
        .matches("[0-9a-f]{12}")
        .isNotEqualTo(Acme.load(text + "# changed\n").revision());
  }
}
