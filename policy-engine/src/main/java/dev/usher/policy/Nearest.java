package dev.usher.policy;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The known word that an unknown one was probably meant to be. */
final class Nearest {
  private static final int LONGEST = 64;

  private Nearest() {}

  /** The closest of the known words, if it is close; null otherwise. */
  static @Nullable String to(String word, Collection<String> known) {
    if (word.length() > LONGEST) {
      return null;
    }
    String nearest = null;
    int least = (word.length() <= 3 ? 1 : Math.max(2, word.length() / 3)) + 1;
    for (String candidate : known) {
      int distance = distance(word, candidate);
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /** `; did you mean X?`, or what is known. */
  static String hint(String word, Collection<String> known) {
    String nearest = to(word, known);
    return nearest != null
        ? "; did you mean `" + nearest + "`?"
        : "; expected one of `" + String.join("`, `", known) + "`";
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
