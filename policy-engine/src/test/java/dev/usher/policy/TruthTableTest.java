package dev.usher.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each matcher with its fact unknown, empty and known, in a permit and in a forbid. */
class TruthTableTest {
  enum Says {
    HOLDS,
    FAILS,
    UNKNOWN
  }

  record Case(String matcher, String fact, UnaryOperator<Facts.Builder> facts, Says says) {
    @Override
    public String toString() {
      return matcher + " with " + fact + " " + says;
    }
  }

  private static Arguments row(
      String matcher, String fact, UnaryOperator<Facts.Builder> facts, Says says) {
    return arguments(new Case(matcher, fact, facts, says));
  }

  static Stream<Arguments> table() {
    Map<String, String> sales = Map.of("department", "sales");
    Instant monday = Instant.parse("2026-03-02T09:00:00Z");
    return Stream.of(
        row("domain: acme.example", "known", f -> f, Says.HOLDS),
        row("domain: {not: acme.example}", "known", f -> f, Says.FAILS),
        row("domain: [acme.io, acme.example]", "known", f -> f, Says.HOLDS),
        row("domain: acme.io", "known", f -> f, Says.FAILS),
        row("domain: '*.acme.example'", "known", f -> f, Says.FAILS),
        row("email: jane@acme.example", "known", f -> f, Says.HOLDS),
        row("email: ja*", "known", f -> f, Says.HOLDS),
        row("email: '*e@acme.example'", "known", f -> f, Says.HOLDS),
        row("email: bob@acme.example", "known", f -> f, Says.FAILS),
        row("email: {not: 'j*'}", "known", f -> f, Says.FAILS),
        row("network: 192.0.2.0/24", "unknown", f -> f, Says.UNKNOWN),
        row("network: 192.0.2.0/24", "empty", f -> f.clientIp(""), Says.UNKNOWN),
        row("network: 192.0.2.0/24", "no address", f -> f.clientIp("home"), Says.UNKNOWN),
        row("network: 192.0.2.0/24", "known", f -> f.clientIp("192.0.2.7"), Says.HOLDS),
        row("network: 192.0.2.0/24", "known", f -> f.clientIp("192.0.3.7"), Says.FAILS),
        row("network: {not: 192.0.2.0/24}", "unknown", f -> f, Says.UNKNOWN),
        row("network: {not: 192.0.2.0/24}", "known", f -> f.clientIp("192.0.2.7"), Says.FAILS),
        row("network: '2001:db8::/32'", "known", f -> f.clientIp("2001:db8::1"), Says.HOLDS),
        row("network: '::/0'", "IPv4", f -> f.clientIp("192.0.2.7"), Says.FAILS),
        row("group: dev", "unknown", f -> f, Says.UNKNOWN),
        row("group: dev", "empty", f -> f.groups(List.of()), Says.FAILS),
        row("group: dev", "known", f -> f.groups(List.of("ops", "dev")), Says.HOLDS),
        row("group: {not: dev}", "unknown", f -> f, Says.UNKNOWN),
        row("group: {not: dev}", "empty", f -> f.groups(List.of()), Says.HOLDS),
        row("group: {not: dev}", "known", f -> f.groups(List.of("dev")), Says.FAILS),
        row("group: {in: [dev], not: [ext]}", "known", f -> f.groups(List.of("dev")), Says.HOLDS),
        row("issuer: staff", "known", f -> f, Says.HOLDS),
        row("issuer: {not: staff}", "known", f -> f, Says.FAILS),
        row("authentication: hwk", "unknown", f -> f, Says.UNKNOWN),
        row("authentication: hwk", "empty", f -> f.authenticationMethods(List.of()), Says.FAILS),
        row(
            "authentication: hwk",
            "known",
            f -> f.authenticationMethods(List.of("hwk")),
            Says.HOLDS),
        row("authentication: {mfa: true}", "unknown", f -> f, Says.UNKNOWN),
        row("authentication: {mfa: true}", "known", f -> f.multiFactor(true), Says.HOLDS),
        row("authentication: {mfa: true}", "known", f -> f.multiFactor(false), Says.FAILS),
        row(
            "authentication: {mfa: true}",
            "amr empty",
            f -> f.authenticationMethods(List.of()),
            Says.FAILS),
        row(
            "authentication: {mfa: true}",
            "amr known",
            f -> f.authenticationMethods(List.of("pwd", "mfa")),
            Says.HOLDS),
        row("authentication: {context: gold}", "unknown", f -> f, Says.UNKNOWN),
        row("authentication: {context: gold}", "empty", f -> f.acr(""), Says.FAILS),
        row("authentication: {context: gold}", "known", f -> f.acr("gold"), Says.HOLDS),
        row("application: app1", "unknown", f -> f, Says.UNKNOWN),
        row("application: app1", "empty", f -> f.application(""), Says.FAILS),
        row("application: app1", "known", f -> f.application("app1"), Says.HOLDS),
        row("country: CH", "unknown", f -> f, Says.UNKNOWN),
        row("country: CH", "empty", f -> f.country(""), Says.FAILS),
        row("country: NO", "known", f -> f.country("no"), Says.HOLDS),
        row("country: {not: [CH, DE]}", "known", f -> f.country("DE"), Says.FAILS),
        row("attribute: {department: sales}", "unknown", f -> f, Says.UNKNOWN),
        row("attribute: {department: sales}", "empty", f -> f.attributes(Map.of()), Says.UNKNOWN),
        row("attribute: {department: sales}", "known", f -> f.attributes(sales), Says.HOLDS),
        row("attribute: {department: [ops]}", "known", f -> f.attributes(sales), Says.FAILS),
        row("attribute: {department: {not: ops}}", "known", f -> f.attributes(sales), Says.HOLDS),
        row("from: 2026-03-02", "unknown", f -> f.at(null), Says.UNKNOWN),
        row("from: 2026-03-02", "known", f -> f.at(monday), Says.HOLDS),
        row("from: 2026-03-02T09:00:01Z", "known", f -> f.at(monday), Says.FAILS),
        row("until: 2026-03-02", "unknown", f -> f.at(null), Says.UNKNOWN),
        row("until: 2026-03-02", "known", f -> f.at(monday), Says.HOLDS),
        row("until: 2026-03-02T09:00:00Z", "known", f -> f.at(monday), Says.FAILS),
        row("hours: {from: 08:00, until: 18:00}", "unknown", f -> f.at(null), Says.UNKNOWN),
        row("hours: {from: 08:00, until: 18:00}", "known", f -> f.at(monday), Says.HOLDS),
        row(
            "hours: {days: mon-fri, from: 08:00, until: 18:00, zone: America/New_York}",
            "04:00 there",
            f -> f.at(monday),
            Says.FAILS),
        row(
            "hours: {days: sun, from: '22:00', until: '10:00'}",
            "the morning after",
            f -> f.at(monday),
            Says.HOLDS),
        row("hours: {days: [sat, sun], from: 08:00, until: 18:00}", "known", f -> f, Says.FAILS),
        row("when: '\"dev\" in person.groups'", "unknown", f -> f, Says.UNKNOWN),
        row("when: '\"dev\" in person.groups'", "empty", f -> f.groups(List.of()), Says.FAILS),
        row("when: '\"dev\" in person.groups'", "known", f -> f.groups(List.of("dev")), Says.HOLDS),
        row("when: '!(\"dev\" in person.groups)'", "unknown", f -> f, Says.UNKNOWN),
        row(
            "when: 'signIn.mfa || person.domain == \"acme.example\"'",
            "unknown",
            f -> f,
            Says.HOLDS),
        row("when: 'signIn.mfa && person.domain == \"acme.io\"'", "unknown", f -> f, Says.FAILS),
        row(
            "when: person.attributes.department == \"sales\"",
            "empty",
            f -> f.attributes(Map.of()),
            Says.UNKNOWN),
        row(
            "when: has(person.attributes.department)",
            "empty",
            f -> f.attributes(Map.of()),
            Says.FAILS));
  }

  @ParameterizedTest
  @MethodSource("table")
  void aPermitMatchesOnlyIfItHolds(Case row) {
    Decision decision =
        Acme.decide("- permit: p\n  " + row.matcher(), row.facts().apply(Acme.jane()));
    assertThat(decision.permitted()).isEqualTo(row.says() == Says.HOLDS);
    assertThat(decision.missing() != null).isEqualTo(row.says() == Says.UNKNOWN);
  }

  @ParameterizedTest
  @MethodSource("table")
  void aForbidMatchesUnlessItFails(Case row) {
    String rules = "- permit: all\n  domain: acme.example\n- forbid: f\n  " + row.matcher();
    Decision decision = Acme.decide(rules, row.facts().apply(Acme.jane()));
    assertThat(decision.permitted()).isEqualTo(row.says() == Says.FAILS);
    assertThat(decision.missing() != null).isEqualTo(row.says() == Says.UNKNOWN);
  }
}
