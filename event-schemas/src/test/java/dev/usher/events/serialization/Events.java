package dev.usher.events.serialization;

import dev.usher.events.AccountCreated;
import dev.usher.events.ActorKind;
import dev.usher.events.Entitlement;
import dev.usher.events.Origin;
import dev.usher.events.Outcome;
import dev.usher.events.SignIn;
import dev.usher.events.Trigger;
import dev.usher.events.UserKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Events of a made-up person, with every field told. */
final class Events {

  static final Instant MONDAY = Instant.parse("2026-01-05T09:00:00.123Z");

  static {
    EventClasses.trust();
  }

  private Events() {}

  static SignIn signIn() {
    return SignIn.newBuilder()
        .setEventId("6f1f9a2e-0001")
        .setOccurredAt(MONDAY)
        .setIssuer("https://id.acme.example/realms/staff")
        .setSubject("00u1-grete")
        .setOutcome(Outcome.SUCCESS)
        .setActorKind(ActorKind.HUMAN)
        .setApplication("0oa1slack")
        .setClientIp("203.0.113.7")
        .setForwardedFor(List.of("198.51.100.1"))
        .setCountry("CH")
        .setAuthenticationMethods(List.of("pwd", "otp"))
        .setMultiFactor(true)
        .setAuthenticationContext("urn:acme:silver")
        .setSessionId("s-42")
        .setEmail("grete.müller@acme.example")
        .setEmailVerified(true)
        .setUserName("grete")
        .setDisplayName("Grete Müller")
        .setGivenName("Grete")
        .setFamilyName("Müller")
        .setLocale("de-CH")
        .setTimeZone("Europe/Zurich")
        .setGroups(List.of("engineering", "partners"))
        .setUserKind(UserKind.MEMBER)
        .setAttributes(Map.of("department", "R&D"))
        .build();
  }

  static AccountCreated accountCreated() {
    return AccountCreated.newBuilder()
        .setEventId("acme/staff/00u1-grete/slack:3")
        .setAccountVersion(3)
        .setOccurredAt(MONDAY)
        .setTenant("acme")
        .setIssuer("https://id.acme.example/realms/staff")
        .setSubject("00u1-grete")
        .setService("slack")
        .setServiceAccountId("U012AB3CD")
        .setUserName("grete")
        .setEmail("grete.mueller@acme.example")
        .setDisplayName("Grete Müller")
        .setLocale("de-CH")
        .setTimeZone("Europe/Zurich")
        .setOrigin(Origin.CREATED)
        .setTrigger(Trigger.FIRST_SIGN_IN)
        .setCausationId("6f1f9a2e-0001")
        .setRule("anyone-at-acme")
        .setPolicyRevision("sha256:0f3a")
        .setEntitlements(List.of(new Entitlement("group", "everyone")))
        .build();
  }
}
