package dev.usher.provisioning.provision.connector.http;

import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.http.Answer.NotSent;
import dev.usher.provisioning.provision.connector.http.Answer.Received;
import dev.usher.provisioning.provision.connector.http.Authentication.Step;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * HTTP to one service, as whom its tenant's file says. Requests leave only to the hosts that the
 * file names, at addresses that {@link Outbound} allows; redirects are answers like others.
 */
public final class Http implements AutoCloseable {

  private static final int UNAUTHORIZED = 401;
  private static final int LONGEST_QUOTE = 300;

  private final Authentication authentication;
  private final Wire wire;

  /**
   * @param base where the service is; its host is the one that requests may go to
   */
  public Http(
      URI base,
      Authentication authentication,
      Limits limits,
      Outbound outbound,
      InstantSource clock) {
    this(base, authentication, limits, outbound, clock, null);
  }

  /**
   * @param trusted whose certificates are trusted; null for those that the JVM trusts
   */
  Http(
      URI base,
      Authentication authentication,
      Limits limits,
      Outbound outbound,
      InstantSource clock,
      TrustManager @Nullable [] trusted) {
    this.authentication = authentication;
    List<URI> addresses = new ArrayList<>(authentication.addresses());
    addresses.add(base);
    this.wire =
        new Wire(
            addresses, limits.concurrency(), tls(authentication.key(), trusted), outbound, clock);
  }

  private static SSLContext tls(@Nullable KeyManager key, TrustManager @Nullable [] trusted) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(key == null ? null : new KeyManager[] {key}, trusted, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no TLS", e);
    }
  }

  /**
   * Sends a request. The deadline is asked right before its first byte leaves, and ends the call at
   * the latest. A request that is answered 401 has done nothing, and is sent once more if there are
   * other credentials by then.
   */
  public Answer send(Request request, Deadline deadline) {
    Answer answer =
        switch (authentication.add(request, wire::send, deadline)) {
          case Step.Failed(var why, var after) -> new NotSent(why, after);
          case Step.Added(Request first) ->
              switch (wire.send(first, deadline)) {
                case Received(var status, _, _, _)
                    when status == UNAUTHORIZED && authentication.renew(first) ->
                    switch (authentication.add(request, wire::send, deadline)) {
                      case Step.Failed(var why, var after) -> new NotSent(why, after);
                      case Step.Added(Request second) -> wire.send(second, deadline);
                    };
                case Answer only -> only;
              };
        };
    return switch (answer) {
      case NotSent(var why, var after) -> new NotSent(quotable(why), after);
      case Answer.Lost(var why) -> new Answer.Lost(quotable(why));
      case Received received -> received;
    };
  }

  /**
   * The text as a message may quote it, should the service have sent back what was told to it: at
   * most 300 characters on one line, without secrets.
   */
  public String quotable(String text) {
    String clean = text;
    for (String secret : authentication.secrets()) {
      clean = clean.replace(secret, "[secret]");
    }
    clean = clean.replaceAll("\\p{Cntrl}+", " ").strip();
    return clean.length() > LONGEST_QUOTE ? clean.substring(0, LONGEST_QUOTE - 1) + "…" : clean;
  }

  @Override
  public void close() {
    wire.close();
  }
}
