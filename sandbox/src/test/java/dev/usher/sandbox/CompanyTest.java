package dev.usher.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.events.ActorKind;
import dev.usher.events.Outcome;
import dev.usher.events.SignIn;
import dev.usher.events.UserKind;
import java.net.InetAddress;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompanyTest {

  private static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");
  private static final Company COMPANY = Company.ofPeople(5000, 42);

  @Test
  void aSeedMakesOneCompany() {
    assertThat(Company.ofPeople(5000, 42).people()).isEqualTo(COMPANY.people());
    assertThat(Company.ofPeople(5000, 43).people()).isNotEqualTo(COMPANY.people());
    assertThat(signIns(3)).isEqualTo(signIns(3)).isNotEqualTo(signIns(4));
  }

  private static List<SignIn> signIns(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return COMPANY.people().stream()
        .limit(100)
        .map(person -> Company.signIn(person, NOW, random))
        .toList();
  }

  @Test
  void aSmallerCompanyIsTheBeginningOfALargerOne() {
    assertThat(Company.ofPeople(100, 42).people()).isEqualTo(COMPANY.people().subList(0, 100));
  }

  @ParameterizedTest
  @EnumSource
  void everyKindOfPersonIsThere(Person.Kind kind) {
    assertThat(COMPANY.people(kind)).hasSizeGreaterThan(20);
  }

  @Test
  void nobodySharesASubjectOrAnAddressWithAnother() {
    assertThat(COMPANY.people()).extracting(Person::subject).doesNotHaveDuplicates();
    assertThat(COMPANY.people()).extracting(Person::email).doesNotHaveDuplicates();
  }

  @Test
  void addressesAreSuchThatAnyServiceTakesThem() {
    assertThat(COMPANY.people())
        .extracting(Person::email)
        .allMatch(email -> email.matches("[a-z0-9.-]{3,60}@[a-z.]+"));
  }

  @Test
  void localesAndTimeZonesAreReal() {
    assertThat(COMPANY.people())
        .allSatisfy(
            person -> {
              assertThat(ZoneId.of(person.timeZone())).isNotNull();
              assertThat(Locale.forLanguageTag(person.locale()).getCountry()).isNotEmpty();
            });
  }

  @Test
  void thoseAtTheOfficeAreInItsNetworksAndThoseAtHomeAreNot() throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    int atTheOffice = 0;
    for (Person person : COMPANY.people()) {
      String ip = Company.signIn(person, NOW, random).getClientIp();
      assertThat(InetAddress.ofLiteral(ip)).isNotNull();
      boolean inside = ip.startsWith("203.0.113.") || ip.startsWith("2001:db8:");
      if (!ip.equals(person.home())) {
        assertThat(inside).as(ip).isTrue();
        atTheOffice++;
      } else {
        assertThat(inside).as(ip).isFalse();
      }
    }
    assertThat(atTheOffice).isBetween(2000, 4000);
  }

  @Test
  void mostSignInsSucceedAndSomeFail() {
    SplittableRandom random = new SplittableRandom(1);
    long failures =
        COMPANY.people().stream()
            .filter(person -> Company.signIn(person, NOW, random).getOutcome() == Outcome.FAILURE)
            .count();

    assertThat(failures).isBetween(50L, 200L);
    assertThat(
            COMPANY.people().stream()
                .map(person -> Company.successfulSignIn(person, NOW, random).getOutcome()))
        .containsOnly(Outcome.SUCCESS);
  }

  @Test
  void theNoiseShowsInTheEvents() {
    assertThat(event(Person.Kind.SERVICE_PRINCIPAL).getActorKind()).isEqualTo(ActorKind.SERVICE);
    assertThat(event(Person.Kind.EMPLOYEE).getActorKind()).isEqualTo(ActorKind.HUMAN);
    assertThat(event(Person.Kind.GUEST).getUserKind()).isEqualTo(UserKind.GUEST);
    assertThat(event(Person.Kind.UNVERIFIED).getEmailVerified()).isFalse();
    assertThat(event(Person.Kind.STRANGER).getIssuer()).isEqualTo(Company.ISSUER_OF_NO_TENANT);
    assertThat(event(Person.Kind.OUTSIDER).getEmail()).endsWith("@gmail.example");
    assertThat(event(Person.Kind.PARTNER).getEmail()).endsWith("@partner.example");
    assertThat(event(Person.Kind.INTERN).getGroups()).contains("interns");
    assertThat(event(Person.Kind.SERVICE_PRINCIPAL).getGroups()).isNull();
    assertThat(Stream.of("acme.example", "acme.io"))
        .allMatch(
            domain ->
                COMPANY.people(Person.Kind.EMPLOYEE).stream()
                    .anyMatch(person -> person.email().endsWith("@" + domain)));
  }

  private static SignIn event(Person.Kind kind) {
    Optional<Person> person = COMPANY.people(kind).stream().findFirst();
    return Company.signIn(person.orElseThrow(), NOW, new SplittableRandom(1));
  }

  @Test
  void aCompanyOfNobodyIsRefused() {
    assertThatThrownBy(() -> Company.ofPeople(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("`0`");
  }
}
