package dev.usher.benchmarks.speed;

import dev.usher.events.ActorKind;
import dev.usher.events.Outcome;
import dev.usher.events.SignIn;
import dev.usher.events.serialization.EventClasses;
import dev.usher.events.serialization.RegistryAvroSerializer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** People of one company by number, and their sign-ins as bytes of about 330 each. */
final class People {

  private static final String PORTAL = "0oa1portal";

  private final RegistryAvroSerializer serializer;
  private final InstantSource clock;

  People(String registryUrl, InstantSource clock) {
    EventClasses.trust();
    serializer = RegistryAvroSerializer.of(Map.of("schema.registry.url", registryUrl));
    this.clock = clock;
  }

  static String subject(long number) {
    return "p" + number;
  }

  static String email(long number) {
    return "first.last" + number + "@acme.example";
  }

  /** A sign-in of a human to the portal, now. */
  byte[] signIn(String topic, long number) {
    return signIn(topic, PORTAL, number);
  }

  /** A sign-in of a human to that application, now. */
  byte[] signIn(String topic, String application, long number) {
    Instant now = Instant.ofEpochMilli(clock.millis());
    return Objects.requireNonNull(
        serializer.serialize(
            topic,
            SignIn.newBuilder()
                .setEventId("event-%d-%d".formatted(number, now.toEpochMilli()))
                .setOccurredAt(now)
                .setIssuer(Usher.ISSUER)
                .setSubject(subject(number))
                .setOutcome(Outcome.SUCCESS)
                .setActorKind(ActorKind.HUMAN)
                .setApplication(application)
                .setClientIp("203.0.113." + number % 256)
                .setAuthenticationMethods(List.of("pwd", "otp"))
                .setMultiFactor(true)
                .setSessionId("session-" + number)
                .setEmail(email(number))
                .setEmailVerified(true)
                .setUserName("first.last" + number)
                .setDisplayName("First Last " + number)
                .setGivenName("First")
                .setFamilyName("Last " + number)
                .setLocale("de-CH")
                .setTimeZone("Europe/Zurich")
                .setGroups(List.of("staff", "engineering"))
                .build()));
  }
}
