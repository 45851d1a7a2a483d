package dev.usher.provisioning.provision.connector.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** An HTTP server that answers as it is told, and remembers what it heard. */
public final class Listener implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Heard> heard = Collections.synchronizedList(new ArrayList<>());

  /**
   * A request as it came in.
   *
   * @param path as it was sent
   * @param query as it was sent; empty if there was none
   */
  public record Heard(String method, String path, String query, Headers headers, String body) {

    /** All values of the header, joined by a bar; empty if there is none. */
    public String header(String name) {
      return String.join("|", headers.getOrDefault(name, List.of()));
    }
  }

  /** An answer as it goes out. */
  public record Says(int status, Headers headers, String body) {

    public static Says status(int status, String body) {
      return new Says(status, new Headers(), body);
    }

    public Says with(String header, String value) {
      Headers more = new Headers(headers);
      more.set(header, value);
      return new Says(status, more, body);
    }
  }

  private Listener(HttpServer server, Function<Heard, Says> answers) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            URI uri = exchange.getRequestURI();
            Heard request =
                new Heard(
                    exchange.getRequestMethod(),
                    uri.getRawPath(),
                    uri.getRawQuery() == null ? "" : uri.getRawQuery(),
                    exchange.getRequestHeaders(),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            heard.add(request);
            Says answer = answers.apply(request);
            exchange.getResponseHeaders().putAll(answer.headers());
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
  }

  /** Answers in the clear. */
  public static Listener to(Function<Heard, Says> answers) {
    try {
      return new Listener(
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0),
          answers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Answers over TLS.
   *
   * @param needsClient whether a client without a certificate is turned away
   */
  static Listener to(Function<Heard, Says> answers, SSLContext tls, boolean needsClient) {
    try {
      HttpsServer server =
          HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setHttpsConfigurator(
          new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
              SSLParameters settings = tls.getDefaultSSLParameters();
              settings.setNeedClientAuth(needsClient);
              parameters.setSSLParameters(settings);
            }
          });
      return new Listener(server, answers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  public List<Heard> heard() {
    return List.copyOf(heard);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
