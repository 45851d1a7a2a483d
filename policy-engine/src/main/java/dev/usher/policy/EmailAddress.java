package dev.usher.policy;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A normalized e-mail address (RFC 5321 section 4.1.2, the dot-atom form only): lower case, the
 * domain in A-labels (RFC 5890). Two addresses are the same mailbox exactly if they are equal.
 *
 * @param localPart 1 to 64 characters of ASCII, tag included
 * @param domain at least two labels, at most 253 characters, no trailing dot
 */
public record EmailAddress(String localPart, String domain) implements ParsedEmail {
  private static final int LONGEST = 320;
  private static final int LONGEST_LOCAL_PART = 64;
  private static final String ATEXT_MARKS = "!#$%&'*+-/=?^_`{|}~";

  private static final Malformed TOO_LONG = new Malformed("is longer than 320 characters");
  private static final Malformed NO_AT = new Malformed("has no `@`");
  private static final Malformed SEVERAL_AT = new Malformed("has several `@`");
  private static final Malformed QUOTED = new Malformed("has a quoted local part");
  private static final Malformed BAD_LOCAL_LENGTH =
      new Malformed("has a local part that is empty or longer than 64 characters");
  private static final Malformed BAD_DOT =
      new Malformed("has a dot at an end of the local part, or two in a row");
  private static final Malformed BAD_CHARACTER =
      new Malformed("has a character in the local part that is not plain ASCII for an address");

  /**
   * Reads and normalizes an address. Never throws; takes time linear in the length, which is
   * bounded.
   */
  public static ParsedEmail parse(String text) {
    if (text.length() > LONGEST) {
      return TOO_LONG;
    }
    int at = text.lastIndexOf('@');
    if (at < 0) {
      return NO_AT;
    }
    if (text.indexOf('"') >= 0) {
      return QUOTED;
    }
    if (text.indexOf('@') != at) {
      return SEVERAL_AT;
    }
    Malformed fault = faultInLocalPart(text, at);
    if (fault != null) {
      return fault;
    }
    String localPart = text.substring(0, at).toLowerCase(Locale.ROOT);
    String domain = text.substring(at + 1);
    if (DomainName.isNormal(domain)) {
      return new EmailAddress(localPart, domain);
    }
    return switch (DomainName.parse(domain)) {
      case DomainName.Good(String name) -> new EmailAddress(localPart, name);
      case DomainName.Bad(String why) -> new Malformed(why);
    };
  }

  private static @Nullable Malformed faultInLocalPart(String text, int end) {
    if (end == 0 || end > LONGEST_LOCAL_PART) {
      return BAD_LOCAL_LENGTH;
    }
    boolean dotAllowed = false;
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c == '.') {
        if (!dotAllowed) {
          return BAD_DOT;
        }
        dotAllowed = false;
      } else if (Ascii.isLetter(c) || Ascii.isDigit(c) || ATEXT_MARKS.indexOf(c) >= 0) {
        dotAllowed = true;
      } else {
        return BAD_CHARACTER;
      }
    }
    return dotAllowed ? null : BAD_DOT;
  }

  /**
   * The address without its tag (`jane+news@` is `jane@`): for counting seats and finding doubles,
   * never for identity.
   */
  public EmailAddress withoutTag() {
    int plus = localPart.indexOf('+');
    return plus <= 0 ? this : new EmailAddress(localPart.substring(0, plus), domain);
  }

  /** The normalized address. */
  @Override
  public String toString() {
    return localPart + "@" + domain;
  }
}
