package dev.usher.provisioning.account;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something to be told about an account, kept with it until Kafka has acknowledged it.
 *
 * @param version the account's version at the transition it tells of
 * @param at when the transition happened
 * @param kind what happened
 * @param reason why, without personal data and secrets; null where the kind says it all
 */
public record Announcement(long version, Instant at, Kind kind, @Nullable String reason) {

  /** What there is to tell. */
  public enum Kind {
    /** The account is there. */
    CREATED,
    /** Only a human can decide. */
    HELD,
    /** Given up. */
    FAILED
  }

  /** The same for each delivery: a function of account and version. */
  public String eventId(AccountKey account) {
    return UUID.nameUUIDFromBytes((account + "#" + version).getBytes(StandardCharsets.UTF_8))
        .toString();
  }
}
