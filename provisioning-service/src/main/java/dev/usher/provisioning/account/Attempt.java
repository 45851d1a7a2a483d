package dev.usher.provisioning.account;

import java.time.Instant;

/**
 * One try at the service's API, as the account remembers it.
 *
 * @param number counted from 1
 * @param at when it ended
 * @param outcome one word, for example {@code created} or {@code retry}
 * @param detail in a sentence without secrets, at most {@value #DETAIL_LIMIT} characters
 */
public record Attempt(int number, Instant at, String outcome, String detail) {

  static final int DETAIL_LIMIT = 500;

  public Attempt {
    if (detail.length() > DETAIL_LIMIT) {
      detail = detail.substring(0, DETAIL_LIMIT - 1) + "…";
    }
  }
}
