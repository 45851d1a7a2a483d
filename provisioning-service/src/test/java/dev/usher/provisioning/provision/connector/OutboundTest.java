package dev.usher.provisioning.provision.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        // Where clouds keep their metadata.
        "169.254.169.254",
        "169.254.170.2",
        "fd00:ec2::254",
        "168.63.129.16",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        // IPv4-mapped, -compatible and -translated.
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:a00:1",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        // NAT64, the well-known and the local-use prefix.
        "64:ff9b::10.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::8.8.8.8",
        // 6to4 and Teredo.
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "fc00::1",
        "fd12:3456:789a::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1"
      })
  void addressesInsideAreRefused(String address) {
    assertThatThrownBy(() -> new Outbound(false).resolve(address))
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContainingAll("`" + address + "`", "`usher.outbound.private-allowed`");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.1",
        "192.0.1.1",
        "192.169.0.1",
        "198.17.255.255",
        "198.20.0.1",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2001:4860:4860::8888",
        "2606:4700::1111",
        "2a00:1450::1"
      })
  void addressesOutsideAreReached(String address) throws UnknownHostException {
    assertThat(new Outbound(false).resolve(address))
        .containsExactly(InetAddress.getByName(address));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.1", "2130706433"})
  void aNameThatLeadsInsideIsRefusedByWhereItLeads(String name) {
    assertThatThrownBy(() -> new Outbound(false).resolve(name))
        .isInstanceOf(UnknownHostException.class);
  }

  @Test
  void theOperatorCanAllowThemAll() throws UnknownHostException {
    assertThat(new Outbound(true).resolve("127.0.0.1")).hasSize(1);
    assertThat(new Outbound(true).resolve("169.254.169.254")).hasSize(1);
  }
}
