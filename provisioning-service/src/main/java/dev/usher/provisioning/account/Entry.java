package dev.usher.provisioning.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of an account's receipt: what was tried, decided or asked for, and when.
 *
 * @param at when
 * @param what in a few fixed words, for example {@code create: retry} or {@code wanted: suspended}
 * @param detail in a sentence without secrets, at most {@value #DETAIL_LIMIT} characters
 */
public record Entry(Instant at, String what, @Nullable String detail) {

  static final int DETAIL_LIMIT = 500;

  public Entry {
    if (detail != null && detail.length() > DETAIL_LIMIT) {
      detail = detail.substring(0, DETAIL_LIMIT - 1) + "…";
    }
  }
}
