package dev.usher.policy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One condition of a rule on one fact, in three values. */
sealed interface Matcher {
  /** The matcher's key in the tenant file. */
  String key();

  /** The fact it reads, in the words of `when:` expressions. */
  String fact();

  /** What the rule asks for, in words. */
  String wanted();

  /** What the fact is, in words; null where it is unknown. */
  @Nullable String got(Sighting sighting);

  Truth test(Sighting sighting);

  /** The domain of the e-mail address; always known. */
  record Domain(Among<DomainPattern> patterns) implements Matcher {
    @Override
    public String key() {
      return "domain";
    }

    @Override
    public String fact() {
      return "person.domain";
    }

    @Override
    public String wanted() {
      return patterns.toString();
    }

    @Override
    public String got(Sighting sighting) {
      return sighting.email().domain();
    }

    @Override
    public Truth test(Sighting sighting) {
      String domain = sighting.email().domain();
      return Truth.of(patterns.holds(pattern -> pattern.matches(domain)));
    }
  }

  /** The e-mail address; always known. */
  record Email(Among<EmailPattern> patterns) implements Matcher {
    @Override
    public String key() {
      return "email";
    }

    @Override
    public String fact() {
      return "person.email";
    }

    @Override
    public String wanted() {
      return patterns.toString();
    }

    @Override
    public String got(Sighting sighting) {
      return sighting.email().toString();
    }

    @Override
    public Truth test(Sighting sighting) {
      return Truth.of(patterns.holds(pattern -> pattern.matches(sighting.email())));
    }
  }

  /** The network that the person is in. */
  record InNetwork(Among<Network> networks) implements Matcher {
    @Override
    public String key() {
      return "network";
    }

    @Override
    public String fact() {
      return "signIn.ip";
    }

    @Override
    public String wanted() {
      return networks.toString();
    }

    @Override
    public @Nullable String got(Sighting sighting) {
      return sighting.ip() == null ? null : sighting.ip().toString();
    }

    @Override
    public Truth test(Sighting sighting) {
      IpAddress ip = sighting.ip();
      return ip == null ? Truth.UNKNOWN : Truth.of(networks.holds(network -> network.contains(ip)));
    }
  }

  /** The person's groups at the issuer, compared exactly. */
  record Group(Among<String> groups) implements Matcher {
    @Override
    public String key() {
      return "group";
    }

    @Override
    public String fact() {
      return "person.groups";
    }

    @Override
    public String wanted() {
      return groups.toString();
    }

    @Override
    public @Nullable String got(Sighting sighting) {
      List<String> known = sighting.facts().groups();
      return known == null ? null : String.join(", ", known);
    }

    @Override
    public Truth test(Sighting sighting) {
      List<String> known = sighting.facts().groups();
      return known == null ? Truth.UNKNOWN : Truth.of(groups.holds(known::contains));
    }
  }

  /** The issuer, by its short id; always known. */
  record FromIssuer(Among<String> issuers) implements Matcher {
    @Override
    public String key() {
      return "issuer";
    }

    @Override
    public String fact() {
      return "signIn.issuer";
    }

    @Override
    public String wanted() {
      return issuers.toString();
    }

    @Override
    public String got(Sighting sighting) {
      return sighting.issuer().id();
    }

    @Override
    public Truth test(Sighting sighting) {
      return Truth.of(issuers.holds(sighting.issuer().id()::equals));
    }
  }

  /** How the person authenticated: `amr` values, compared exactly. */
  record Methods(Among<String> methods) implements Matcher {
    @Override
    public String key() {
      return "authentication";
    }

    @Override
    public String fact() {
      return "signIn.methods";
    }

    @Override
    public String wanted() {
      return methods.toString();
    }

    @Override
    public @Nullable String got(Sighting sighting) {
      List<String> known = sighting.facts().authenticationMethods();
      return known == null ? null : String.join(", ", known);
    }

    @Override
    public Truth test(Sighting sighting) {
      List<String> known = sighting.facts().authenticationMethods();
      return known == null ? Truth.UNKNOWN : Truth.of(methods.holds(known::contains));
    }
  }

  /** Whether more than one factor was used. */
  record MultiFactor(boolean wantedValue) implements Matcher {
    @Override
    public String key() {
      return "authentication.mfa";
    }

    @Override
    public String fact() {
      return "signIn.mfa";
    }

    @Override
    public String wanted() {
      return "`" + wantedValue + "`";
    }

    @Override
    public @Nullable String got(Sighting sighting) {
      Boolean mfa = sighting.mfa();
      return mfa == null ? null : mfa.toString();
    }

    @Override
    public Truth test(Sighting sighting) {
      Boolean mfa = sighting.mfa();
      return mfa == null ? Truth.UNKNOWN : Truth.of(mfa == wantedValue);
    }
  }

  /** The authentication context class, compared exactly. */
  record Context(Among<String> contexts) implements Matcher {
    @Override
    public String key() {
      return "authentication.context";
    }

    @Override
    public String fact() {
      return "signIn.acr";
    }

    @Override
    public String wanted() {
      return contexts.toString();
    }

    @Override
    public @Nullable String got(Sighting sighting) {
      return sighting.facts().acr();
    }

    @Override
    public Truth test(Sighting sighting) {
      String acr = sighting.facts().acr();
      return acr == null ? Truth.UNKNOWN : Truth.of(contexts.holds(acr::equals));
    }
  }

  /** The application signed in to, by the issuer's id for it. */
  record Application(Among<String> applications) implements Matcher {
    @Override
    public String key() {
      return "application";
    }

    @Override
    public String fact() {
      return "signIn.application";
    }

    @Override
    public String wanted() {
      return applications.toString();
    }

    @Override
    public @Nullable String got(Sighting sighting) {
      return sighting.facts().application();
    }

    @Override
    public Truth test(Sighting sighting) {
      String application = sighting.facts().application();
      return application == null
          ? Truth.UNKNOWN
          : Truth.of(applications.holds(application::equals));
    }
  }

  /** Where the issuer places the person, in any case of letters. */
  record Country(Among<String> countries) implements Matcher {
    @Override
    public String key() {
      return "country";
    }

    @Override
    public String fact() {
      return "signIn.country";
    }

    @Override
    public String wanted() {
      return countries.toString();
    }

    @Override
    public @Nullable String got(Sighting sighting) {
      String country = sighting.facts().country();
      return country == null ? null : country.toUpperCase(Locale.ROOT);
    }

    @Override
    public Truth test(Sighting sighting) {
      String country = sighting.facts().country();
      return country == null ? Truth.UNKNOWN : Truth.of(countries.holds(country::equalsIgnoreCase));
    }
  }

  /** One further attribute, compared exactly. */
  record Attribute(String name, Among<String> values) implements Matcher {
    @Override
    public String key() {
      return "attribute." + name;
    }

    @Override
    public String fact() {
      return "person.attributes." + name;
    }

    @Override
    public String wanted() {
      return values.toString();
    }

    @Override
    public @Nullable String got(Sighting sighting) {
      Map<String, String> attributes = sighting.facts().attributes();
      return attributes == null ? null : attributes.get(name);
    }

    @Override
    public Truth test(Sighting sighting) {
      String value = got(sighting);
      return value == null ? Truth.UNKNOWN : Truth.of(values.holds(value::equals));
    }
  }

  /** Not before this instant. */
  record From(Instant instant) implements Matcher {
    @Override
    public String key() {
      return "from";
    }

    @Override
    public String fact() {
      return "signIn.at";
    }

    @Override
    public String wanted() {
      return "`" + instant + "` or later";
    }

    @Override
    public @Nullable String got(Sighting sighting) {
      Instant at = sighting.facts().at();
      return at == null ? null : at.toString();
    }

    @Override
    public Truth test(Sighting sighting) {
      Instant at = sighting.facts().at();
      return at == null ? Truth.UNKNOWN : Truth.of(!at.isBefore(instant));
    }
  }

  /** Before this instant. */
  record Until(Instant instant) implements Matcher {
    @Override
    public String key() {
      return "until";
    }

    @Override
    public String fact() {
      return "signIn.at";
    }

    @Override
    public String wanted() {
      return "before `" + instant + "`";
    }

    @Override
    public @Nullable String got(Sighting sighting) {
      Instant at = sighting.facts().at();
      return at == null ? null : at.toString();
    }

    @Override
    public Truth test(Sighting sighting) {
      Instant at = sighting.facts().at();
      return at == null ? Truth.UNKNOWN : Truth.of(at.isBefore(instant));
    }
  }

  /**
   * Working hours, wherever the person is.
   *
   * @param days the days on which the hours begin
   * @param from the first minute of them
   * @param until the end, not included; at or before `from` it is on the next day
   * @param zone whose clock it is
   */
  record Hours(Set<DayOfWeek> days, LocalTime from, LocalTime until, ZoneId zone)
      implements Matcher {
    /** The day of the epoch. */
    private static final DayOfWeek THURSDAY = DayOfWeek.THURSDAY;

    private static final long DAY = 86_400;

    @Override
    public String key() {
      return "hours";
    }

    @Override
    public String fact() {
      return "signIn.at";
    }

    @Override
    public String wanted() {
      Map<DayOfWeek, String> names = new TreeMap<>();
      days.forEach(day -> names.put(day, day.name().substring(0, 3).toLowerCase(Locale.ROOT)));
      return "`%s %s to %s %s`".formatted(String.join(",", names.values()), from, until, zone);
    }

    @Override
    public @Nullable String got(Sighting sighting) {
      Instant at = sighting.facts().at();
      if (at == null) {
        return null;
      }
      ZonedDateTime there = at.atZone(zone);
      return there.getDayOfWeek().name().substring(0, 3).toLowerCase(Locale.ROOT)
          + " "
          + there.toLocalTime();
    }

    @Override
    public Truth test(Sighting sighting) {
      Instant at = sighting.facts().at();
      if (at == null) {
        return Truth.UNKNOWN;
      }
      long second = at.getEpochSecond() + zone.getRules().getOffset(at).getTotalSeconds();
      DayOfWeek day = THURSDAY.plus(Math.floorDiv(second, DAY));
      long time = Math.floorMod(second, DAY);
      boolean begun = time >= from.toSecondOfDay();
      boolean over = time >= until.toSecondOfDay();
      return from.isBefore(until)
          ? Truth.of(days.contains(day) && begun && !over)
          : Truth.of((days.contains(day) && begun) || (days.contains(day.minus(1)) && !over));
    }
  }
}
