package dev.usher.sandbox;

import java.time.Duration;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;

/** An HTTP server on a port of its own, which it finds again whenever it starts again. */
final class SaasServer {

  private static final int WAITING_CONNECTIONS = 4096;
  private static final Duration IDLE_CONNECTION = Duration.ofMinutes(10);

  private final int port = Ports.free();
  private final Handler handler;
  private @Nullable Server server;

  SaasServer(Handler handler) {
    this.handler = handler;
  }

  /** Without a slash at the end. */
  String url() {
    return "http://%s:%d".formatted(Ports.LOOPBACK, port);
  }

  /** Breaks all connections and refuses new ones; stopping twice does nothing. */
  synchronized void stop() {
    if (server == null) {
      return;
    }
    try {
      server.stop();
      server = null;
    } catch (Exception e) {
      throw new IllegalStateException("the SaaS at `" + url() + "` does not stop", e);
    }
  }

  /** Stops if need be, and starts. */
  synchronized void restart() {
    stop();
    Server starting = new Server(new VirtualThreadPool());
    starting.setStopTimeout(0);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    ServerConnector connector =
        new ServerConnector(starting, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(Ports.LOOPBACK);
    connector.setPort(port);
    connector.setAcceptQueueSize(WAITING_CONNECTIONS);
    // A server that drops idle connections races with clients that reuse them.
    connector.setIdleTimeout(IDLE_CONNECTION.toMillis());
    starting.addConnector(connector);
    starting.setHandler(handler);
    try {
      starting.start();
    } catch (Exception e) {
      throw new IllegalStateException("the SaaS at `" + url() + "` does not start", e);
    }
    server = starting;
  }
}
