package dev.usher.sandbox;

/**
 * An office with its networks, out of the blocks for documentation (RFC 5737, RFC 3849).
 *
 * @param city where it is
 * @param ipv4 its IPv4 network, a /26
 * @param ipv6 its IPv6 network, a /48
 * @param country ISO 3166-1 alpha-2
 * @param timeZone IANA
 * @param locale BCP 47
 */
public record Office(
    String city, String ipv4, String ipv6, String country, String timeZone, String locale) {

  /** The n-th host of the IPv4 network, from 1; wraps at its 62 hosts. */
  String ipv4Host(int n) {
    String network = ipv4.substring(0, ipv4.indexOf('/'));
    int lastDot = network.lastIndexOf('.');
    int base = Integer.parseInt(network.substring(lastDot + 1));
    return network.substring(0, lastDot + 1) + (base + 1 + Math.floorMod(n, 62));
  }

  /** The n-th host of the IPv6 network; wraps at 65,535. */
  String ipv6Host(int n) {
    return ipv6.substring(0, ipv6.indexOf('/')) + Integer.toHexString(1 + Math.floorMod(n, 0xffff));
  }
}
