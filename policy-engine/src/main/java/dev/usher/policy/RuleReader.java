package dev.usher.policy;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Reads the `join:` list of a service. */
final class RuleReader {
  private static final String[] KEYS = {
    "permit",
    "forbid",
    "domain",
    "email",
    "network",
    "group",
    "issuer",
    "authentication",
    "application",
    "country",
    "attribute",
    "from",
    "until",
    "hours",
    "when",
    "guests",
    "grants",
  };
  private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
  private static final String EMAIL =
      "an address such as `jane@acme.example`, `ext-*@acme.example` or `ext-*`";
  private static final String DATE =
      "a date such as `2026-12-31` or a time such as `2026-12-31T18:00:00Z`";

  private final Problems problems;
  private final Named named;
  private final List<DomainPattern> proven;
  private final List<String> issuers;
  private final ZoneId zone;
  private final SourceText source;

  RuleReader(
      SourceText source,
      Problems problems,
      Named named,
      List<DomainPattern> proven,
      List<String> issuers,
      ZoneId zone) {
    this.source = source;
    this.problems = problems;
    this.named = named;
    this.proven = proven;
    this.issuers = issuers;
    this.zone = zone;
  }

  static @Nullable String text(String text) {
    return text.isEmpty() || text.length() > 1_000 ? null : text;
  }

  List<Rule> rules(Section service, String what) {
    List<Rule> rules = new ArrayList<>();
    Map<String, Place> names = new HashMap<>();
    if (service.value("join") != null) {
      for (Node item : service.items("join")) {
        Rule rule = rule(item);
        if (rule == null) {
          continue;
        }
        Place first = names.putIfAbsent(rule.name(), rule.place());
        if (first != null) {
          problems.error(
              rule.place(),
              "rule `%s` is in %s twice, first in line %d; expected names of their own",
              rule.name(),
              what,
              first.line());
        }
        rules.add(rule);
      }
    }
    return rules;
  }

  private @Nullable Rule rule(Node node) {
    Section section = Section.open(node, "the rule", problems, KEYS);
    boolean permit = section.has("permit");
    if (permit == section.has("forbid")) {
      if (node instanceof MappingNode) {
        problems.error(node, "a rule has either `permit: NAME` or `forbid: NAME`");
      }
      return null;
    }
    String effect = permit ? "permit" : "forbid";
    String name =
        TenantReader.orElse(section.one(effect, TenantReader.SLUG, TenantReader::slug), "unnamed");
    List<Matcher> matchers = new ArrayList<>();
    domain(section, permit, matchers);
    email(section, permit, matchers);
    network(section, matchers);
    among(section, "group", "a group's name", RuleReader::text, Matcher.Group::new, matchers);
    among(
        section,
        "issuer",
        "the short id of one of the issuers " + new Among<>(issuers, List.of()),
        text -> issuers.contains(text) ? text : null,
        Matcher.FromIssuer::new,
        matchers);
    authentication(section, matchers);
    among(
        section,
        "application",
        "an application's id",
        RuleReader::text,
        Matcher.Application::new,
        matchers);
    among(
        section,
        "country",
        "a country as ISO 3166-1 alpha-2 such as `CH`",
        RuleReader::country,
        Matcher.Country::new,
        matchers);
    attributes(section, matchers);
    dates(section, matchers);
    hours(section, matchers);
    boolean guests =
        TenantReader.orElse(section.one("guests", "`true` or `false`", RuleReader::flag), false);
    if (!permit && (section.has("guests") || section.has("grants"))) {
      problems.error(
          section.placeOf(section.has("guests") ? "guests" : "grants"),
          "`%s` is for a `permit`; a `forbid` has none",
          section.has("guests") ? "guests" : "grants");
    }
    return new Rule(
        name,
        permit ? Effect.PERMIT : Effect.FORBID,
        guests,
        matchers,
        when(section),
        grants(section),
        section.placeOf(effect));
  }

  private static @Nullable Boolean flag(String text) {
    return (text.equals("true") || text.equals("false")) ? (Boolean) text.equals("true") : null;
  }

  private static @Nullable String country(String text) {
    return COUNTRIES.contains(text) ? text : null;
  }

  /** Reads one value, a list, or `not:` either; hands each side's items over. */
  private boolean sides(Section section, String key, BiConsumer<Node, Boolean> each) {
    Node value = section.value(key);
    if (value == null) {
      return false;
    }
    if (!(value instanceof MappingNode)) {
      Section.items(value, problems).forEach(item -> each.accept(item, false));
      return true;
    }
    Section both = Section.open(value, "`" + key + "`", problems, "in", "not");
    if (both.keys().isEmpty() && value.getAnchor() == null) {
      problems.error(value, "`%s` is empty; expected a value, a list, or `not:` with one", key);
    }
    both.items("in").forEach(item -> each.accept(item, false));
    both.items("not").forEach(item -> each.accept(item, true));
    return true;
  }

  private <T> @Nullable Among<T> among(
      Section section, String key, String expected, Function<String, @Nullable T> read) {
    Set<T> any = new LinkedHashSet<>();
    Set<T> none = new LinkedHashSet<>();
    boolean there =
        sides(
            section,
            key,
            (item, not) -> {
              T value = Section.scalar(item, expected, problems, read);
              if (value != null) {
                (not ? none : any).add(value);
              }
            });
    return there ? new Among<>(List.copyOf(any), List.copyOf(none)) : null;
  }

  private <T> void among(
      Section section,
      String key,
      String expected,
      Function<String, @Nullable T> read,
      Function<Among<T>, Matcher> matcher,
      List<Matcher> into) {
    Among<T> among = among(section, key, expected, read);
    if (among != null) {
      into.add(matcher.apply(among));
    }
  }

  private void domain(Section section, boolean permit, List<Matcher> into) {
    Set<DomainPattern> any = new LinkedHashSet<>();
    Set<DomainPattern> none = new LinkedHashSet<>();
    boolean there =
        sides(
            section,
            "domain",
            (item, not) -> {
              for (DomainPattern pattern : domains(item)) {
                if (not || !permit || isJoinable(item, pattern)) {
                  (not ? none : any).add(pattern);
                }
              }
            });
    if (there) {
      into.add(new Matcher.Domain(new Among<>(List.copyOf(any), List.copyOf(none))));
    }
  }

  private List<DomainPattern> domains(Node item) {
    String expected =
        TenantReader.DOMAIN
            + (named.domainNames().isEmpty()
                ? ""
                : " or one of `" + String.join("`, `", named.domainNames()) + "` of `named`");
    List<DomainPattern> found =
        Section.scalar(
            item,
            expected,
            problems,
            text -> {
              List<DomainPattern> list = named.domains(text);
              DomainPattern pattern = list != null ? null : DomainPattern.parse(text);
              return list != null ? list : pattern == null ? null : List.of(pattern);
            });
    return found == null ? List.of() : found;
  }

  /** Many people at once only where one organization owns the domain; one by name anywhere. */
  private boolean isJoinable(Node item, EmailPattern pattern) {
    DomainPattern domain = pattern.domain();
    if (domain == null) {
      return true;
    }
    if (!domain.below() && pattern.localPart().literal()) {
      warnUnlessProven(item, domain);
      return true;
    }
    return isJoinable(item, domain);
  }

  /** A permit names only domains that one organization owns; those not proven are a warning. */
  private boolean isJoinable(Node item, DomainPattern pattern) {
    if (!TenantReader.isOwnable(item, pattern, problems)) {
      return false;
    }
    warnUnlessProven(item, pattern);
    return true;
  }

  private void warnUnlessProven(Node item, DomainPattern pattern) {
    if (proven.stream().noneMatch(own -> own.covers(pattern))) {
      problems.warning(
          Place.of(item),
          "`%s` is not among the tenant's proven domains; only verified addresses there are"
              + " permitted",
          pattern.toString());
    }
  }

  private void email(Section section, boolean permit, List<Matcher> into) {
    Set<EmailPattern> any = new LinkedHashSet<>();
    Set<EmailPattern> none = new LinkedHashSet<>();
    boolean there =
        sides(
            section,
            "email",
            (item, not) -> {
              EmailPattern pattern =
                  Section.scalar(item, EMAIL, problems, RuleReader::emailPattern);
              if (pattern != null && (not || !permit || isJoinable(item, pattern))) {
                (not ? none : any).add(pattern);
              }
            });
    if (!there) {
      return;
    }
    Among<EmailPattern> among = new Among<>(List.copyOf(any), List.copyOf(none));
    long anywhere = among.any().stream().filter(pattern -> pattern.domain() == null).count();
    if (permit && anywhere > 0 && anywhere < among.any().size()) {
      problems.error(
          section.placeOf("email"),
          "`email` has addresses with and without a domain; expected two rules");
    }
    into.add(new Matcher.Email(among));
  }

  private static @Nullable EmailPattern emailPattern(String text) {
    if (text.length() > 320) {
      return null;
    }
    int at = text.lastIndexOf('@');
    String local = (at < 0 ? text : text.substring(0, at)).toLowerCase(Locale.ROOT);
    DomainPattern domain = at < 0 ? null : DomainPattern.parse(text.substring(at + 1));
    if (at >= 0 && domain == null) {
      return null;
    }
    String sample = local.replace('*', 'x').replace("..", ".");
    boolean good =
        local.length() <= 64
            && (local.equals("*")
                || EmailAddress.parse(sample + "@acme.example") instanceof EmailAddress);
    return good ? new EmailPattern(new Glob(local), domain) : null;
  }

  private void network(Section section, List<Matcher> into) {
    Set<Network> any = new LinkedHashSet<>();
    Set<Network> none = new LinkedHashSet<>();
    boolean there =
        sides(section, "network", (item, not) -> (not ? none : any).addAll(networks(item)));
    if (there) {
      into.add(new Matcher.InNetwork(new Among<>(List.copyOf(any), List.copyOf(none))));
    }
  }

  private List<Network> networks(Node item) {
    String expected =
        TenantReader.NETWORK
            + (named.networkNames().isEmpty()
                ? ""
                : " or one of `" + String.join("`, `", named.networkNames()) + "` of `named`");
    List<Network> found =
        Section.scalar(
            item,
            expected,
            problems,
            text -> {
              List<Network> list = named.networks(text);
              Network network = list != null ? null : Network.parse(text);
              return list != null ? list : network == null ? null : List.of(network);
            });
    if (found == null) {
      return List.of();
    }
    found.forEach(network -> TenantReader.requireAligned(item, network, problems));
    return found.stream().map(Network::aligned).toList();
  }

  private void authentication(Section section, List<Matcher> into) {
    Node node = section.value("authentication");
    if (node == null) {
      return;
    }
    if (!(node instanceof MappingNode)) {
      among(section, "authentication", AMR, RuleReader::amr, Matcher.Methods::new, into);
      return;
    }
    Section parts = Section.open(node, "`authentication`", problems, "methods", "mfa", "context");
    if (parts.keys().isEmpty()) {
      problems.error(node, "`authentication` is empty; expected `methods`, `mfa` or `context`");
    }
    among(parts, "methods", AMR, RuleReader::amr, Matcher.Methods::new, into);
    Boolean mfa = parts.one("mfa", "`true` or `false`", RuleReader::flag);
    if (mfa != null) {
      into.add(new Matcher.MultiFactor(mfa));
    }
    among(parts, "context", "an `acr` value", RuleReader::text, Matcher.Context::new, into);
  }

  private static final String AMR =
      "a method of RFC 8176 such as `hwk` (several factors are `{mfa: true}`)";

  private static @Nullable String amr(String text) {
    return text.equals("mfa") ? null : text(text);
  }

  private void attributes(Section section, List<Matcher> into) {
    Node node = section.value("attribute");
    if (node == null) {
      return;
    }
    Section attributes = Section.open(node, "`attribute`", problems);
    if (attributes.keys().isEmpty() && node instanceof MappingNode) {
      problems.error(node, "`attribute` is empty; expected for example `{department: sales}`");
    }
    for (String name : attributes.keys()) {
      among(
          attributes,
          name,
          "a value of `" + name + "`",
          RuleReader::text,
          values -> new Matcher.Attribute(name, values),
          into);
    }
  }

  private void dates(Section section, List<Matcher> into) {
    Instant from = section.one("from", DATE, text -> instant(text, 0));
    Instant until = section.one("until", DATE, text -> instant(text, 1));
    if (from != null) {
      into.add(new Matcher.From(from));
    }
    if (until != null) {
      into.add(new Matcher.Until(until));
    }
    if (from != null && until != null && !from.isBefore(until)) {
      problems.error(section.placeOf("until"), "`until` is not after `from`; expected it later");
    }
  }

  /** A day counts whole: from its start, until its end. */
  private @Nullable Instant instant(String text, int daysAfter) {
    try {
      return text.length() == 10
          ? LocalDate.parse(text).plusDays(daysAfter).atStartOfDay(zone).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException notOne) {
      return null;
    }
  }

  private void hours(Section section, List<Matcher> into) {
    Node node = section.value("hours");
    if (node == null) {
      return;
    }
    Section hours = Section.open(node, "`hours`", problems, "days", "from", "until", "zone");
    String expected = "a time of day such as `08:00`";
    hours.required("from", "`hours`", "from: 08:00");
    hours.required("until", "`hours`", "until: 18:00");
    LocalTime from = hours.one("from", expected, RuleReader::time);
    LocalTime until = hours.one("until", expected, RuleReader::time);
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    hours
        .many("days", "a day such as `mon`, or days such as `mon-fri`", RuleReader::days)
        .forEach(days::addAll);
    if (!hours.has("days")) {
      days.addAll(EnumSet.allOf(DayOfWeek.class));
    }
    ZoneId where = hours.one("zone", "a time zone such as `Europe/Zurich`", TenantReader::zone);
    if (from != null && until != null) {
      into.add(new Matcher.Hours(Set.copyOf(days), from, until, where == null ? zone : where));
    }
  }

  private static @Nullable LocalTime time(String text) {
    try {
      return text.equals("24:00") ? LocalTime.MIDNIGHT : LocalTime.parse(text);
    } catch (DateTimeException notOne) {
      return null;
    }
  }

  private static @Nullable Set<DayOfWeek> days(String text) {
    int dash = text.indexOf('-');
    DayOfWeek first = day(dash < 0 ? text : text.substring(0, dash));
    DayOfWeek last = dash < 0 ? first : day(text.substring(dash + 1));
    if (first == null || last == null) {
      return null;
    }
    Set<DayOfWeek> days = EnumSet.of(last);
    for (DayOfWeek day = first; day != last; day = day.plus(1)) {
      days.add(day);
    }
    return days;
  }

  private static @Nullable DayOfWeek day(String text) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().substring(0, 3).toLowerCase(Locale.ROOT).equals(text)) {
        return day;
      }
    }
    return null;
  }

  private @Nullable Expression when(Section section) {
    Node node = section.value("when");
    if (node == null) {
      return null;
    }
    String text = Section.scalar(node, "an expression that is true or false", problems, t -> t);
    if (text == null) {
      return null;
    }
    List<Expression.Fault> faults = new ArrayList<>();
    Expression expression = Expression.compile(text, faults);
    for (Expression.Fault fault : faults) {
      Place place = source.within((ScalarNode) node, fault.line(), fault.column());
      problems.error(place, "in `when`: %s", fault.message());
    }
    return expression;
  }

  private List<Entitlement> grants(Section section) {
    List<Entitlement> grants = new ArrayList<>();
    Node node = section.value("grants");
    if (node == null) {
      return grants;
    }
    Section parts = Section.open(node, "`grants`", problems, "groups", "role", "license");
    for (String group : parts.many("groups", "a group's name", RuleReader::text)) {
      grants.add(new Entitlement("group", group));
    }
    String role = parts.one("role", "a role's name", RuleReader::text);
    if (role != null) {
      grants.add(new Entitlement("role", role));
    }
    String license = parts.one("license", "a licence type", RuleReader::text);
    if (license != null) {
      grants.add(new Entitlement("license", license));
    }
    return grants;
  }
}
