package dev.usher.policy;

import com.google.common.net.InternetDomainName;
import java.math.BigDecimal;
import java.net.URI;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/** Reads one tenant file whole and reports everything that is wrong with it. */
final class TenantReader {
  private static final int MOST_RULES = 10_000;
  private static final int MOST_VALUES = 100_000;
  private static final Pattern PRICE =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,6})?) ([A-Z]{3})/(month|year)");

  private final String file;
  private final SourceText source;
  private final Problems problems;
  private final Map<String, Place> domainPlaces = new LinkedHashMap<>();
  private final Map<String, Place> issuerPlaces = new LinkedHashMap<>();

  private TenantReader(TenantSource source, Problems problems) {
    this.file = source.name();
    this.source = new SourceText(source.text());
    this.problems = problems;
  }

  /**
   * A tenant as far as it could be read, and where its claims stand.
   *
   * @param namePlace of the tenant's id
   * @param domains where each proven domain stands
   * @param issuers where each `iss` stands
   */
  record Read(
      TenantPolicy policy,
      Place namePlace,
      Map<String, Place> domains,
      Map<String, Place> issuers) {}

  /** The tenant; null if the file is so wrong that nothing else can be said about it. */
  static @Nullable Read read(TenantSource source, Problems problems) {
    Node root = YamlText.compose(source.text(), problems);
    if (root == null) {
      return null;
    }
    return new TenantReader(source, problems).tenant(root);
  }

  private Read tenant(Node root) {
    Section section =
        Section.open(
            root,
            "the tenant",
            problems,
            "tenant",
            "issuers",
            "domains",
            "named",
            "service-mailboxes",
            "time-zone",
            "mode",
            "services");
    section.required("tenant", "the file", "tenant: acme");
    String id = orElse(section.one("tenant", SLUG, TenantReader::slug), "unnamed");
    ZoneId zone = orElse(section.one("time-zone", ZONE, TenantReader::zone), ZoneOffset.UTC);
    Mode mode =
        orElse(
            section.one("mode", Section.words(Mode.class), Section.word(Mode.class)), Mode.ENFORCE);
    List<DomainPattern> proven = provenDomains(section);
    List<Trust> trusts = issuers(section, id, proven);
    ServiceMailboxes mailboxes =
        new ServiceMailboxes(
            section.many(
                "service-mailboxes", "a local part such as `frontdesk`", TenantReader::localPart));
    Named named = Named.read(section, problems);
    List<String> issuerIds = trusts.stream().map(trust -> trust.issuer().id()).toList();
    RuleReader rules = new RuleReader(source, problems, named, proven, issuerIds, zone);
    List<ServicePolicy> services = services(section, id, mode, rules);
    named.reportUnused();
    Tenant tenant =
        new Tenant(
            id,
            file,
            trusts.stream().map(Trust::issuer).toList(),
            proven.stream().map(DomainPattern::toString).toList(),
            services.stream().map(ServicePolicy::service).toList());
    return new Read(
        new TenantPolicy(tenant, proven, mailboxes, trusts, services),
        section.placeOf("tenant"),
        domainPlaces,
        issuerPlaces);
  }

  static final String SLUG =
      "a slug: lower-case letters, digits and hyphens, starting with a letter, at most 63";
  private static final String ZONE = "a time zone of the IANA database such as `Europe/Zurich`";
  static final String DOMAIN = "a domain such as `acme.example` or `*.acme.example`";
  static final String NETWORK = "a network such as `203.0.113.0/24` or `2001:db8::/32`";

  static @Nullable String slug(String text) {
    return Ascii.isSlug(text) ? text : null;
  }

  static @Nullable ZoneId zone(String text) {
    try {
      return text.equals("UTC") || text.contains("/") ? ZoneId.of(text) : null;
    } catch (DateTimeException unknown) {
      return null;
    }
  }

  private static @Nullable String localPart(String text) {
    return EmailAddress.parse(text + "@acme.example") instanceof EmailAddress email
        ? email.localPart()
        : null;
  }

  static <T> T orElse(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }

  private List<DomainPattern> provenDomains(Section section) {
    List<DomainPattern> proven = new ArrayList<>();
    section.required("domains", "the file", "domains: [acme.example]");
    for (Node item : section.items("domains")) {
      DomainPattern pattern = Section.scalar(item, DOMAIN, problems, DomainPattern::parse);
      if (pattern == null || !isOwnable(item, pattern, problems)) {
        continue;
      }
      if (domainPlaces.putIfAbsent(pattern.toString(), Place.of(item)) != null) {
        problems.error(item, "`%s` is in `domains` twice; expected it once", pattern.toString());
        continue;
      }
      proven.add(pattern);
    }
    return proven;
  }

  /** Public suffixes and public mail domains belong to nobody's tenant. */
  static boolean isOwnable(Node at, DomainPattern pattern, Problems problems) {
    if (isPublicSuffix(pattern.name())) {
      problems.error(
          at,
          "`%s` is a public suffix, under which anybody can register; expected a registered domain",
          pattern.toString());
      return false;
    }
    if (PublicMail.contains(pattern.name())) {
      problems.error(
          at,
          "`%s` is a public mail domain, where anybody can have an address; expected a domain of"
              + " an organization, or `email:` for a single person",
          pattern.toString());
      return false;
    }
    return true;
  }

  private static boolean isPublicSuffix(String name) {
    return InternetDomainName.isValid(name) && InternetDomainName.from(name).isPublicSuffix();
  }

  private List<Trust> issuers(Section section, String tenant, List<DomainPattern> proven) {
    List<Trust> trusts = new ArrayList<>();
    Node node = section.required("issuers", "the file", "issuers: {staff: {id: https://...}}");
    if (node == null) {
      return trusts;
    }
    Section issuers = Section.open(node, "`issuers`", problems);
    if (issuers.keys().isEmpty()) {
      problems.error(node, "`issuers` has no issuer; expected at least one");
    }
    for (String name : issuers.keys()) {
      if (!Ascii.isSlug(name)) {
        problems.error(issuers.placeOf(name), "issuer `%s`; expected %s", name, SLUG);
      }
      Node value = issuers.value(name);
      if (value != null) {
        trusts.add(issuer(name, value, tenant, proven));
      }
    }
    return trusts;
  }

  private Trust issuer(String name, Node node, String tenant, List<DomainPattern> proven) {
    String what = "issuer `" + name + "`";
    Section section = Section.open(node, what, problems, "id", "vouches-for", "trusted-proxies");
    Node idNode = section.required("id", what, "id: https://id.acme.example");
    String iss = orElse(section.one("id", "an `https` URL", TenantReader::issuerUrl), "");
    if (idNode != null && !iss.isEmpty()) {
      if (issuerPlaces.putIfAbsent(iss, Place.of(idNode)) != null) {
        problems.error(idNode, "`%s` is the id of two issuers; expected one", iss);
      }
    }
    List<DomainPattern> vouched = new ArrayList<>();
    for (Node item : section.items("vouches-for")) {
      DomainPattern pattern = Section.scalar(item, DOMAIN, problems, DomainPattern::parse);
      if (pattern == null) {
        continue;
      }
      if (proven.stream().noneMatch(own -> own.covers(pattern))) {
        problems.error(
            item,
            "`%s` is not among the proven domains %s; an issuer vouches for those alone",
            pattern.toString(),
            new Among<>(proven, List.of()).toString());
      }
      vouched.add(pattern);
    }
    List<Network> proxies = networks(section.items("trusted-proxies"), problems);
    Issuer issuer =
        new Issuer(
            name,
            iss,
            tenant,
            vouched.stream().map(DomainPattern::toString).toList(),
            proxies.stream().map(Network::toString).toList());
    return new Trust(issuer, vouched, proxies);
  }

  static List<Network> networks(List<Node> items, Problems problems) {
    List<Network> networks = new ArrayList<>();
    for (Node item : items) {
      Network network = Section.scalar(item, NETWORK, problems, Network::parse);
      if (network != null) {
        requireAligned(item, network, problems);
        networks.add(network.aligned());
      }
    }
    return networks;
  }

  static void requireAligned(Node item, Network network, Problems problems) {
    if (!network.equals(network.aligned())) {
      problems.error(
          item,
          "`%s` is an address within a network; expected `%s`",
          network.toString(),
          network.aligned().toString());
    }
  }

  private static @Nullable String issuerUrl(String text) {
    try {
      URI uri = new URI(text);
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      return web && uri.getHost() != null && text.length() <= 1_000 ? text : null;
    } catch (java.net.URISyntaxException notUrl) {
      return null;
    }
  }

  private List<ServicePolicy> services(
      Section section, String tenant, Mode mode, RuleReader rules) {
    List<ServicePolicy> services = new ArrayList<>();
    Node node = section.required("services", "the file", "services: {slack: {...}}");
    if (node == null) {
      return services;
    }
    Section all = Section.open(node, "`services`", problems);
    for (String name : all.keys()) {
      if (!Ascii.isSlug(name)) {
        problems.error(all.placeOf(name), "service `%s`; expected %s", name, SLUG);
      }
      Node value = all.value(name);
      if (value != null) {
        services.add(service(name, value, tenant, mode, rules));
      }
    }
    requireBounded(node, services);
    if (!problems.hasErrors()) {
      for (ServicePolicy service : services) {
        String id = service.service().id();
        Shadows.report(service.rules(), "service `" + id + "`", all.placeOf(id), problems);
      }
    }
    return services;
  }

  /** What the tables made of the rules take is bounded by these together. */
  private void requireBounded(Node node, List<ServicePolicy> services) {
    int rules = 0;
    int values = 0;
    for (ServicePolicy service : services) {
      for (Rule rule : service.rules()) {
        rules++;
        values += rule.domains().size() + rule.networks().size();
      }
    }
    if (rules > MOST_RULES || values > MOST_VALUES) {
      problems.error(
          node,
          "the tenant has %d rules with %d domains and networks; at most %d with %d are read",
          rules,
          values,
          MOST_RULES,
          MOST_VALUES);
    }
  }

  private ServicePolicy service(
      String name, Node node, String tenant, Mode mode, RuleReader reader) {
    String what = "service `" + name + "`";
    Section section =
        Section.open(
            node,
            what,
            problems,
            "connector",
            "applications",
            "trigger",
            "mode",
            "on-loss",
            "seats",
            "join");
    Node connectorNode = section.required("connector", what, "connector: {type: scim, ...}");
    Connector connector =
        connectorNode == null
            ? new Connector(file, Map.of(), Map.of())
            : ConnectorReader.read(file, connectorNode, problems);
    List<String> applications =
        section.many("applications", "an application's id", RuleReader::text);
    Set<Trigger> triggers = triggers(section);
    if (triggers.contains(Trigger.APP_SIGN_IN) && applications.isEmpty()) {
      problems.error(
          section.placeOf("trigger"),
          "trigger `app-sign-in` without `applications`; expected the ids of the applications whose"
              + " sign-ins count");
    }
    List<Rule> rules = reader.rules(section, what);
    Service service =
        new Service(
            name,
            tenant,
            connector,
            triggers,
            Set.copyOf(applications),
            orElse(section.one("mode", Section.words(Mode.class), Section.word(Mode.class)), mode),
            orElse(
                section.one("on-loss", Section.words(OnLoss.class), Section.word(OnLoss.class)),
                OnLoss.REPORT),
            seats(section),
            rules.stream().map(Rule::name).toList());
    return new ServicePolicy(service, rules);
  }

  private static Set<Trigger> triggers(Section section) {
    List<Trigger> triggers =
        section.many("trigger", Section.words(Trigger.class), Section.word(Trigger.class));
    return triggers.isEmpty() ? EnumSet.of(Trigger.FIRST_SIGN_IN) : EnumSet.copyOf(triggers);
  }

  private Seats seats(Section service) {
    Node node = service.value("seats");
    if (node == null) {
      return Seats.UNLIMITED;
    }
    Section section = Section.open(node, "`seats`", problems, "cap", "price", "billed-on");
    return new Seats(
        Optional.ofNullable(section.one("cap", "a number from 0 to 10000000", TenantReader::cap)),
        Optional.ofNullable(
            section.one("price", "a price such as `8.75 USD/month`", TenantReader::price)),
        orElse(
            section.one("billed-on", Section.words(BilledOn.class), Section.word(BilledOn.class)),
            BilledOn.CREATION));
  }

  private static @Nullable Integer cap(String text) {
    if (!text.matches("[0-9]{1,8}")) {
      return null;
    }
    int cap = Integer.parseInt(text);
    return cap > 10_000_000 ? null : (Integer) cap;
  }

  private static Seats.@Nullable Price price(String text) {
    Matcher matcher = PRICE.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    String code = matcher.group(2);
    Collection<Currency> currencies = Currency.getAvailableCurrencies();
    boolean known = currencies.stream().anyMatch(c -> c.getCurrencyCode().equals(code));
    return known
        ? new Seats.Price(
            new BigDecimal(matcher.group(1)), code, matcher.group(3).toLowerCase(Locale.ROOT))
        : null;
  }
}
