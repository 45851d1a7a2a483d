package dev.usher.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Free ports of the loopback address, below the range that the operating system lends to outgoing
 * connections: a part that stops and starts again must find its port as it left it.
 */
public final class Ports {

  static final String LOOPBACK = "127.0.0.1";

  private static final int FIRST = 12_000;
  private static final int LAST = 32_000;
  private static final int MOST_TRIES = 1_000;
  private static final Set<Integer> TAKEN = ConcurrentHashMap.newKeySet();

  private Ports() {}

  /** A port that is free now, and that this JVM hands out only once. */
  public static int free() {
    RandomGenerator random = RandomGenerator.getDefault();
    for (int i = 0; i < MOST_TRIES; i++) {
      int port = random.nextInt(FIRST, LAST);
      if (TAKEN.add(port) && isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException(
        "no free port on `%s` between %d and %d".formatted(LOOPBACK, FIRST, LAST));
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
