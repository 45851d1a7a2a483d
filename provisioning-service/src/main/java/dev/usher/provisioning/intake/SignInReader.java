package dev.usher.provisioning.intake;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.usher.events.serialization.UnknownSchemaIdException;
import dev.usher.events.serialization.UnreadableRecordException;
import dev.usher.policy.ActorKind;
import dev.usher.policy.Facts;
import dev.usher.policy.SignInOutcome;
import dev.usher.policy.UserKind;
import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.person.SignIn;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Reads a record's bytes as a sign-in, and tells what can never be read from what cannot yet. */
final class SignInReader {

  private static final int SUBJECT_LIMIT = 255;
  private static final int IDS_REMEMBERED = 10_000;
  private static final Duration SCHEMA_MAY_COME = Duration.ofMinutes(1);

  private final Deserializer<dev.usher.events.SignIn> deserializer;
  private final DataSize maxRecordSize;
  private final Duration unknownSchemaPatience;
  private final LongSupplier nanoTime;
  private final Cache<Integer, Long> unknownSince;

  SignInReader(
      Deserializer<dev.usher.events.SignIn> deserializer,
      IntakeProperties properties,
      LongSupplier nanoTime) {
    this.deserializer = deserializer;
    this.maxRecordSize = properties.maxRecordSize();
    this.unknownSchemaPatience = properties.unknownSchemaPatience();
    this.nanoTime = nanoTime;
    // Kept for long enough that the records behind the first one do not wait again.
    this.unknownSince =
        Caffeine.newBuilder()
            .maximumSize(IDS_REMEMBERED)
            .expireAfterAccess(unknownSchemaPatience.multipliedBy(10).plus(SCHEMA_MAY_COME))
            .build();
  }

  /**
   * Reads the record.
   *
   * @throws UnreadableSignInException if it can never be read
   * @throws RuntimeException if it cannot be read now, as while the registry is down
   */
  SignIn read(ConsumerRecord<byte[], byte[]> record) throws UnreadableSignInException {
    byte @Nullable [] value = record.value();
    if (value == null) {
      throw new UnreadableSignInException(
          "no-value", "The record has no value; expected a SignIn in Avro");
    }
    if (value.length > maxRecordSize.toBytes()) {
      throw new UnreadableSignInException(
          "too-large",
          "The record has %d bytes; expected at most %d (`usher.intake.max-record-size`)"
              .formatted(value.length, maxRecordSize.toBytes()));
    }
    return signIn(record, decoded(record.topic(), value));
  }

  private dev.usher.events.SignIn decoded(String topic, byte[] value)
      throws UnreadableSignInException {
    try {
      return deserializer.deserialize(topic, value);
    } catch (UnreadableRecordException e) {
      throw new UnreadableSignInException(
          "not-a-sign-in", "The record is no SignIn in Avro: " + e.getMessage(), e);
    } catch (UnknownSchemaIdException e) {
      long now = nanoTime.getAsLong();
      long since = unknownSince.get(e.schemaId(), _ -> now);
      if (now - since < unknownSchemaPatience.toNanos()) {
        throw e;
      }
      throw new UnreadableSignInException(
          "unknown-schema-id",
          "The registry still does not know schema id %d after %s (`usher.intake.unknown-schema-patience`)"
              .formatted(e.schemaId(), unknownSchemaPatience),
          e);
    }
  }

  private static SignIn signIn(ConsumerRecord<byte[], byte[]> record, dev.usher.events.SignIn event)
      throws UnreadableSignInException {
    if (event.getIssuer().isEmpty()) {
      throw new UnreadableSignInException(
          "no-issuer", "`issuer` is empty; expected `iss` of the IdP");
    }
    if (event.getSubject().isEmpty()) {
      throw new UnreadableSignInException(
          "no-subject", "`subject` is empty; expected `sub` of the person");
    }
    if (event.getSubject().length() > SUBJECT_LIMIT) {
      throw new UnreadableSignInException(
          "subject-too-long",
          "`subject` has %d characters; expected at most %d"
              .formatted(event.getSubject().length(), SUBJECT_LIMIT));
    }
    Facts facts = facts(event);
    if (facts.outcome() == SignInOutcome.SUCCESS
        && facts.actorKind() == ActorKind.HUMAN
        && lacksDomain(facts.email())) {
      throw new UnreadableSignInException(
          "email-without-domain",
          "`email` has no domain; expected `local-part@domain`, or null if the IdP knows none");
    }
    return new SignIn(
        event.getEventId(),
        Instant.ofEpochMilli(record.timestamp()),
        record.topic(),
        header(record, "traceparent"),
        facts,
        profile(event));
  }

  /** What somebody mistyped at a failed sign-in is no fault of the publisher's. */
  private static boolean lacksDomain(@Nullable String email) {
    return email != null && (email.indexOf('@') < 1 || email.endsWith("@"));
  }

  private static Facts facts(dev.usher.events.SignIn event) {
    return Facts.signIn()
        .issuer(event.getIssuer())
        .subject(event.getSubject())
        .email(event.getEmail())
        .emailVerified(event.getEmailVerified())
        .userKind(
            event.getUserKind() == null
                ? null
                : switch (event.getUserKind()) {
                  case MEMBER -> UserKind.MEMBER;
                  case GUEST -> UserKind.GUEST;
                  case UNKNOWN -> null;
                })
        .outcome(
            switch (event.getOutcome()) {
              case SUCCESS -> SignInOutcome.SUCCESS;
              case FAILURE -> SignInOutcome.FAILURE;
              case UNKNOWN -> null;
            })
        .actorKind(
            switch (event.getActorKind()) {
              case HUMAN -> ActorKind.HUMAN;
              case SERVICE -> ActorKind.SERVICE;
              case UNKNOWN -> null;
            })
        .application(event.getApplication())
        .clientIp(event.getClientIp())
        .forwardedFor(event.getForwardedFor())
        .country(event.getCountry())
        .groups(event.getGroups())
        .authenticationMethods(event.getAuthenticationMethods())
        .multiFactor(event.getMultiFactor())
        .acr(event.getAuthenticationContext())
        .attributes(event.getAttributes())
        .at(event.getOccurredAt())
        .build();
  }

  private static Profile profile(dev.usher.events.SignIn event) {
    return new Profile(
        event.getEmail(),
        event.getUserName(),
        event.getDisplayName(),
        event.getGivenName(),
        event.getFamilyName(),
        event.getLocale(),
        event.getTimeZone());
  }

  private static @Nullable String header(ConsumerRecord<?, ?> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null || header.value().length > 128
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
