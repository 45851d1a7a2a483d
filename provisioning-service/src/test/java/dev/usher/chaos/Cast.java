package dev.usher.chaos;

import dev.usher.sandbox.Company;
import dev.usher.sandbox.Person;
import dev.usher.sandbox.Saas;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Who turns up, and who may have an account where: said here once more, in other words than the
 * tenant's file says it. Immutable.
 */
final class Cast {

  /** Lets two accounts have one name, and does at once what it does at all. */
  static final String CARELESS = "slack";

  /** Refuses a name that is taken. */
  static final String STRICT = "github";

  /** Says at times that it has created what it has not. */
  static final String LIAR = "figma";

  static final List<String> SERVICES = List.of(CARELESS, STRICT, LIAR);

  private static final double NEVER_SUCCEED = 0.01;
  private static final double LEAVE = 0.03;
  private static final double CHANGE_NAMES = 0.05;
  private static final int MOST_NAMES = 3;

  private final List<Person> people;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<Boolean> succeeds = new ArrayList<>();
  private final List<Boolean> leaves = new ArrayList<>();
  private final List<List<String>> newNames = new ArrayList<>();

  /** The account that one person is to have in one service. */
  record Role(String service, String subject) {}

  Cast(int size, long seed) {
    people = Company.ofPeople(size, seed).people();
    SplittableRandom random = new SplittableRandom(seed);
    for (Person person : people) {
      numbers.put(person.email(), numbers.size());
      succeeds.add(random.nextDouble() >= NEVER_SUCCEED);
      leaves.add(random.nextDouble() < LEAVE);
      boolean changes = !leaves.getLast() && random.nextDouble() < CHANGE_NAMES;
      int names = changes ? random.nextInt(1, MOST_NAMES + 1) : 0;
      newNames.add(
          IntStream.rangeClosed(1, names).mapToObj(i -> person.displayName() + " " + i).toList());
    }
  }

  List<Person> people() {
    return people;
  }

  /** Whether any of the person's sign-ins succeeds. */
  boolean succeeds(int number) {
    return succeeds.get(number);
  }

  /** Whether the person has left by the end, after all of their sign-ins. */
  boolean leaves(int number) {
    return leaves.get(number);
  }

  /** The names to show that the person takes, one after the other, once they have accounts. */
  List<String> newNames(int number) {
    return newNames.get(number);
  }

  /** Whose name in the services this is. */
  Optional<Person> named(String userName) {
    return Optional.ofNullable(numbers.get(userName)).map(people::get);
  }

  /** The services that must have an account of the person once one of their sign-ins is taken. */
  List<String> due(int number) {
    return leaves(number) ? List.of() : possible(number);
  }

  /** Those that may have one meanwhile, which of whoever leaves is not usable in the end. */
  private List<String> possible(int number) {
    return succeeds(number) ? permitted(people.get(number)) : List.of();
  }

  /** What is amiss with an account that a service has in the end; empty if nothing is. */
  Optional<String> amiss(String service, Saas.Account account) {
    Integer number = numbers.get(account.userName());
    String whose = "%s has an account `%s`".formatted(service, account.id());
    if (number == null || !possible(number).contains(service)) {
      return Optional.of(whose + " of somebody who must not have one");
    }
    if (account.active() == leaves(number)) {
      return Optional.of(
          whose + (leaves(number) ? ", usable, of somebody who has left" : ", which is suspended"));
    }
    String name =
        newNames(number).isEmpty() ? people.get(number).displayName() : newNames(number).getLast();
    return leaves(number) || account.displayName().filter(name::equals).isPresent()
        ? Optional.empty()
        : Optional.of("%s of `%s`, not `%s`".formatted(whose, account.displayName(), name));
  }

  private static List<String> permitted(Person person) {
    List<String> services = new ArrayList<>();
    boolean intern = person.kind() == Person.Kind.INTERN;
    if (intern || person.kind() == Person.Kind.EMPLOYEE) {
      boolean atHeadquarters = person.email().endsWith("@acme.example");
      services.add(atHeadquarters ? CARELESS : STRICT);
      boolean maker =
          !Collections.disjoint(
              person.groups().orElse(List.of()), List.of("engineering", "design"));
      if (atHeadquarters && maker && !intern) {
        services.add(LIAR);
      }
    } else if (person.kind() == Person.Kind.PARTNER) {
      services.add(STRICT);
    }
    return services;
  }

  /**
   * The tenant's file.
   *
   * @param urls of the services
   */
  static String tenant(Map<String, String> urls) {
    return """
    tenant: acme
    issuers:
      staff:
        id: %s
        vouches-for: [acme.example, acme.io]
    domains: [acme.example, acme.io]
    services:
      slack:
        connector: %s
        join:
          - permit: headquarters
            domain: acme.example
      github:
        connector: %s
        join:
          - permit: developers
            domain: acme.io
          - permit: partners
            domain: partner.example
            group: partners
      figma:
        connector: %s
        join:
          - permit: makers
            domain: acme.example
            group: [engineering, design]
          - forbid: interns
            group: interns
    """
        .formatted(
            Company.ISSUER,
            connector(urls, CARELESS, ""),
            connector(urls, STRICT, ""),
            // It has lied before, so that its word is not enough.
            connector(urls, LIAR, ", re-read-after-create: true"));
  }

  /**
   * All of them are said to refuse what they have, so that a first create leaves without a look,
   * and only the looks that must be are there. A try ends after 2 s, so that those that hang do not
   * hold up the run.
   */
  private static String connector(Map<String, String> urls, String service, String more) {
    return ("{type: scim, url: \"%s\", token: \"${TOKEN}\", create: conflicts,"
            + " filters: [externalId, userName], timeout: 2s, concurrency: 40%s}")
        .formatted(urls.get(service), more);
  }
}
