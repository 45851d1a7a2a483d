package dev.usher.events.serialization;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.avro.Schema;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers as a registry does, until told to fail in one of the ways that a real one does only when
 * it is unwell.
 */
final class FaultyRegistry implements AutoCloseable {

  /** What answers a request in the registry's place. */
  interface Fault {
    void answer(HttpExchange exchange) throws IOException;
  }

  /** One request as it arrived. */
  record Request(String method, String path, String authorization, String body) {}

  private static final JsonMapper JSON = JsonMapper.builder().build();

  final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, ObjectNode> answers = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private volatile Fault fault = this::healthy;

  FaultyRegistry() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            requests.add(
                new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    authorization == null ? "" : authorization,
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            fault.answer(exchange);
          }
        });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  FaultyRegistry knows(int id, Schema schema) {
    return knows("/schemas/ids/" + id, JSON.createObjectNode().put("schema", schema.toString()));
  }

  FaultyRegistry knows(String path, ObjectNode answer) {
    answers.put(path, answer);
    return this;
  }

  FaultyRegistry fails(Fault how) {
    fault = how;
    return this;
  }

  FaultyRegistry failsWith(int status, String body) {
    return fails(exchange -> answer(exchange, status, body));
  }

  FaultyRegistry recovers() {
    fault = this::healthy;
    return this;
  }

  static ObjectNode json() {
    return JSON.createObjectNode();
  }

  /** A record in the wire format. */
  static byte[] record(int id, byte... avro) {
    return ByteBuffer.allocate(5 + avro.length).put((byte) 0).putInt(id).put(avro).array();
  }

  static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private void healthy(HttpExchange exchange) throws IOException {
    ObjectNode known = answers.get(exchange.getRequestURI().toString());
    if (known != null) {
      answer(exchange, 200, known.toString());
    } else {
      answer(exchange, 404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
