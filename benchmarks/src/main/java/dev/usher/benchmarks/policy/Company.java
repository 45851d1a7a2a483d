package dev.usher.benchmarks.policy;

import dev.usher.policy.ActorKind;
import dev.usher.policy.Facts;
import dev.usher.policy.SignInOutcome;
import dev.usher.policy.TenantSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The rules that every engine is given: fifty services with three rules each, and people who sign
 * in to them. Anyone at the company may join every second service, people of its engineering the
 * others; partners may from the service's own network; interns may not without a second factor.
 */
final class Company {
  static final int SERVICES = 50;
  static final int PEOPLE = 64;
  private static final String PARTNER = "partner.example";

  private Company() {}

  static String domain(int tenant) {
    return "acme" + tenant + ".example";
  }

  static String issuer(int tenant) {
    return "https://id." + domain(tenant);
  }

  static String partner() {
    return PARTNER;
  }

  /** The group that a permit for the company's own people asks for; empty for none. */
  static String ownGroup(int service) {
    return service % 2 == 0 ? "" : "engineering-" + service % 8;
  }

  static String partnerGroup(int service) {
    return "partners-" + service % 8;
  }

  static String network(int service) {
    return "10." + service + ".0.0/16";
  }

  /** Whether the service's forbid is written in CEL in the mixed set. */
  static boolean isExpression(int service) {
    return service % 10 == 9;
  }

  /**
   * A tenant file.
   *
   * @param mixed whether every tenth service has a rule in CEL
   * @param further rules in each service that are about other domains
   */
  static TenantSource tenant(int tenant, boolean mixed, int further) {
    StringBuilder text = new StringBuilder();
    text.append("tenant: t%d\n".formatted(tenant))
        .append("issuers: {staff: {id: %s}}\n".formatted(issuer(tenant)))
        .append("domains: [%s]\nservices:\n".formatted(domain(tenant)));
    for (int s = 0; s < SERVICES; s++) {
      text.append("  s%d:\n    connector: {type: scim}\n    join:\n".formatted(s))
          .append("      - {permit: own, domain: %s%s}\n".formatted(domain(tenant), own(s)))
          .append(
              "      - {permit: partners, domain: %s, network: %s, group: %s}\n"
                  .formatted(PARTNER, network(s), partnerGroup(s)))
          .append(
              mixed && isExpression(s)
                  ? "      - {forbid: interns, when: '\"interns\" in person.groups && !signIn.mfa'}\n"
                  : "      - {forbid: interns, group: interns, authentication: {mfa: false}}\n");
      for (int i = 0; i < further; i++) {
        text.append(
            "      - {permit: other%d, domain: other%d.example, group: g%d}\n".formatted(i, i, i));
      }
    }
    return new TenantSource("t" + tenant + ".yaml", text.toString());
  }

  private static String own(int service) {
    return ownGroup(service).isEmpty() ? "" : ", group: " + ownGroup(service);
  }

  /** What an engine is told of a sign-in, as each would have it before a decision. */
  record SignIn(
      Facts facts, String domain, String ip, long ipBits, List<String> groups, boolean mfa) {}

  /** The people of one tenant, always the same ones. */
  static List<SignIn> people(int tenant) {
    Random random = new Random(tenant);
    List<SignIn> people = new ArrayList<>();
    for (int i = 0; i < PEOPLE; i++) {
      boolean partner = random.nextInt(8) == 0;
      String domain = partner ? PARTNER : domain(tenant);
      int office = random.nextInt(60);
      int desk = random.nextInt(250);
      String ip = "10." + office + ".3." + desk;
      List<String> groups = new ArrayList<>(List.of("everyone", "building-" + random.nextInt(9)));
      groups.add("engineering-" + random.nextInt(8));
      groups.add((partner ? "partners-" : "team-") + random.nextInt(8));
      if (random.nextInt(8) == 0) {
        groups.add("interns");
      }
      boolean mfa = random.nextInt(4) != 0;
      Facts facts =
          Facts.signIn()
              .issuer(issuer(tenant))
              .subject("person-" + i)
              .email("person" + i + "@" + domain)
              .emailVerified(true)
              .outcome(SignInOutcome.SUCCESS)
              .actorKind(ActorKind.HUMAN)
              .clientIp(ip)
              .groups(groups)
              .multiFactor(mfa)
              .at(Instant.EPOCH)
              .build();
      long bits = 10L << 24 | (long) office << 16 | 3L << 8 | desk;
      people.add(new SignIn(facts, domain, ip, bits, List.copyOf(groups), mfa));
    }
    return people;
  }
}
