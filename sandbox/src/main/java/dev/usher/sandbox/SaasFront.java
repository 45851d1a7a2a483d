package dev.usher.sandbox;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The HTTP side of one SaaS: what befalls requests, and the way to what answers and back. */
final class SaasFront extends Handler.Abstract {

  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");
  private static final int LARGEST_BODY = 1024 * 1024;
  private static final int PIECES_OF_A_SLOW_BODY = 8;
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** What stands behind the front, and answers. */
  interface Behind {

    /**
     * The answer to one request.
     *
     * @param remembered whether a create takes effect; one that does not is answered as any other
     */
    Answer answer(Asked asked, boolean remembered) throws IOException;
  }

  /**
   * A request, read whole.
   *
   * @param uri as the client knows it
   * @param headers by their names in any case
   */
  record Asked(String method, URI uri, Map<String, String> headers, String body) {

    Asked {
      Map<String, String> named = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      named.putAll(headers);
      headers = named;
    }
  }

  private final Behind behind;
  private final Faults faults;
  private final InstantSource clock;
  private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();

  SaasFront(Behind behind, Faults faults, InstantSource clock) {
    this.behind = behind;
    this.faults = faults;
    this.clock = clock;
  }

  Map<String, Long> requests() {
    Map<String, Long> counts = new HashMap<>();
    requests.forEach((method, count) -> counts.put(method, count.sum()));
    return Map.copyOf(counts);
  }

  /** An answer that is ready to be sent. */
  record Answer(int status, Map<String, String> headers, String body) {
    static Answer plain(int status, String text) {
      return new Answer(status, Map.of("Content-Type", "text/html"), text);
    }

    ByteBuffer bytes() {
      return StandardCharsets.UTF_8.encode(body);
    }

    static Answer scimError(int status, String scimType, String detail) {
      String body =
          """
          {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"%d",%s"detail":"%s"}"""
              .formatted(
                  status, scimType.isEmpty() ? "" : "\"scimType\":\"" + scimType + "\",", detail);
      return new Answer(status, Map.of("Content-Type", "application/scim+json"), body);
    }
  }

  /** One request on its way through. */
  private record Exchange(Request request, Response response, Callback callback) {}

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws IOException {
    Exchange exchange = new Exchange(request, response, callback);
    if (!METHODS.contains(request.getMethod())) {
      refuse(exchange, Answer.scimError(405, "", "this method is not served"));
      return true;
    }
    requests.computeIfAbsent(request.getMethod(), _ -> new LongAdder()).increment();
    Faults.Draw draw = faults.draw(request.getMethod());
    if (draw.delay().isZero()) {
      befall(exchange, draw);
    } else {
      later(exchange, draw.delay(), () -> befall(exchange, draw));
    }
    return true;
  }

  /** Something that happens to an exchange and may find its connection gone. */
  private interface Step {
    void run() throws IOException;
  }

  private static void later(Exchange exchange, Duration delay, Step step) {
    Request request = exchange.request();
    Runnable onItsThread =
        () -> {
          try {
            step.run();
          } catch (IOException | RuntimeException e) {
            exchange.callback().failed(e);
          }
        };
    request
        .getComponents()
        .getScheduler()
        .schedule(() -> request.getComponents().getExecutor().execute(onItsThread), delay);
  }

  private void befall(Exchange exchange, Faults.Draw draw) throws IOException {
    if (draw.fault().isEmpty()) {
      send(exchange, handled(exchange));
      return;
    }
    switch (draw.fault().get()) {
      case Fault.Delay _ -> send(exchange, handled(exchange));
      case Fault.TooManyRequests tooMany -> refuse(exchange, tooMany(tooMany));
      case Fault.ServerError(int status, Fault.Effect effect) -> {
        takeEffect(exchange, effect);
        refuse(exchange, Answer.plain(status, "<html><body>upstream failure</body></html>"));
      }
      case Fault.ConnectionReset(Fault.Effect effect) -> {
        takeEffect(exchange, effect);
        reset(exchange);
      }
      case Fault.Hang(Fault.Effect effect) -> {
        takeEffect(exchange, effect);
        hang(exchange);
      }
      case Fault.SlowBody(Duration over) -> trickle(exchange, handled(exchange), over);
      case Fault.CreatedWithoutCreating _ -> send(exchange, handled(exchange, false));
      case Fault.ConflictAlthoughAbsent _ ->
          refuse(exchange, Answer.scimError(409, "uniqueness", "the userName is taken"));
      case Fault.MalformedBody _ -> send(exchange, broken(handled(exchange)));
      case Fault.Refusal(String scimType) ->
          refuse(exchange, Answer.scimError(400, scimType, "the request is refused"));
    }
  }

  private void takeEffect(Exchange exchange, Fault.Effect effect) throws IOException {
    switch (effect) {
      case NONE -> {}
      case DONE -> handled(exchange);
    }
  }

  private Answer handled(Exchange exchange) throws IOException {
    return handled(exchange, true);
  }

  private Answer handled(Exchange exchange, boolean remembered) throws IOException {
    Request request = exchange.request();
    if (request.getLength() > LARGEST_BODY) {
      return Answer.scimError(413, "", "the body should be at most " + LARGEST_BODY + " bytes");
    }
    String body = Content.Source.asString(request, StandardCharsets.UTF_8);
    Map<String, String> headers = new HashMap<>();
    for (HttpField field : request.getHeaders()) {
      headers.put(field.getName(), field.getValue());
    }
    URI uri = URI.create(request.getHttpURI().asString());
    return behind.answer(new Asked(request.getMethod(), uri, headers, body), remembered);
  }

  private Answer tooMany(Fault.TooManyRequests fault) {
    String retryAfter =
        switch (fault.form()) {
          case SECONDS -> String.valueOf(fault.retryAfter().plusMillis(999).toSeconds());
          case HTTP_DATE ->
              HTTP_DATE.format(clock.instant().plus(fault.retryAfter()).plusMillis(999));
        };
    Answer error = Answer.scimError(429, "", "too many requests");
    Map<String, String> headers = new HashMap<>(error.headers());
    headers.put("Retry-After", retryAfter);
    return new Answer(error.status(), headers, error.body());
  }

  private static Answer broken(Answer answer) {
    String half =
        answer.body().isEmpty()
            ? "{\"schemas\":["
            : answer.body().substring(0, answer.body().length() / 2);
    int status = answer.status() == 204 ? 200 : answer.status();
    return new Answer(status, answer.headers(), half);
  }

  /**
   * Answers once all of the request has come. Whoever answers before has the connection closed
   * after the answer, and a client that sends its next request on it hears nothing.
   */
  private static void refuse(Exchange exchange, Answer answer) throws IOException {
    Content.Source.consumeAll(exchange.request());
    send(exchange, answer);
  }

  private static void send(Exchange exchange, Answer answer) {
    ByteBuffer body = answer.bytes();
    begin(exchange.response(), answer, body.remaining());
    exchange.response().write(true, body, exchange.callback());
  }

  private static void begin(Response response, Answer answer, int length) {
    response.setStatus(answer.status());
    answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    if (answer.status() != 204 && answer.status() != 304) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
    }
  }

  /** Headers at once, then the body piece by piece, the last one when the time is over. */
  private static void trickle(Exchange exchange, Answer answer, Duration over) throws IOException {
    ByteBuffer body = answer.bytes();
    begin(exchange.response(), answer, body.remaining());
    int piece = Math.max(1, body.remaining() / PIECES_OF_A_SLOW_BODY);
    Content.Sink.write(exchange.response(), false, body.slice(0, 0));
    trickle(exchange, body, piece, over.dividedBy(PIECES_OF_A_SLOW_BODY));
  }

  private static void trickle(Exchange exchange, ByteBuffer body, int piece, Duration pause) {
    later(
        exchange,
        pause,
        () -> {
          if (body.remaining() <= piece) {
            exchange.response().write(true, body, exchange.callback());
            return;
          }
          Content.Sink.write(exchange.response(), false, body.slice(body.position(), piece));
          body.position(body.position() + piece);
          trickle(exchange, body, piece, pause);
        });
  }

  /** A close that does not linger is a TCP reset (RST), whatever was read before. */
  private static void reset(Exchange exchange) throws IOException {
    EndPoint endPoint = exchange.request().getConnectionMetaData().getConnection().getEndPoint();
    if (endPoint.getTransport() instanceof SocketChannel channel) {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    }
    endPoint.close();
    exchange.callback().failed(new EofException("reset on purpose"));
  }

  private static void hang(Exchange exchange) {
    exchange.request().addIdleTimeoutListener(_ -> false);
  }
}
