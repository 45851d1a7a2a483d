package dev.usher.policy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One company, small enough to be read whole, for tests that change one thing about it. */
final class Acme {
  static final String ISS = "https://id.acme.example/realms/staff";

  private Acme() {}

  /** A tenant with one service `slack` whose rules are these lines of YAML. */
  static String tenant(String rules) {
    return """
    tenant: acme
    issuers:
      staff:
        id: https://id.acme.example/realms/staff
        vouches-for: [acme.example]
        trusted-proxies: [10.0.0.0/8]
    domains: [acme.example, acme.io]
    services:
      slack:
        connector: {type: scim}
        join:
    """
        + rules.indent(6);
  }

  static PolicySet rules(String rules) {
    return load(tenant(rules));
  }

  static PolicySet load(String... texts) {
    List<TenantSource> sources = new ArrayList<>();
    for (String text : texts) {
      sources.add(new TenantSource("t" + sources.size() + ".yaml", text));
    }
    return switch (PolicySet.load(sources)) {
      case LoadResult.Loaded loaded -> loaded.policies();
      case LoadResult.Refused refused ->
          throw new AssertionError(String.join("\n", lines(refused.problems())));
    };
  }

  static List<String> problems(String... texts) {
    List<TenantSource> sources = new ArrayList<>();
    for (String text : texts) {
      sources.add(new TenantSource("t" + sources.size() + ".yaml", text));
    }
    return lines(PolicySet.load(sources).problems());
  }

  private static List<String> lines(List<Problem> problems) {
    return problems.stream().map(Problem::toString).toList();
  }

  /** Jane, a member, at her desk on a Monday morning; nothing said of groups or factors. */
  static Facts.Builder jane() {
    return Facts.signIn()
        .issuer(ISS)
        .subject("1")
        .email("jane@acme.example")
        .outcome(SignInOutcome.SUCCESS)
        .actorKind(ActorKind.HUMAN)
        .at(Instant.parse("2026-03-02T09:00:00Z"));
  }

  static Decision decide(String rules, Facts.Builder facts) {
    return rules(rules).decide(facts.build()).get(0);
  }
}
