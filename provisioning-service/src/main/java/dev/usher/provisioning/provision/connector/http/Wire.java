package dev.usher.provisioning.provision.connector.http;

import dev.usher.provisioning.provision.connector.Alarms;
import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.Outbound;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 over pooled connections to a few named hosts, at addresses that may be reached: no
 * redirects (what says who asks must not travel to another host), no retries, no cookies, no
 * proxies, no compression, and no more of an answer than {@value #BODY_LIMIT} bytes.
 */
final class Wire implements AutoCloseable {

  static final int BODY_LIMIT = 1 << 20;

  private static final String LEAVING = Wire.class.getName();
  private static final Timeout CONNECT_TIMEOUT = Timeout.ofSeconds(3);
  private static final Http1Config BOUNDS =
      Http1Config.custom().setMaxHeaderCount(200).setMaxLineLength(16_384).build();

  private final Set<String> origins;
  private final InstantSource clock;
  private final CloseableHttpClient client;
  private final ScheduledExecutorService timer;
  private final Alarms alarms;

  /**
   * @param addresses of the hosts that requests may go to
   * @param connections how many there may be to one of them at once
   */
  Wire(
      List<URI> addresses,
      int connections,
      SSLContext tls,
      Outbound outbound,
      InstantSource clock) {
    this.origins = addresses.stream().map(Wire::origin).collect(Collectors.toUnmodifiableSet());
    this.clock = clock;
    this.timer = Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    this.alarms = new Alarms(timer);
    this.client =
        HttpClients.custom()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setConnectionFactory(
                        ManagedHttpClientConnectionFactory.builder().http1Config(BOUNDS).build())
                    // Verifies host names.
                    .setTlsSocketStrategy(
                        ClientTlsStrategyBuilder.create().setSslContext(tls).buildClassic())
                    .setDnsResolver(new Resolver(outbound))
                    .setMaxConnPerRoute(connections)
                    .setMaxConnTotal(connections * origins.size())
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(CONNECT_TIMEOUT)
                            .setSocketTimeout(CONNECT_TIMEOUT)
                            .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                            .setTimeToLive(TimeValue.ofMinutes(5))
                            .build())
                    .build())
            .setRequestExecutor(new Departure())
            .setUserAgent("Usher")
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            // A client's certificate would tie each connection to a state of its own.
            .disableConnectionState()
            .build();
  }

  /** Ends by the deadline, whatever the other side does, or when the thread is interrupted. */
  Answer send(Request request, Deadline deadline) {
    if (!origins.contains(origin(request.uri()))) {
      return new Answer.NotSent(
          "`" + request.uri().getHost() + "` is no host that the tenant's file names", null);
    }
    if (deadline.passed()) {
      return new Answer.NotSent("The time was up before the request left", null);
    }
    HttpUriRequestBase message = message(request, deadline);
    Leaving leaving = new Leaving(deadline);
    HttpClientContext context = HttpClientContext.create();
    context.setAttribute(LEAVING, leaving);
    try (Alarms.Alarm _ = alarms.at(deadline, message::cancel)) {
      return client.execute(message, context, this::received);
    } catch (IOException | RuntimeException e) {
      // Of any kind, where a request is cancelled between two of the client's steps.
      return leaving.left
          ? new Answer.Lost(deadline.passed() ? "No answer came in time" : inWords(e))
          : new Answer.NotSent(inWords(e), null);
    }
  }

  private static HttpUriRequestBase message(Request request, Deadline deadline) {
    HttpUriRequestBase message = new HttpUriRequestBase(request.method(), request.uri());
    request.headers().forEach(message::setHeader);
    Request.Body body = request.body();
    if (body != null) {
      message.setEntity(
          new StringEntity(
              body.text(), ContentType.create(body.mediaType(), StandardCharsets.UTF_8)));
    }
    message.setConfig(
        RequestConfig.custom()
            .setConnectionRequestTimeout(timeout(deadline))
            // The alarm ends it. A timeout of the socket's would set a timer for each read.
            .setResponseTimeout(Timeout.DISABLED)
            .build());
    return message;
  }

  /** Never 0, which would mean for ever. */
  private static Timeout timeout(Deadline deadline) {
    return Timeout.ofMilliseconds(Math.max(1, deadline.left().toMillis()));
  }

  private static String origin(URI uri) {
    String scheme = String.valueOf(uri.getScheme());
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("http") ? 80 : 443;
    return (scheme + "://" + uri.getHost() + ":" + port).toLowerCase(Locale.ROOT);
  }

  private static String inWords(Exception e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  private Answer received(ClassicHttpResponse response) throws IOException {
    byte[] body = new byte[0];
    if (response.getEntity() != null) {
      try (InputStream content = response.getEntity().getContent()) {
        body = content.readNBytes(BODY_LIMIT + 1);
        if (body.length > BODY_LIMIT) {
          // Not read to its end: the connection must not be used again.
          response.close();
          return new Answer.Lost("The answer is larger than " + BODY_LIMIT + " bytes");
        }
      }
    }
    Map<String, String> headers = new HashMap<>();
    for (Header header : response.getHeaders()) {
      headers.put(header.getName(), String.valueOf(header.getValue()));
    }
    return new Answer.Received(
        response.getCode(),
        headers,
        new String(body, StandardCharsets.UTF_8),
        retryAfter(response.getFirstHeader(HttpHeaders.RETRY_AFTER)));
  }

  private @Nullable Duration retryAfter(@Nullable Header header) {
    if (header == null || header.getValue() == null) {
      return null;
    }
    String value = header.getValue().strip();
    try {
      if (value.matches("[0-9]{1,9}")) {
        return Answer.bounded(Duration.ofSeconds(Long.parseLong(value)));
      }
      Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Answer.bounded(Duration.between(clock.instant(), until));
    } catch (DateTimeParseException _) {
      return null;
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a request has left. Written and read by the thread that sends it. */
  private static final class Leaving {
    private final Deadline deadline;
    private boolean left;

    private Leaving(Deadline deadline) {
      this.deadline = deadline;
    }
  }

  /** Where the connection is there and nothing has been written: the last moment to think again. */
  private static final class Departure extends HttpRequestExecutor {

    @Override
    public ClassicHttpResponse execute(
        ClassicHttpRequest request,
        HttpClientConnection connection,
        @Nullable HttpResponseInformationCallback callback,
        HttpContext context)
        throws IOException, HttpException {
      if (context.getAttribute(LEAVING) instanceof Leaving leaving) {
        if (Thread.currentThread().isInterrupted() || leaving.deadline.passed()) {
          // A lookup of names or a handshake ate the time; whoever waited is gone.
          throw new InterruptedIOException("the time was up before the request left");
        }
        connection.setSocketTimeout(Timeout.DISABLED);
        leaving.left = true;
      }
      return super.execute(request, connection, callback, context);
    }
  }

  /** Resolves only to addresses that may be reached, each time a connection is made. */
  private record Resolver(Outbound outbound) implements DnsResolver {

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      return outbound.resolve(host);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }
}
