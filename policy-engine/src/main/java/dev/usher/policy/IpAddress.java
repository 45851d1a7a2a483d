package dev.usher.policy;

import org.jspecify.annotations.Nullable;

/**
 * An IP address in its one comparable form: an IPv4-mapped IPv6 address is the IPv4 address.
 *
 * @param v4 whether it is an IPv4 address
 * @param high the upper 64 of 128 bits; of an IPv4 address its 32 bits, uppermost, then zeros
 * @param low the lower 64 bits; 0 of an IPv4 address
 */
record IpAddress(boolean v4, long high, long low) {
  private static final int LONGEST = 45;

  /**
   * Reads dotted-quad IPv4 (no leading zeros) or IPv6 (RFC 4291 section 2.2; no zone, no brackets);
   * null for anything else.
   */
  static @Nullable IpAddress parse(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return null;
    }
    if (text.indexOf(':') < 0) {
      long bits = parseV4(text, 0);
      return bits < 0 ? null : new IpAddress(true, bits << 32, 0);
    }
    return parseV6(text);
  }

  /** The 32 bits from there to the end, or -1. */
  private static long parseV4(String text, int from) {
    long bits = 0;
    int part = -1;
    int parts = 0;
    int digits = 0;
    for (int i = from; i <= text.length(); i++) {
      char c = i == text.length() ? '.' : text.charAt(i);
      if (c == '.') {
        if (part < 0 || part > 255 || parts == 4) {
          return -1;
        }
        bits = bits << 8 | part;
        parts++;
        part = -1;
        digits = 0;
      } else if (!Ascii.isDigit(c) || digits == 3 || (digits > 0 && part == 0)) {
        return -1;
      } else {
        part = Math.max(part, 0) * 10 + (c - '0');
        digits++;
      }
    }
    return parts == 4 ? bits : -1;
  }

  private static @Nullable IpAddress parseV6(String text) {
    long headHigh = 0;
    long headLow = 0;
    int headGroups = -1;
    long high = 0;
    long low = 0;
    int groups = 0;
    int i = 0;
    if (text.startsWith("::")) {
      headGroups = 0;
      i = 2;
    }
    while (i < text.length()) {
      int end = text.indexOf(':', i);
      if (end < 0 && text.indexOf('.', i) >= 0) {
        long v4 = parseV4(text, i);
        if (v4 < 0 || groups > 6) {
          return null;
        }
        high = high << 32 | low >>> 32;
        low = low << 32 | v4;
        groups += 2;
        break;
      }
      int group = parseGroup(text, i, end < 0 ? text.length() : end);
      if (group < 0 || groups == 8) {
        return null;
      }
      high = high << 16 | low >>> 48;
      low = low << 16 | group;
      groups++;
      if (end < 0) {
        break;
      }
      i = end + 1;
      if (i == text.length()) {
        return null;
      }
      if (text.charAt(i) == ':') {
        if (headGroups >= 0) {
          return null;
        }
        headGroups = groups;
        headHigh = high;
        headLow = low;
        high = 0;
        low = 0;
        i++;
      }
    }
    if (headGroups < 0) {
      return groups == 8 ? of(high, low) : null;
    }
    int up = 128 - 16 * headGroups;
    return groups > 7
        ? null
        : of(high | upHigh(headHigh, headLow, up), low | (up >= 64 ? 0 : headLow << up));
  }

  /** The upper half of 128 bits moved up by 16 to 128 places. */
  private static long upHigh(long high, long low, int by) {
    if (by >= 64) {
      return by == 128 ? 0 : low << (by - 64);
    }
    return high << by | low >>> (64 - by);
  }

  private static int parseGroup(String text, int from, int to) {
    if (to == from || to - from > 4) {
      return -1;
    }
    int group = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      int digit = c > 0x7f ? -1 : Character.digit(c, 16);
      if (digit < 0) {
        return -1;
      }
      group = group << 4 | digit;
    }
    return group;
  }

  private static IpAddress of(long high, long low) {
    boolean mapped = high == 0 && low >>> 32 == 0xffff;
    return mapped ? new IpAddress(true, low << 32, 0) : new IpAddress(false, high, low);
  }

  /** Bits in the address: 32 or 128. */
  int width() {
    return v4 ? 32 : 128;
  }

  /** Ones for those of the first bits that are in the upper half. */
  static long highMask(int bits) {
    return bits >= 64 ? -1L : bits == 0 ? 0 : -1L << (64 - bits);
  }

  /** Ones for those of the first bits that are in the lower half. */
  static long lowMask(int bits) {
    return bits <= 64 ? 0 : bits >= 128 ? -1L : -1L << (128 - bits);
  }

  /** The address with all bits from this index on set to zero. */
  IpAddress prefix(int bits) {
    return new IpAddress(v4, high & highMask(bits), low & lowMask(bits));
  }

  /** The next address of the family; null after the last. */
  @Nullable IpAddress next() {
    long step = v4 ? 1L << 32 : 1;
    long nextLow = v4 ? 0 : low + step;
    long nextHigh = v4 ? high + step : nextLow == 0 ? high + 1 : high;
    boolean over = nextHigh == 0 && nextLow == 0;
    return over ? null : new IpAddress(v4, nextHigh, nextLow);
  }

  /** Dotted quad, or eight groups of hexadecimal digits. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (v4) {
      for (int shift = 56; shift >= 32; shift -= 8) {
        text.append(text.isEmpty() ? "" : ".").append(high >>> shift & 0xff);
      }
      return text.toString();
    }
    for (int group = 0; group < 8; group++) {
      long half = group < 4 ? high : low;
      text.append(group == 0 ? "" : ":")
          .append(Long.toHexString(half >>> (48 - group % 4 * 16) & 0xffff));
    }
    return text.toString();
  }
}
