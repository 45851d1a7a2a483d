package dev.usher.provisioning.provision.connector.rest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.usher.sandbox.Fault;
import dev.usher.sandbox.Faults;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server that keeps accounts as a vendor's documentation says that its own does. Everything but
 * the giving of tokens can be made to fail.
 */
abstract class StandIn implements AutoCloseable {

  static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Faults faults = new Faults();
  private final List<Asked> heard = Collections.synchronizedList(new ArrayList<>());
  private volatile InstantSource clock = InstantSource.system();

  /**
   * A request as it came in.
   *
   * @param rawPath as it was sent
   * @param path its segments, decoded
   */
  record Asked(
      String method,
      String rawPath,
      List<String> path,
      Map<String, String> query,
      Map<String, String> headers,
      String text) {

    JsonNode body() {
      return JSON.readTree(text);
    }

    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** Whether it is such as {@code GET /users/*}. */
    boolean is(String wanted, String... segments) {
      return method.equals(wanted)
          && path.size() == segments.length
          && IntStream.range(0, segments.length)
              .allMatch(i -> segments[i].equals("*") || segments[i].equals(path.get(i)));
    }
  }

  /** An answer as it goes out. */
  record Says(int status, Map<String, String> headers, String body) {

    static Says of(int status, String body) {
      return new Says(status, Map.of("Content-Type", "application/json"), body);
    }

    Says with(String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(name, value);
      return new Says(status, more, body);
    }
  }

  StandIn() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handled);
    server.start();
  }

  /** Where its API is. */
  final String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + base();
  }

  /** Where it gives tokens. */
  final String tokenUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
  }

  String base() {
    return "";
  }

  final Faults faults() {
    return faults;
  }

  final void tellTimeBy(InstantSource other) {
    clock = other;
  }

  final Instant now() {
    return clock.instant();
  }

  /** What it was asked, without tokens, oldest first. */
  final List<Asked> heard() {
    return List.copyOf(heard);
  }

  /** How it answers; what it does, it has done by then. */
  abstract Says answer(Asked asked);

  /** How it answers whom it does not know, or who asks too much. */
  abstract Says error(int status);

  /** How it gives tokens. */
  Says token(Asked asked) {
    return Says.of(404, "");
  }

  private void handled(HttpExchange exchange) throws IOException {
    try (exchange) {
      Asked asked = asked(exchange);
      if (asked.rawPath().equals("/token")) {
        send(exchange, token(asked));
        return;
      }
      heard.add(asked);
      Faults.Draw draw = faults.draw(asked.method());
      waits(draw.delay());
      if (draw.fault().isEmpty()) {
        send(exchange, answered(asked));
      } else {
        befall(exchange, asked, draw.fault().get());
      }
    }
  }

  private synchronized Says answered(Asked asked) {
    return answer(asked);
  }

  private Asked asked(HttpExchange exchange) throws IOException {
    String raw = exchange.getRequestURI().getRawPath();
    String below = raw.startsWith(base()) ? raw.substring(base().length()) : raw;
    List<String> path =
        Arrays.stream(below.split("/", -1))
            .skip(1)
            .map(each -> URLDecoder.decode(each.replace("+", "%2B"), StandardCharsets.UTF_8))
            .toList();
    Map<String, String> query = new LinkedHashMap<>();
    String rawQuery = exchange.getRequestURI().getRawQuery();
    for (String each : rawQuery == null ? new String[0] : rawQuery.split("&")) {
      int equals = each.indexOf('=');
      query.put(
          URLDecoder.decode(each.substring(0, equals), StandardCharsets.UTF_8),
          URLDecoder.decode(each.substring(equals + 1), StandardCharsets.UTF_8));
    }
    Map<String, String> headers = new LinkedHashMap<>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join("|", values)));
    return new Asked(
        exchange.getRequestMethod(),
        raw,
        path,
        query,
        headers,
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
  }

  private void befall(HttpExchange exchange, Asked asked, Fault fault) throws IOException {
    switch (fault) {
      case Fault.Delay _ -> send(exchange, answered(asked));
      case Fault.TooManyRequests(Duration after, Fault.RetryAfterForm form) ->
          send(exchange, error(429).with("Retry-After", retryAfter(after, form)));
      case Fault.ServerError(int status, Fault.Effect effect) -> {
        takesEffect(asked, effect);
        send(exchange, new Says(status, Map.of(), "<html>upstream failure</html>"));
      }
      // Closed without a byte of an answer.
      case Fault.ConnectionReset(Fault.Effect effect) -> takesEffect(asked, effect);
      case Fault.Hang(Fault.Effect effect) -> {
        takesEffect(asked, effect);
        waits(Duration.ofMinutes(1));
      }
      case Fault.SlowBody(Duration over) -> trickles(exchange, answered(asked), over);
      case Fault.CreatedWithoutCreating _ -> throw new IllegalStateException("no stand-in lies so");
      case Fault.ConflictAlthoughAbsent _ -> send(exchange, error(409));
      case Fault.MalformedBody _ -> {
        Says whole = answered(asked);
        String body = whole.body().isEmpty() ? "{\"a\":" : whole.body();
        send(
            exchange,
            new Says(
                whole.status() == 204 ? 200 : whole.status(),
                whole.headers(),
                body.substring(0, body.length() / 2 + 1)));
      }
      case Fault.Refusal _ -> send(exchange, error(400));
    }
  }

  private void takesEffect(Asked asked, Fault.Effect effect) {
    if (effect == Fault.Effect.DONE) {
      answered(asked);
    }
  }

  private String retryAfter(Duration after, Fault.RetryAfterForm form) {
    return switch (form) {
      case SECONDS -> String.valueOf(after.toSeconds());
      case HTTP_DATE ->
          DateTimeFormatter.RFC_1123_DATE_TIME.format(now().plus(after).atOffset(ZoneOffset.UTC));
    };
  }

  /** For so long, or until it is closed. */
  private void waits(Duration time) {
    try {
      closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void trickles(HttpExchange exchange, Says says, Duration over) throws IOException {
    byte[] body = begins(exchange, says);
    try (OutputStream out = exchange.getResponseBody()) {
      for (byte each : body) {
        waits(over.dividedBy(body.length));
        out.write(each);
        out.flush();
      }
    }
  }

  private static void send(HttpExchange exchange, Says says) throws IOException {
    byte[] body = begins(exchange, says);
    exchange.getResponseBody().write(body);
  }

  private static byte[] begins(HttpExchange exchange, Says says) throws IOException {
    says.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] body = says.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(says.status(), body.length == 0 ? -1 : body.length);
    return body;
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
