package dev.usher.policy;

/** An address that was read, or why it cannot be trusted. */
public sealed interface ParsedEmail permits EmailAddress, ParsedEmail.Malformed {
  /**
   * Not an address that can be trusted.
   *
   * @param why a clause that completes "the e-mail address ..." and does not quote it, since it is
   *     personal
   */
  record Malformed(String why) implements ParsedEmail {}
}
