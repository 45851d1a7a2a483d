package dev.usher.sandbox;

import dev.usher.events.ActorKind;
import dev.usher.events.Outcome;
import dev.usher.events.SignIn;
import dev.usher.events.UserKind;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A believable company: people with names, addresses, groups, offices and homes, and the noise of
 * real life among them. The same size and seed make the same company. Its networks, and all domains
 * but {@code acme.io}, are reserved for examples. Immutable.
 */
public final class Company {

  /** The issuer of the company's identity provider. */
  public static final String ISSUER = "https://id.acme.example/realms/staff";

  /** An issuer that vouches for people, and that nobody has as theirs. */
  public static final String ISSUER_OF_NO_TENANT = "https://id.nobody.example/realms/main";

  /** The domains that the company has proven to own. */
  public static final List<String> DOMAINS = List.of("acme.example", "acme.io");

  /** The domain of the company's partners. */
  public static final String PARTNER_DOMAIN = "partner.example";

  /** The domain of a public mail provider. */
  public static final String PUBLIC_MAIL_DOMAIN = "gmail.example";

  /** The networks that hold all offices. */
  public static final List<String> OFFICE_NETWORKS = List.of("203.0.113.0/24", "2001:db8::/32");

  /** The client ids of the applications that people sign in to. */
  public static final List<String> APPLICATIONS =
      List.of("0oa1slack", "0oa2github", "0oa3zoom", "0oa4figma", "0oa5notion");

  /** The offices, a network of both kinds each. */
  public static final List<Office> OFFICES =
      List.of(
          new Office(
              "Zurich", "203.0.113.0/26", "2001:db8:41::/48", "CH", "Europe/Zurich", "de-CH"),
          new Office(
              "Lisbon", "203.0.113.64/26", "2001:db8:351::/48", "PT", "Europe/Lisbon", "pt-PT"),
          new Office(
              "Boston", "203.0.113.128/26", "2001:db8:1::/48", "US", "America/New_York", "en-US"),
          new Office(
              "Pune", "203.0.113.192/26", "2001:db8:91::/48", "IN", "Asia/Kolkata", "en-IN"));

  private static final int MOST_PEOPLE = 1_000_000;
  private static final double FAILED_SIGN_INS = 0.02;
  private static final double AT_THE_OFFICE = 0.7;

  private static final List<String> GIVEN_NAMES =
      List.of(
          ("Ada,Ahmed,Aiko,Ana,Anneke,Arjun,Astrid,Beatriz,Björn,Camille,Chen,Chloé,Daan,Dana,"
                  + "Dmitri,Elif,Emeka,Emma,Fatima,Felix,Giulia,Grace,Hana,Henrik,Ines,Ivan,Jamal,"
                  + "João,Kavya,Kofi,Lars,Leila,Linus,Lucía,Łukasz,Mai,Marek,Maya,Mehmet,Mira,"
                  + "Nadia,Ngozi,Noah,Olga,Omar,Paula,Priya,Rafael,Ravi,Rosa,Samira,Sean,Sofia,"
                  + "Tariq,Thandi,Tomás,Uma,Viktor,Wei,Yara,Yusuf,Zoë")
              .split(","));

  private static final List<String> FAMILY_NAMES =
      List.of(
          ("Abebe,Adeyemi,Almeida,Andersen,Bakker,Banerjee,Becker,Bianchi,Brown,Castro,Chen,"
                  + "Costa,Dubois,Eriksson,Fernández,Fischer,Garcia,Gruber,Haddad,Hansen,Horvat,"
                  + "Huber,Ibrahim,Ito,Jansen,Johnson,Joshi,Kaya,Keller,Khan,Kim,Kowalski,Kumar,"
                  + "Larsen,Laurent,Lee,Lopes,Mbeki,Meier,Mensah,Moreau,Müller,Murphy,Nakamura,"
                  + "Nguyen,Novák,Nowak,Okafor,Oliveira,Olsen,Park,Patel,Pereira,Petrov,Popescu,"
                  + "Rao,Rossi,Santos,Sato,Schmid,Sharma,Silva,Singh,Smith,Sørensen,Suzuki,Takahashi,"
                  + "Tanaka,Tran,Vargas,Virtanen,Wang,Weber,Williams,Wójcik,Yılmaz,Zhang,Zimmermann")
              .split(","));

  private static final List<String> DEPARTMENTS =
      List.of(
          "engineering", "sales", "support", "marketing", "finance", "people", "design", "legal");

  private final List<Person> people;

  private Company(List<Person> people) {
    this.people = List.copyOf(people);
  }

  /**
   * A company of so many people, in the order in which they turn up.
   *
   * @param size from 1 to 1,000,000
   */
  public static Company ofPeople(int size, long seed) {
    if (size < 1 || size > MOST_PEOPLE) {
      throw new IllegalArgumentException(
          "a company of `%d` people; it should be from 1 to %d".formatted(size, MOST_PEOPLE));
    }
    Hiring hiring = new Hiring(seed);
    List<Person> people = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      people.add(hiring.next());
    }
    return new Company(people);
  }

  /** Everybody, in the order in which they turn up. */
  public List<Person> people() {
    return people;
  }

  /** Those of one kind, in the order in which they turn up. */
  public List<Person> people(Person.Kind kind) {
    return people.stream().filter(person -> person.kind() == kind).toList();
  }

  /**
   * A sign-in of this person as real life has them: at the office or at home, to an application or
   * to the identity provider itself, and at times a failed one.
   */
  public static SignIn signIn(Person person, Instant at, RandomGenerator random) {
    SignIn signIn = successfulSignIn(person, at, random);
    if (random.nextDouble() < FAILED_SIGN_INS) {
      signIn.setOutcome(Outcome.FAILURE);
    }
    return signIn;
  }

  /** As {@link #signIn}, and it succeeds. */
  public static SignIn successfulSignIn(Person person, Instant at, RandomGenerator random) {
    boolean human = person.kind() != Person.Kind.SERVICE_PRINCIPAL;
    boolean multiFactor = human && random.nextInt(4) > 0;
    Optional<Office> office = person.office().filter(_ -> random.nextDouble() < AT_THE_OFFICE);
    return SignIn.newBuilder()
        .setEventId(new UUID(random.nextLong(), random.nextLong()).toString())
        .setOccurredAt(at)
        .setIssuer(person.issuer())
        .setSubject(person.subject())
        .setOutcome(Outcome.SUCCESS)
        .setActorKind(human ? ActorKind.HUMAN : ActorKind.SERVICE)
        .setApplication(application(person, random))
        .setClientIp(office.map(place -> host(place, random)).orElse(person.home()))
        .setCountry(office.map(Office::country).orElse(null))
        .setAuthenticationMethods(multiFactor ? List.of("pwd", "otp", "mfa") : List.of("pwd"))
        .setMultiFactor(multiFactor)
        .setEmail(person.email())
        .setEmailVerified(person.emailVerified().orElse(null))
        .setUserName(person.email())
        .setDisplayName(person.displayName())
        .setGivenName(person.givenName())
        .setFamilyName(person.familyName())
        .setLocale(person.locale())
        .setTimeZone(person.timeZone())
        .setGroups(person.groups().orElse(null))
        .setUserKind(person.kind() == Person.Kind.GUEST ? UserKind.GUEST : UserKind.MEMBER)
        .build();
  }

  private static @Nullable String application(Person person, RandomGenerator random) {
    int choice = random.nextInt(person.applications().size() + 1);
    return choice == 0 ? null : person.applications().get(choice - 1);
  }

  private static String host(Office office, RandomGenerator random) {
    int host = random.nextInt(1 << 16);
    return random.nextInt(3) == 0 ? office.ipv6Host(host) : office.ipv4Host(host);
  }

  /** Makes people, one after the other. */
  private static final class Hiring {
    private final SplittableRandom random;
    private final Map<String, Integer> namesakes = new HashMap<>();
    private int number;

    Hiring(long seed) {
      this.random = new SplittableRandom(seed);
    }

    Person next() {
      number++;
      Person.Kind kind = kind();
      String given = oneOf(GIVEN_NAMES);
      String family = oneOf(FAMILY_NAMES);
      Office office = oneOf(OFFICES);
      return new Person(
          kind,
          kind == Person.Kind.STRANGER ? ISSUER_OF_NO_TENANT : ISSUER,
          new UUID(random.nextLong(), random.nextLong()).toString(),
          kind == Person.Kind.SERVICE_PRINCIPAL ? "Service" : given,
          kind == Person.Kind.SERVICE_PRINCIPAL ? "Account " + number : family,
          email(kind, given, family),
          verified(kind),
          groups(kind),
          office.locale(),
          office.timeZone(),
          comesToWork(kind) ? Optional.of(office) : Optional.empty(),
          home(),
          applications());
    }

    private Person.Kind kind() {
      int share = random.nextInt(100);
      if (share < 80) {
        return Person.Kind.EMPLOYEE;
      } else if (share < 85) {
        return Person.Kind.INTERN;
      } else if (share < 91) {
        return Person.Kind.PARTNER;
      } else if (share < 94) {
        return Person.Kind.GUEST;
      } else if (share < 96) {
        return Person.Kind.OUTSIDER;
      } else if (share < 97) {
        return Person.Kind.UNVERIFIED;
      } else if (share < 99) {
        return Person.Kind.SERVICE_PRINCIPAL;
      }
      return Person.Kind.STRANGER;
    }

    private String email(Person.Kind kind, String given, String family) {
      String local =
          kind == Person.Kind.SERVICE_PRINCIPAL ? "svc-" + number : ascii(given + "." + family);
      String domain =
          switch (kind) {
            case EMPLOYEE, INTERN, UNVERIFIED, STRANGER ->
                DOMAINS.get(random.nextInt(6) == 0 ? 1 : 0);
            case PARTNER -> PARTNER_DOMAIN;
            case GUEST -> "customer.example";
            case OUTSIDER -> PUBLIC_MAIL_DOMAIN;
            case SERVICE_PRINCIPAL -> DOMAINS.getFirst();
          };
      int before = namesakes.merge(local + "@" + domain, 1, Integer::sum) - 1;
      return local + (before == 0 ? "" : before + 1) + "@" + domain;
    }

    private static String ascii(String name) {
      return Normalizer.normalize(name, Normalizer.Form.NFD)
          .replaceAll("\\p{M}", "")
          .replace('ł', 'l')
          .replace('Ł', 'L')
          .replace('ø', 'o')
          .replace('ı', 'i')
          .toLowerCase(Locale.ROOT);
    }

    private Optional<Boolean> verified(Person.Kind kind) {
      return switch (kind) {
        case UNVERIFIED -> Optional.of(false);
        case SERVICE_PRINCIPAL -> Optional.empty();
        case EMPLOYEE, INTERN, PARTNER, GUEST, OUTSIDER, STRANGER -> Optional.of(true);
      };
    }

    private Optional<List<String>> groups(Person.Kind kind) {
      return switch (kind) {
        case EMPLOYEE, UNVERIFIED, STRANGER -> Optional.of(List.of("everyone", oneOf(DEPARTMENTS)));
        case INTERN -> Optional.of(List.of("everyone", oneOf(DEPARTMENTS), "interns"));
        case PARTNER -> Optional.of(List.of("partners"));
        case OUTSIDER -> Optional.of(List.of());
        case GUEST, SERVICE_PRINCIPAL -> Optional.empty();
      };
    }

    private boolean comesToWork(Person.Kind kind) {
      return switch (kind) {
        case EMPLOYEE, INTERN, UNVERIFIED, STRANGER -> random.nextInt(10) > 0;
        case PARTNER -> random.nextBoolean();
        case GUEST, OUTSIDER -> false;
        case SERVICE_PRINCIPAL -> true;
      };
    }

    /** Out of the blocks for documentation that hold no office (RFC 5737, RFC 9637). */
    private String home() {
      int host = 1 + random.nextInt(254);
      return switch (random.nextInt(3)) {
        case 0 -> "192.0.2." + host;
        case 1 -> "198.51.100." + host;
        default ->
            "3fff:%x:%x::%x".formatted(random.nextInt(0x1000), 1 + random.nextInt(0xffff), host);
      };
    }

    private List<String> applications() {
      return APPLICATIONS.stream().filter(_ -> random.nextInt(3) > 0).toList();
    }

    private <T> T oneOf(List<T> choices) {
      return choices.get(random.nextInt(choices.size()));
    }
  }
}
