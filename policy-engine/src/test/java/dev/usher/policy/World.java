package dev.usher.policy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A random tenant and random people of a world so small that they keep meeting: a few domains, a
 * few groups, networks within networks. The same seed gives the same world.
 */
final class World {
  private static final List<DomainPattern> DOMAINS =
      Stream.of(
              "acme.example",
              "eu.acme.example",
              "*.acme.example",
              "*.eu.acme.example",
              "acme.io",
              "partner.example",
              "*.partner.example")
          .map(text -> Objects.requireNonNull(DomainPattern.parse(text)))
          .toList();
  private static final List<String> PLACES =
      List.of(
          "acme.example",
          "eu.acme.example",
          "x.eu.acme.example",
          "acme.io",
          "partner.example",
          "a.partner.example",
          "evil-acme.example");
  private static final List<Network> NETWORKS =
      Stream.of(
              "0.0.0.0/0",
              "10.0.0.0/8",
              "10.1.0.0/16",
              "10.1.2.0/24",
              "10.1.2.3",
              "255.255.255.255",
              "::/0",
              "2001:db8::/32",
              "2001:db8::1",
              "ffff::/16")
          .map(text -> Objects.requireNonNull(Network.parse(text)))
          .toList();
  private static final List<String> ADDRESSES =
      List.of(
          "10.1.2.3",
          "10.1.2.4",
          "10.1.3.1",
          "10.2.0.1",
          "9.255.255.255",
          "11.0.0.0",
          "255.255.255.255",
          "0.0.0.0",
          "::ffff:10.1.2.3",
          "2001:db8::1",
          "2001:db8::2",
          "2001:db9::",
          "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
          "::",
          "nowhere");
  private static final List<String> GROUPS = List.of("dev", "ops", "ext", "interns");
  private static final List<String> LOCAL_PARTS = List.of("jane", "bob", "support", "bot-1");
  private static final List<Expression> EXPRESSIONS =
      Stream.of(
              "\"interns\" in person.groups && !signIn.mfa",
              "person.domain.endsWith(\".example\")",
              "person.attributes.team == \"a\"",
              "person.groups[0] == \"dev\"",
              "signIn.country == \"CH\" || signIn.mfa",
              "service.id == \"s1\"")
          .map(text -> Objects.requireNonNull(Expression.compile(text, new ArrayList<>())))
          .toList();
  private static final Issuer ISSUER = new Issuer("staff", Acme.ISS, "acme", List.of(), List.of());
  private static final Connector CONNECTOR = new Connector("t.yaml", Map.of(), Map.of());

  private final Random random;

  World(long seed) {
    this.random = new Random(seed);
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T one(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private <T> List<T> some(List<T> values) {
    Set<T> some = new HashSet<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      some.add(one(values));
    }
    return List.copyOf(some);
  }

  private <T> Among<T> among(List<T> values) {
    int kind = random.nextInt(10);
    return new Among<>(kind < 8 ? some(values) : List.of(), kind >= 7 ? some(values) : List.of());
  }

  /** One to three services with up to six rules each. */
  TenantPolicy tenant() {
    List<ServicePolicy> services = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      services.add(service(i, rules()));
    }
    return tenant(services);
  }

  TenantPolicy tenant(List<ServicePolicy> services) {
    List<DomainPattern> proven =
        random.nextBoolean()
            ? List.of(DOMAINS.get(0), DOMAINS.get(4))
            : List.of(DOMAINS.get(2), DOMAINS.get(4));
    Tenant tenant =
        new Tenant(
            "acme",
            "t.yaml",
            List.of(ISSUER),
            proven.stream().map(DomainPattern::toString).toList(),
            services.stream().map(ServicePolicy::service).toList());
    Trust trust = new Trust(ISSUER, proven, List.of());
    return new TenantPolicy(
        tenant, proven, new ServiceMailboxes(List.of()), List.of(trust), services);
  }

  static ServicePolicy service(int number, List<Rule> rules) {
    Service service =
        new Service(
            "s" + number,
            "acme",
            CONNECTOR,
            EnumSet.of(Trigger.FIRST_SIGN_IN),
            Set.of("app"),
            Mode.ENFORCE,
            OnLoss.REPORT,
            Seats.UNLIMITED,
            List.of());
    return new ServicePolicy(service, rules);
  }

  List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    if (chance(10)) {
      rules.add(crowded());
    }
    for (int i = 0; i < random.nextInt(7); i++) {
      rules.add(rule("r" + random.nextInt(9) + i, chance(70) ? Effect.PERMIT : Effect.FORBID));
    }
    return rules;
  }

  /** A rule that names so many groups that the others' have high numbers. */
  private Rule crowded() {
    List<String> many = IntStream.range(0, 70).mapToObj(i -> "many-" + i).toList();
    return new Rule(
        "a-crowd",
        Effect.FORBID,
        false,
        List.of(new Matcher.Group(new Among<>(many, List.of()))),
        null,
        List.of(),
        Place.START);
  }

  Rule rule(String name, Effect effect) {
    List<Matcher> matchers = new ArrayList<>();
    maybe(70, DOMAINS, Matcher.Domain::new, matchers);
    if (chance(20)) {
      matchers.add(new Matcher.Email(emails(chance(50))));
    }
    maybe(25, NETWORKS, Matcher.InNetwork::new, matchers);
    maybe(30, GROUPS, Matcher.Group::new, matchers);
    maybe(5, List.of("staff", "other"), Matcher.FromIssuer::new, matchers);
    maybe(10, List.of("pwd", "hwk"), Matcher.Methods::new, matchers);
    if (chance(10)) {
      matchers.add(new Matcher.MultiFactor(chance(80)));
    }
    maybe(5, List.of("gold"), Matcher.Context::new, matchers);
    maybe(5, List.of("app", "other"), Matcher.Application::new, matchers);
    maybe(5, List.of("CH", "DE"), Matcher.Country::new, matchers);
    maybe(5, List.of("a", "b"), v -> new Matcher.Attribute("team", v), matchers);
    if (chance(5)) {
      matchers.add(new Matcher.From(Instant.ofEpochSecond(random.nextInt(1000))));
    }
    if (chance(5)) {
      matchers.add(new Matcher.Until(Instant.ofEpochSecond(random.nextInt(1000))));
    }
    if (chance(5)) {
      matchers.add(
          new Matcher.Hours(
              Set.of(DayOfWeek.THURSDAY),
              LocalTime.of(0, 5),
              LocalTime.of(random.nextInt(24), 0),
              ZoneId.of("UTC")));
    }
    List<Entitlement> grants = new ArrayList<>();
    if (effect == Effect.PERMIT && chance(40)) {
      grants.add(new Entitlement("group", one(GROUPS)));
    }
    return new Rule(
        name,
        effect,
        effect == Effect.PERMIT && chance(20),
        matchers,
        chance(15) ? one(EXPRESSIONS) : null,
        grants,
        Place.START);
  }

  private <T> void maybe(
      int percent, List<T> values, Function<Among<T>, Matcher> matcher, List<Matcher> into) {
    if (chance(percent)) {
      into.add(matcher.apply(among(values)));
    }
  }

  private Among<EmailPattern> emails(boolean somewhere) {
    List<EmailPattern> patterns = new ArrayList<>();
    for (String local : some(List.of("jane", "b*", "support", "*-*", "*"))) {
      patterns.add(new EmailPattern(new Glob(local), somewhere ? one(DOMAINS) : null));
    }
    return chance(80) ? new Among<>(patterns, List.of()) : new Among<>(List.of(), patterns);
  }

  /** Somebody who passes the gates that all services share. */
  Sighting sighting() {
    EmailAddress email = new EmailAddress(one(LOCAL_PARTS), one(PLACES));
    Facts facts = facts(email);
    IpAddress ip = facts.clientIp() == null ? null : IpAddress.parse(facts.clientIp());
    return new Sighting(facts, ISSUER, email, ip);
  }

  private <T> @Nullable T perhaps(T value) {
    return chance(70) ? value : null;
  }

  private Facts facts(EmailAddress email) {
    return Acme.jane()
        .email(email.toString())
        .emailVerified(true)
        .userKind(perhaps(one(List.of(UserKind.MEMBER, UserKind.MEMBER, UserKind.GUEST))))
        .clientIp(perhaps(one(ADDRESSES)))
        .groups(perhaps(chance(20) ? List.of() : some(GROUPS)))
        .authenticationMethods(perhaps(some(List.of("pwd", "hwk", "mfa"))))
        .multiFactor(chance(50) ? perhaps(chance(50)) : null)
        .acr(perhaps(one(List.of("gold", "tin"))))
        .application(perhaps(one(List.of("app", "other"))))
        .country(perhaps(one(List.of("CH", "de", "FR"))))
        .attributes(perhaps(chance(50) ? Map.of("team", "a") : Map.of()))
        .at(perhaps(Instant.ofEpochSecond(random.nextInt(1000))))
        .build();
  }
}
