package dev.usher.provisioning.provision.connector.scim;

import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.Outbound;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * HTTP to one SCIM service: pooled connections, no redirects (a bearer token must not travel to
 * another host), no retries of its own, and no more of an answer than {@value #BODY_LIMIT} bytes.
 */
final class ScimHttp implements AutoCloseable {

  static final int BODY_LIMIT = 1 << 20;

  private static final ContentType SCIM = ContentType.create("application/scim+json");
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  private final Supplier<Optional<String>> token;
  private final InstantSource clock;
  private final CloseableHttpClient client;

  /** What came of a request. */
  sealed interface Answer {

    /** The request did not leave. */
    record NotSent(String why) implements Answer {}

    /** The request left, and no answer came that can be read. */
    record Lost(String why) implements Answer {}

    /**
     * An answer.
     *
     * @param retryAfter how long the service asks to be left alone; null if it does not say
     */
    record Received(int status, String body, @Nullable Duration retryAfter) implements Answer {}
  }

  ScimHttp(
      Supplier<Optional<String>> token, Limits limits, Outbound outbound, InstantSource clock) {
    this.token = token;
    this.clock = clock;
    this.client =
        HttpClients.custom()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setDnsResolver(new Resolver(outbound))
                    .setMaxConnPerRoute(limits.concurrency())
                    .setMaxConnTotal(limits.concurrency())
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(Timeout.of(CONNECT_TIMEOUT))
                            .setSocketTimeout(Timeout.of(limits.timeout()))
                            .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                            .setTimeToLive(TimeValue.ofMinutes(5))
                            .build())
                    .build())
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(Timeout.of(limits.timeout()))
                    .setResponseTimeout(Timeout.of(limits.timeout()))
                    .build())
            .setUserAgent("Usher")
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .build();
  }

  Answer get(String url) {
    return send(new HttpGet(url), new AtomicBoolean(true));
  }

  Answer post(String url, byte[] body, Deadline deadline) {
    AtomicBoolean left = new AtomicBoolean();
    HttpPost post = new HttpPost(url);
    post.setEntity(new Watched(body, left, deadline));
    return send(post, left);
  }

  private Answer send(HttpUriRequestBase request, AtomicBoolean left) {
    Optional<String> bearer = token.get();
    if (bearer.isEmpty()) {
      return new Answer.NotSent("The secret that the service's `token` refers to is not set");
    }
    request.setHeader(HttpHeaders.AUTHORIZATION, "Bearer " + bearer.get());
    request.setHeader(HttpHeaders.ACCEPT, "application/scim+json, application/json");
    try {
      return client.execute(request, this::received);
    } catch (IOException | UncheckedIOException | CancellationException e) {
      String why = without(bearer.get(), e.getClass().getSimpleName() + ": " + e.getMessage());
      return left.get() ? new Answer.Lost(why) : new Answer.NotSent(why);
    }
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
    return new Answer.Received(
        response.getCode(), new String(body, StandardCharsets.UTF_8), retryAfter(response));
  }

  /** The text as a message may quote it, should the service have sent the token back. */
  String withoutToken(String text) {
    return token.get().map(bearer -> without(bearer, text)).orElse(text);
  }

  private static String without(String secret, String text) {
    return text.replace(secret, "[token]");
  }

  /** Both forms of RFC 9110, section 10.2.3. */
  private @Nullable Duration retryAfter(ClassicHttpResponse response) {
    Header header = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
    if (header == null) {
      return null;
    }
    String value = header.getValue().strip();
    try {
      if (value.matches("[0-9]{1,9}")) {
        return Duration.ofSeconds(Long.parseLong(value));
      }
      Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration time = Duration.between(clock.instant(), until);
      return time.isNegative() ? Duration.ZERO : time;
    } catch (DateTimeParseException _) {
      return null;
    }
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A body that says when it starts to leave. */
  static final class Watched extends HttpEntityWrapper {
    private final AtomicBoolean left;
    private final Deadline deadline;

    Watched(byte[] body, AtomicBoolean left, Deadline deadline) {
      super(new ByteArrayEntity(body, SCIM));
      this.left = left;
      this.deadline = deadline;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      if (Thread.currentThread().isInterrupted() || deadline.passed()) {
        // A lookup of names or a handshake ate the time; whoever waited is gone.
        throw new InterruptedIOException("the time was up before the request left");
      }
      left.set(true);
      super.writeTo(out);
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
