package dev.usher.policy;

import java.lang.Character.UnicodeScript;
import java.net.IDN;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Domain names in their one comparable form: lower-case A-labels (RFC 5890). What could be mistaken
 * for another domain is refused rather than mapped.
 */
final class DomainName {
  private static final int LONGEST = 253;
  private static final int LONGEST_LABEL = 63;

  /** Scripts that one language writes together (Unicode TR 39, highly restrictive). */
  private static final Set<Set<UnicodeScript>> WRITTEN_TOGETHER =
      Set.of(
          EnumSet.of(UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA),
          EnumSet.of(UnicodeScript.HAN, UnicodeScript.HANGUL),
          EnumSet.of(UnicodeScript.HAN, UnicodeScript.BOPOMOFO));

  /** Mapped or dropped by IDNA 2003, letters of their own in IDNA 2008 (UTS 46, deviations). */
  private static final String DEVIATIONS = "\u00df\u1e9e\u03c2\u200c\u200d";

  private static final Bad BAD_LENGTH =
      new Bad("has a domain that is empty or longer than 253 characters");
  private static final Bad BAD_LABEL = new Bad("has a domain label that is not one");
  private static final Bad NO_DOT = new Bad("has a domain of a single label");
  private static final Bad NUMERIC = new Bad("has a number where a domain belongs");
  private static final Bad MIXED = new Bad("has a domain that mixes scripts");
  private static final Bad AMBIGUOUS =
      new Bad("has a domain that could be taken for another domain");

  /**
   * Names that were found normal lately, each where its hash says: nearly all addresses are at a
   * few domains. Whoever reads an old entry, or none, looks for themselves.
   */
  private static final String[] LATELY_NORMAL = new String[64];

  static {
    Arrays.fill(LATELY_NORMAL, "");
  }

  private DomainName() {}

  /** A name, or why it is none. */
  sealed interface Parsed {}

  /** The name in A-labels. */
  record Good(String name) implements Parsed {}

  /** A clause that completes "the e-mail address ...". */
  record Bad(String why) implements Parsed {}

  static Parsed parse(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return BAD_LENGTH;
    }
    if (!isAscii(text)) {
      return parseInternational(text);
    }
    String name = text.toLowerCase(Locale.ROOT);
    Bad fault = faultInAscii(name);
    if (fault == null && name.contains("xn--")) {
      fault = faultInALabels(name);
    }
    return fault == null ? new Good(name) : fault;
  }

  /** Whether the text is a name without international labels in its comparable form already. */
  static boolean isNormal(String text) {
    int slot = text.hashCode() & (LATELY_NORMAL.length - 1);
    if (!text.isEmpty() && text.equals(LATELY_NORMAL[slot])) {
      return true;
    }
    boolean normal = looksNormal(text);
    if (normal) {
      LATELY_NORMAL[slot] = text;
    }
    return normal;
  }

  private static boolean looksNormal(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!((c >= 'a' && c <= 'z') || Ascii.isDigit(c) || c == '-' || c == '.')) {
        return false;
      }
    }
    return !text.isEmpty()
        && text.length() <= LONGEST
        && !text.contains("xn--")
        && faultInAscii(text) == null;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Bad faultInAscii(String name) {
    int start = 0;
    int labels = 0;
    boolean numeric = true;
    for (int i = 0; i <= name.length(); i++) {
      char c = i == name.length() ? '.' : name.charAt(i);
      if (c == '.') {
        int length = i - start;
        if (length == 0
            || length > LONGEST_LABEL
            || name.charAt(start) == '-'
            || name.charAt(i - 1) == '-') {
          return BAD_LABEL;
        }
        if (name.startsWith("--", start + 2) && length > 3 && !name.startsWith("xn", start)) {
          return BAD_LABEL;
        }
        labels++;
        start = i + 1;
        if (i < name.length()) {
          numeric = true;
        }
      } else if (Ascii.isLetter(c) || c == '-') {
        numeric = false;
      } else if (!Ascii.isDigit(c)) {
        return BAD_LABEL;
      }
    }
    if (labels < 2) {
      return NO_DOT;
    }
    return numeric ? NUMERIC : null;
  }

  private static Parsed parseInternational(String text) {
    StringBuilder name = new StringBuilder();
    for (String label : text.split("\\.", -1)) {
      if (!name.isEmpty()) {
        name.append('.');
      }
      if (isAscii(label)) {
        name.append(label.toLowerCase(Locale.ROOT));
        continue;
      }
      Bad fault = faultInULabel(label);
      if (fault != null) {
        return fault;
      }
      String ascii = toAscii(label);
      if (ascii == null || !ascii.startsWith("xn--")) {
        return AMBIGUOUS;
      }
      name.append(ascii);
    }
    if (name.length() > LONGEST) {
      return BAD_LENGTH;
    }
    String ascii = name.toString();
    Bad fault = faultInAscii(ascii);
    if (fault == null) {
      fault = faultInALabels(ascii);
    }
    return fault == null ? new Good(ascii) : fault;
  }

  /** Every `xn--` label must be the one form of a label that could have been written out. */
  private static @Nullable Bad faultInALabels(String name) {
    for (String label : name.split("\\.", -1)) {
      if (!label.startsWith("xn--")) {
        continue;
      }
      String unicode = IDN.toUnicode(label, IDN.USE_STD3_ASCII_RULES);
      if (isAscii(unicode) || !label.equals(toAscii(unicode))) {
        return AMBIGUOUS;
      }
      Bad fault = faultInULabel(unicode);
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }

  private static @Nullable Bad faultInULabel(String label) {
    Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
    for (int i = 0; i < label.length(); ) {
      int c = label.codePointAt(i);
      i += Character.charCount(c);
      if (DEVIATIONS.indexOf(c) >= 0) {
        return AMBIGUOUS;
      }
      int type = Character.getType(c);
      boolean mark = type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
      boolean first = i == Character.charCount(c);
      if ((!Character.isLetterOrDigit(c) && !mark && c != '-') || (mark && first)) {
        return BAD_LABEL;
      }
      UnicodeScript script = UnicodeScript.of(c);
      if (script != UnicodeScript.COMMON && script != UnicodeScript.INHERITED) {
        scripts.add(script);
      }
    }
    boolean together =
        scripts.size() <= 1
            || WRITTEN_TOGETHER.stream().anyMatch(known -> known.containsAll(scripts));
    return together ? null : MIXED;
  }

  private static @Nullable String toAscii(String label) {
    try {
      return IDN.toASCII(label, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException notALabel) {
      return null;
    }
  }
}
