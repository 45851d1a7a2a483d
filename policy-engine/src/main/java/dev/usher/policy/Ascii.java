package dev.usher.policy;

/** The letters and digits of ASCII alone, whatever the locale. */
final class Ascii {
  private Ascii() {}

  static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Lower-case letters, digits and inner hyphens, starting with a letter, 1 to 63 characters. */
  static boolean isSlug(String text) {
    if (text.isEmpty() || text.length() > 63 || text.endsWith("-")) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = c >= 'a' && c <= 'z';
      if (!letter && (i == 0 || !(isDigit(c) || c == '-'))) {
        return false;
      }
    }
    return true;
  }
}
