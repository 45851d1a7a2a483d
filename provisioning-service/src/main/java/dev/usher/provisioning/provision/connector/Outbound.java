package dev.usher.provisioning.provision.connector;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Which addresses services may be reached at. A tenant's file names hosts; what they resolve to
 * must not lead inside the operator's own network, unless the operator allows that.
 *
 * @param privateAllowed whether private, loopback and link-local addresses are allowed
 * @param names what names lead to
 */
public record Outbound(boolean privateAllowed, Names names) {

  /** What a host's name leads to now. */
  public interface Names {
    /**
     * All its addresses.
     *
     * @throws UnknownHostException if there are none
     */
    InetAddress[] of(String host) throws UnknownHostException;
  }

  /** With the names that the JVM knows. */
  public Outbound(boolean privateAllowed) {
    this(privateAllowed, InetAddress::getAllByName);
  }

  /**
   * The addresses of the host that may be reached. Connect to these: who asks for the name again
   * may get others.
   *
   * @throws UnknownHostException if there are none, saying why
   */
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] all = names.of(host);
    if (privateAllowed) {
      return all;
    }
    InetAddress[] reachable =
        Arrays.stream(all).filter(address -> !isInside(address)).toArray(InetAddress[]::new);
    if (reachable.length == 0) {
      throw new UnknownHostException(
          "`"
              + host
              + "` is a private, loopback or link-local address, which `usher.outbound.private-allowed` forbids");
    }
    return reachable;
  }

  static boolean isInside(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return true;
    }
    byte[] bytes = address.getAddress();
    if (address instanceof Inet6Address) {
      if (startsWith(bytes, 0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0)) {
        // NAT64 (RFC 6052): the way to the IPv4 world where there is no other.
        return isInside(ipv4(bytes, 12));
      }
      // fc00::/7, RFC 4193; and what else carries an IPv4 address inside: local-use NAT64 (RFC
      // 8215),
      // 6to4, Teredo, IPv4-compatible and IPv4-translated. IPv4-mapped ones are IPv4 to Java.
      return (bytes[0] & 0xfe) == 0xfc
          || startsWith(bytes, 0x00, 0x64, 0xff, 0x9b)
          || startsWith(bytes, 0x20, 0x02)
          || startsWith(bytes, 0x20, 0x01, 0, 0)
          || startsWith(bytes, 0, 0, 0, 0, 0, 0, 0, 0);
    }
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    // 0.0.0.0/8, 100.64.0.0/10 (RFC 6598), 192.0.0.0/24, 198.18.0.0/15, 240.0.0.0/4; and the
    // metadata of Azure's machines, the one whose address is a public one.
    return first == 0
        || (first == 100 && (second & 0xc0) == 64)
        || (first == 192 && second == 0 && bytes[2] == 0)
        || (first == 198 && (second & 0xfe) == 18)
        || first >= 240
        || (first == 168 && second == 63 && bytes[2] == (byte) 129 && bytes[3] == 16);
  }

  private static InetAddress ipv4(byte[] bytes, int at) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, at, at + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  private static boolean startsWith(byte[] bytes, int... prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if ((bytes[i] & 0xff) != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
