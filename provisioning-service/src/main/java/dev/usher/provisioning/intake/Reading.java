package dev.usher.provisioning.intake;

import dev.usher.policy.UserKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * How one kind of event is read as what it means.
 *
 * @param <E> the event as its schema has it
 * @param <T> what it is to admission
 */
interface Reading<E, T> {

  /** The longest subject, as OpenID Connect allows it. */
  int SUBJECT_LIMIT = 255;

  /** For how long dead letters are kept, at most; what claims to be older is no dead letter. */
  Duration DEAD_LETTERS_KEPT = Duration.ofDays(28);

  /** The longest header that is looked at. */
  int HEADER_LIMIT = 128;

  /** The name of the event's schema. */
  String schema();

  /** The reason with which a record goes to the dead letters that is not in this schema. */
  String notThis();

  /**
   * Reads the event.
   *
   * @throws UnreadableInputException if what it says can never be read
   */
  T read(ConsumerRecord<byte[], byte[]> record, E event) throws UnreadableInputException;

  /** Checks that it is said who it is about, and by whom. */
  static void checkIdentity(String issuer, String subject) throws UnreadableInputException {
    if (issuer.isEmpty()) {
      throw new UnreadableInputException(
          "no-issuer", "`issuer` is empty; expected `iss` of the IdP");
    }
    if (subject.isEmpty()) {
      throw new UnreadableInputException(
          "no-subject", "`subject` is empty; expected `sub` of the person");
    }
    if (subject.length() > SUBJECT_LIMIT) {
      throw new UnreadableInputException(
          "subject-too-long",
          "`subject` has %d characters; expected at most %d"
              .formatted(subject.length(), SUBJECT_LIMIT));
    }
  }

  static @Nullable UserKind userKind(dev.usher.events.@Nullable UserKind stated) {
    return stated == null
        ? null
        : switch (stated) {
          case MEMBER -> UserKind.MEMBER;
          case GUEST -> UserKind.GUEST;
          case UNKNOWN -> null;
        };
  }

  /**
   * When the broker had it first: a replayed dead letter is as old as it was, and no older for
   * having waited to be read.
   */
  static Instant appendedAt(ConsumerRecord<?, ?> record) {
    Header first = record.headers().lastHeader(DeadLetters.APPENDED_AT);
    long replayedAt = record.timestamp();
    if (first == null || first.value() == null || first.value().length != Long.BYTES) {
      return Instant.ofEpochMilli(replayedAt);
    }
    long firstAt = ByteBuffer.wrap(first.value()).getLong();
    boolean credible =
        firstAt <= replayedAt && firstAt >= replayedAt - DEAD_LETTERS_KEPT.toMillis();
    return Instant.ofEpochMilli(credible ? firstAt : replayedAt);
  }

  /** The W3C trace context, if there is one. */
  static @Nullable String traceparent(ConsumerRecord<?, ?> record) {
    Header header = record.headers().lastHeader("traceparent");
    return header == null || header.value() == null || header.value().length > HEADER_LIMIT
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
