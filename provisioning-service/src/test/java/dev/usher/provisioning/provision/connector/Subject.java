package dev.usher.provisioning.provision.connector;

import dev.usher.sandbox.Faults;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A connector, as it is set up, and a server that it is tried against. The server outlives the
 * cases, which use accounts of different names.
 */
public interface Subject extends AutoCloseable {

  /** How the connector is set up, such as {@code scim, profile slack}. */
  String connector();

  /** What it talks to, such as {@code SCIM-SDK 1.30.0}. */
  String server();

  /** A connector with the right credentials; the contract closes it. */
  Connector connect();

  /** The same with credentials that the server does not accept. */
  Connector connectAsNobody();

  /**
   * An account that the server takes, and that no other name leads to.
   *
   * @param name a few lower-case letters and digits
   */
  DesiredAccount account(String name);

  /** The same person, to be called otherwise. */
  DesiredAccount renamed(DesiredAccount account);

  /** All accounts of that userName as they are in the server, seen past the connector. */
  List<Seen> seen(DesiredAccount account);

  /**
   * Puts an account of that userName there, past the connector.
   *
   * @param externalId whose it is; empty for nobody's
   */
  void puts(DesiredAccount account, Optional<String> externalId);

  /** What can be made to go wrong in the server; empty if nothing can. */
  default Optional<Faults> faults() {
    return Optional.empty();
  }

  /** By when the server has done whatever it is asked, though it may not answer. */
  default Duration takesAtMost() {
    return Duration.ofMillis(300);
  }

  /** A group that the server has; empty if it has none. */
  default Optional<String> group() {
    return Optional.empty();
  }

  /** Whether the account is in that group, seen past the connector. */
  default boolean isMember(DesiredAccount account) {
    throw new UnsupportedOperationException("no groups");
  }

  /**
   * Why a case cannot hold with this server; empty if it must. What the connector's capabilities
   * lack needs no reason.
   */
  default Optional<String> cannot(ConnectorContract.Case which) {
    return Optional.empty();
  }

  /**
   * An account in the server.
   *
   * @param externalId empty if it has none, or the server does not say
   * @param active empty if the server does not say
   * @param displayName empty if it has none, or the server does not say
   */
  record Seen(
      String id,
      Optional<String> externalId,
      Optional<Boolean> active,
      Optional<String> displayName) {}

  @Override
  void close();
}
