package dev.usher.provisioning.account;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something to be told about an account, kept with it until Kafka has acknowledged it.
 *
 * @param version the account's version that made the transition it tells of
 * @param at when the transition happened
 * @param kind what happened
 * @param reason why, without personal data and secrets; null where the kind says it all
 * @param cause why it is suspended; null unless it is
 * @param causationId the id of the event that led to it, if it had one
 */
public record Announcement(
    long version,
    Instant at,
    Kind kind,
    @Nullable String reason,
    @Nullable SuspensionCause cause,
    @Nullable String causationId) {

  /** What there is to tell. */
  public enum Kind {
    /** The account is there and usable. */
    CREATED,
    /** The service has invited the person. */
    INVITED,
    /** All seats are taken. */
    WAITLISTED,
    /** Only a human can decide. */
    HELD,
    /** Given up. */
    FAILED,
    /** There, and not usable any more. */
    SUSPENDED,
    /** Not there any more. */
    DELETED,
    /** The service knows what has changed about the person. */
    UPDATED
  }

  /** The same for each delivery: a function of account and version. */
  public String eventId(AccountKey account) {
    return UUID.nameUUIDFromBytes((account + "#" + version).getBytes(StandardCharsets.UTF_8))
        .toString();
  }
}
