package dev.usher.policy;

/**
 * A pattern for local parts in which `*` stands for any run of characters. Matching takes time
 * bounded by the product of the two lengths, at most 64 each, and recurses nowhere.
 *
 * @param text lower case
 */
record Glob(String text) {
  boolean literal() {
    return text.indexOf('*') < 0;
  }

  boolean matches(String input) {
    int at = 0;
    int in = 0;
    int star = -1;
    int retry = 0;
    while (in < input.length()) {
      if (at < text.length() && text.charAt(at) == '*') {
        star = at++;
        retry = in;
      } else if (at < text.length() && text.charAt(at) == input.charAt(in)) {
        at++;
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++retry;
      } else {
        return false;
      }
    }
    while (at < text.length() && text.charAt(at) == '*') {
      at++;
    }
    return at == text.length();
  }
}
