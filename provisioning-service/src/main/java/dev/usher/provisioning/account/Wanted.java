package dev.usher.provisioning.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What an account is meant to be; the difference to what it is, is work. */
public sealed interface Wanted {

  /** Since when, by the time of the event that asked for it. */
  Instant since();

  /** The event's own id, if it had one. */
  @Nullable String causationId();

  /** To be there and usable. */
  record Present(Instant since, @Nullable String causationId) implements Wanted {}

  /** To be there and not usable. */
  record Suspended(SuspensionCause cause, Instant since, @Nullable String causationId)
      implements Wanted {}

  /** Not to be there. */
  record Absent(Instant since, @Nullable String causationId) implements Wanted {}
}
