package dev.usher.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IndexTest {
  /** Bytes of one decision in its array, the address, the person seen, and what holds them. */
  private static final long RESULT_OF_ONE_SERVICE = 248;

  private static final IpAddress HERE = Objects.requireNonNull(IpAddress.parse("10.1.2.3"));
  private static final int SERVICES = 50;

  /** Three rules in each service for the company, and more for others. */
  private static TenantPolicy company(int others) {
    List<ServicePolicy> services =
        IntStream.range(0, SERVICES)
            .mapToObj(number -> World.service(number, rules(others)))
            .toList();
    return new World(1).tenant(services);
  }

  private static List<Rule> rules(int others) {
    List<Rule> rules = new ArrayList<>();
    rules.add(rule("anyone", Effect.PERMIT, domain("acme.example")));
    rules.add(
        rule(
            "near",
            Effect.PERMIT,
            domain("acme.example"),
            new Matcher.InNetwork(
                new Among<>(List.of(new Network(HERE, 8).aligned()), List.of()))));
    rules.add(
        rule(
            "interns",
            Effect.FORBID,
            new Matcher.Group(new Among<>(List.of("interns"), List.of()))));
    for (int i = 0; i < others; i++) {
      rules.add(rule("other" + i, Effect.PERMIT, domain("other" + i + ".example")));
    }
    return rules;
  }

  private static Rule rule(String name, Effect effect, Matcher... matchers) {
    return new Rule(name, effect, false, List.of(matchers), null, List.of(), Place.START);
  }

  private static Matcher domain(String name) {
    return new Matcher.Domain(new Among<>(List.of(new DomainPattern(name, false)), List.of()));
  }

  @Test
  void onlyRulesForThisDomainAndThisAddressAreLookedAt() {
    Index few = new Index(company(0));
    Index many = new Index(company(30));
    assertThat(few.candidates("acme.example", HERE)).isEqualTo(3 * SERVICES);
    assertThat(many.candidates("acme.example", HERE)).isEqualTo(3 * SERVICES);
    IpAddress elsewhere = Objects.requireNonNull(IpAddress.parse("192.0.2.1"));
    assertThat(many.candidates("acme.example", elsewhere)).isEqualTo(2 * SERVICES);
    assertThat(many.candidates("other7.example", HERE)).isEqualTo(2 * SERVICES);
  }

  /** True of all matchers but `hours`, for which the JDK's time zones box a year. */
  @Test
  void aDecisionAllocatesItsResultAndNothingElse() {
    PolicySet policies =
        Acme.rules(
            """
            - permit: own
              domain: acme.example
              group: [dev, ops]
            - permit: near
              domain: acme.example
              network: 10.0.0.0/8
              from: 2026-01-01
            - forbid: interns
              group: interns
              authentication: {mfa: false}
            """);
    Facts facts =
        Acme.jane()
            .email("j.ane@acme.example")
            .groups(List.of("dev", "everyone"))
            .clientIp("10.1.2.3")
            .multiFactor(true)
            .build();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    assertThat(decide(policies, facts, 100_000)).isEqualTo(100_000);
    long before = threads.getCurrentThreadAllocatedBytes();
    int permitted = decide(policies, facts, 10_000);
    long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / 10_000;
    assertThat(permitted).isEqualTo(10_000);
    assertThat(bytes).isLessThanOrEqualTo(RESULT_OF_ONE_SERVICE);
  }

  private static int decide(PolicySet policies, Facts facts, int times) {
    int permitted = 0;
    for (int i = 0; i < times; i++) {
      permitted += policies.decide(facts).get(0).permitted() ? 1 : 0;
    }
    return permitted;
  }
}
