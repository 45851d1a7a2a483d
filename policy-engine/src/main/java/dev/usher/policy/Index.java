package dev.usher.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's rules made ready to be decided all at once. The rules of all services are numbered,
 * service by service, forbids before permits, each by name. The person's domain and address each
 * give the set of rules that they let through; only rules in both are looked at.
 *
 * <p>It says what {@link Interpreter} says, sooner.
 */
final class Index {
  private final TenantPolicy tenant;
  private final Ruling[] rulings;
  private final DomainTable domains;
  private final NetworkTable networks;
  private final GroupNumbers groups;
  private final long[] permits;
  private final Map<Reason, Decision[]> refusals = new EnumMap<>(Reason.class);

  Index(TenantPolicy tenant) {
    this.tenant = tenant;
    List<Rule> numbered = new ArrayList<>();
    List<Integer> services = new ArrayList<>();
    for (int i = 0; i < tenant.services().size(); i++) {
      ServicePolicy policy = tenant.services().get(i);
      numbered.addAll(policy.forbids());
      numbered.addAll(policy.permits());
      while (services.size() < numbered.size()) {
        services.add(i);
      }
    }
    this.groups = new GroupNumbers(numbered);
    int size = numbered.size();
    this.rulings = new Ruling[size];
    this.permits = Bits.of(size);
    DomainTable.Builder byDomain = new DomainTable.Builder(size);
    NetworkTable.Builder byNetwork = new NetworkTable.Builder(size);
    tenant.proven().forEach(byDomain::proven);
    for (int i = 0; i < size; i++) {
      Rule rule = numbered.get(i);
      rulings[i] =
          new Ruling(rule, tenant.services().get(services.get(i)), services.get(i), groups);
      byDomain.rule(i, rule.domains());
      byNetwork.rule(i, rule.networks());
      if (rule.effect() == Effect.PERMIT) {
        Bits.set(permits, i);
      }
    }
    this.domains = byDomain.build(tenant.proven());
    this.networks = byNetwork.build();
    for (Reason reason : Reason.values()) {
      Stream<Decision> each = tenant.services().stream().map(policy -> policy.refusal(reason));
      refusals.put(reason, each.toArray(Decision[]::new));
    }
  }

  private Decision[] refusals(Reason reason) {
    return Objects.requireNonNull(refusals.get(reason));
  }

  /** One decision for each service; the array may be shared and must not be written to. */
  Decision[] decide(Passage passage) {
    return switch (passage) {
      case Passage.Stopped(Reason reason) -> refusals(reason);
      case Sighting sighting -> decide(sighting);
    };
  }

  private Decision[] decide(Sighting sighting) {
    EmailAddress email = sighting.email();
    DomainTable.Row domain = domains.find(email.domain());
    long[] let = domain.rules();
    Decision[] decisions = refusals(Reason.NO_PERMIT_MATCHED).clone();
    boolean mailbox = tenant.mailboxes().contains(email);
    if (sighting.guest() || mailbox || !domain.proven()) {
      let = let.clone();
      gate(sighting, mailbox, !domain.proven(), let, decisions);
    }
    IpAddress ip = sighting.ip();
    long[] near = ip == null ? let : networks.find(ip);
    List<String> stated = sighting.facts().groups();
    List<String> known = stated == null ? List.of() : stated;
    judge(sighting, groups.first(known), groups.further(known), let, near, decisions);
    return decisions;
  }

  /**
   * Takes out the permits that may not speak for this person, and everything of a service that is
   * left without one.
   */
  private void gate(
      Sighting sighting, boolean mailbox, boolean stranger, long[] let, Decision[] decisions) {
    EmailAddress email = sighting.email();
    int number = 0;
    for (int service = 0; service < decisions.length; service++) {
      int first = number;
      boolean guests = false;
      boolean naming = false;
      boolean literal = false;
      for (; number < rulings.length && rulings[number].service() == service; number++) {
        Rule rule = rulings[number].rule();
        if (!Bits.get(permits, number)) {
          continue;
        }
        boolean speaks = !sighting.guest() || rule.guests();
        guests |= speaks;
        speaks = speaks && (!stranger || names(rule, number, let, email));
        naming |= speaks;
        speaks = speaks && (!mailbox || rule.namesAddress(email));
        literal |= speaks;
        if (!speaks) {
          clear(let, number);
        }
      }
      Reason reason = reason(sighting.guest() && !guests, stranger && !naming, mailbox && !literal);
      if (reason != null) {
        decisions[service] = refusals(reason)[service];
        for (int i = first; i < number; i++) {
          clear(let, i);
        }
      }
    }
  }

  private static boolean names(Rule rule, int number, long[] let, EmailAddress email) {
    return Bits.get(let, number) && rule.namesDomains() && rule.allowsDomain(email.domain());
  }

  private static void clear(long[] bits, int index) {
    bits[index >>> 6] &= ~(1L << index);
  }

  private static @Nullable Reason reason(boolean guest, boolean stranger, boolean mailbox) {
    if (guest) {
      return Reason.GUEST;
    }
    if (stranger) {
      return Reason.DOMAIN_NOT_PROVEN;
    }
    return mailbox ? Reason.SERVICE_MAILBOX : null;
  }

  private void judge(
      Sighting sighting,
      long first,
      long[] further,
      long[] let,
      long[] near,
      Decision[] decisions) {
    int settled = -1;
    for (int word = 0; word < let.length; word++) {
      for (long left = let[word] & near[word]; left != 0; left &= left - 1) {
        int number = (word << 6) + Long.numberOfTrailingZeros(left);
        Ruling ruling = rulings[number];
        int service = ruling.service();
        if (service == settled) {
          continue;
        }
        Decision said = ruling.judge(sighting, first, further);
        if (said == null) {
          continue;
        }
        decisions[service] = settle(ruling, said, decisions[service]);
        if (said.reason() == Reason.FORBIDDEN) {
          settled = service;
        }
      }
    }
  }

  /**
   * What two of a service's rules say together. They come in order, forbids first, so of two that
   * say alike the one before stands.
   */
  private Decision settle(Ruling ruling, Decision said, Decision before) {
    if (said.reason() == Reason.FORBIDDEN) {
      return said;
    }
    if (said.reason() == Reason.RULE_ERROR || before.reason() == Reason.RULE_ERROR) {
      return before.reason() == Reason.RULE_ERROR ? before : said;
    }
    if (said.permitted()) {
      return before.permitted() ? both(ruling, said, before) : said;
    }
    return before.permitted() || before.missing() != null ? before : said;
  }

  /** The earlier permit stays the one that is named; what the later grants is added. */
  private Decision both(Ruling ruling, Decision said, Decision before) {
    if (before.entitlements().containsAll(said.entitlements())) {
      return before;
    }
    return tenant.services().get(ruling.service()).adding(before, said);
  }

  /** How many rules are looked at for a domain and an address; for reports and tests. */
  int candidates(String domain, IpAddress ip) {
    long[] let = domains.find(domain).rules();
    long[] near = networks.find(ip);
    long[] both = let.clone();
    for (int i = 0; i < both.length; i++) {
      both[i] &= near[i];
    }
    return Arrays.stream(both).mapToInt(Long::bitCount).sum();
  }
}
