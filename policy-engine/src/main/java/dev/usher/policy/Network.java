package dev.usher.policy;

import org.jspecify.annotations.Nullable;

/**
 * A range of addresses (CIDR, RFC 4632). An IPv6 range never contains an IPv4 address.
 *
 * @param address the first address
 * @param bits the length of the prefix
 */
record Network(IpAddress address, int bits) {

  /** Reads `203.0.113.0/24`, `2001:db8::/32` or a single address; null for anything else. */
  static @Nullable Network parse(String text) {
    int slash = text.indexOf('/');
    IpAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      return null;
    }
    if (slash < 0) {
      return new Network(address, address.width());
    }
    int bits = parseBits(text.substring(slash + 1));
    boolean mapped = address.v4() && text.indexOf(':') >= 0;
    bits = mapped && bits >= 0 ? bits - 96 : bits;
    return bits < 0 || bits > address.width() ? null : new Network(address, bits);
  }

  private static int parseBits(String text) {
    if (text.isEmpty() || text.length() > 3 || (text.length() > 1 && text.charAt(0) == '0')) {
      return -1;
    }
    int bits = 0;
    for (int i = 0; i < text.length(); i++) {
      if (!Ascii.isDigit(text.charAt(i))) {
        return -1;
      }
      bits = bits * 10 + (text.charAt(i) - '0');
    }
    return bits;
  }

  /** The same range written from its first address. */
  Network aligned() {
    return new Network(address.prefix(bits), bits);
  }

  boolean contains(IpAddress other) {
    return other.v4() == address.v4()
        && ((other.high() ^ address.high()) & IpAddress.highMask(bits)) == 0
        && ((other.low() ^ address.low()) & IpAddress.lowMask(bits)) == 0;
  }

  /** The last address. */
  IpAddress last() {
    long high =
        address.high()
            | (address.v4() ? ~IpAddress.highMask(bits) & ~0L << 32 : ~IpAddress.highMask(bits));
    return new IpAddress(
        address.v4(), high, address.v4() ? 0 : address.low() | ~IpAddress.lowMask(bits));
  }

  @Override
  public String toString() {
    return address + "/" + bits;
  }
}
