package dev.usher.provisioning.provision.connector.http;

import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.http.Authentication.Exchange;
import dev.usher.provisioning.provision.connector.http.Authentication.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An access token that is fetched once for all who need it, again a while before it ends, and again
 * when the service did not accept it.
 */
final class KeptToken {

  /**
   * What is left of a token's life when it is renewed, while it is still used: a fifth, or this.
   */
  private static final Duration EARLY = Duration.ofMinutes(2);

  /**
   * What is left of it when it is used no more, since requests take their time: a 20th, or this.
   */
  private static final Duration MARGIN = Duration.ofSeconds(10);

  /** How long a failure is everybody's, and how old a token must be to be replaced after a 401. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Source source;
  private final InstantSource clock;
  private final ReentrantLock fetching = new ReentrantLock();
  private final AtomicReference<@Nullable Token> current = new AtomicReference<>();
  private volatile @Nullable String previous;
  private volatile @Nullable Failure failure;

  /** Where tokens come from. */
  @FunctionalInterface
  interface Source {

    /** Asks for a token. */
    Fetch fetch(Exchange exchange, Deadline deadline);
  }

  /** What came of asking for a token. */
  sealed interface Fetch {

    /** A token, and for how long it is good from now on. */
    record Fresh(String token, Duration lifetime) implements Fetch {

      @Override
      public String toString() {
        return "Fresh[" + lifetime + "]";
      }
    }

    /** None. */
    record None(Step.Failed why) implements Fetch {}
  }

  private record Token(String text, Instant fetched, Instant due, Instant end) {

    static Token of(Fetch.Fresh fresh, Instant now) {
      Instant end = now.plus(fresh.lifetime());
      return new Token(
          fresh.token(),
          now,
          end.minus(smaller(EARLY, fresh.lifetime().dividedBy(5))),
          end.minus(smaller(MARGIN, fresh.lifetime().dividedBy(20))));
    }

    private static Duration smaller(Duration one, Duration other) {
      return one.compareTo(other) < 0 ? one : other;
    }
  }

  private record Failure(Step.Failed why, Instant at) {}

  KeptToken(Source source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
  }

  /** The request with a token that is good for now, as a bearer's (RFC 6750, section 2.1). */
  Step addTo(Request request, Exchange exchange, Deadline deadline) {
    Token token = current.get();
    Instant now = clock.instant();
    if (token != null && now.isBefore(token.due())) {
      return added(request, token);
    }
    boolean usable = token != null && now.isBefore(token.end());
    if (!(usable ? fetching.tryLock() : waited(deadline))) {
      return usable && token != null
          ? added(request, token)
          : new Step.Failed("No access token came in time", null);
    }
    try {
      return renewed(request, token, exchange, deadline);
    } finally {
      fetching.unlock();
    }
  }

  /** Under the lock: whoever had it before may have done it already. */
  private Step renewed(
      Request request, @Nullable Token before, Exchange exchange, Deadline deadline) {
    Token token = current.get();
    Instant now = clock.instant();
    if (token != null && !Objects.equals(token, before)) {
      return added(request, token);
    }
    Failure failed = failure;
    if (failed != null && now.isBefore(failed.at().plus(PAUSE))) {
      return token != null && now.isBefore(token.end()) ? added(request, token) : failed.why();
    }
    return switch (source.fetch(exchange, deadline)) {
      case Fetch.Fresh fresh -> {
        failure = null;
        previous = token == null ? previous : token.text();
        Token next = Token.of(fresh, now);
        current.set(next);
        yield added(request, next);
      }
      case Fetch.None(Step.Failed why) -> {
        if (!deadline.passed() && !Thread.currentThread().isInterrupted()) {
          failure = new Failure(why, clock.instant());
        }
        yield token != null && now.isBefore(token.end()) ? added(request, token) : why;
      }
    };
  }

  private boolean waited(Deadline deadline) {
    try {
      return fetching.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Step added(Request request, Token token) {
    return new Step.Added(request.with("Authorization", "Bearer " + token.text()));
  }

  /** Whether there is, or will be, another token than the one that was refused. */
  boolean replace(Request refused) {
    Token token = current.get();
    if (token == null
        || !("Bearer " + token.text()).equals(refused.headers().get("Authorization"))) {
      return true;
    }
    if (clock.instant().isBefore(token.fetched().plus(PAUSE))) {
      // It is not the token's age that the service dislikes.
      return false;
    }
    previous = token.text();
    current.compareAndSet(token, null);
    return true;
  }

  /** The tokens that may be on their way. */
  List<String> secrets() {
    Token token = current.get();
    return Stream.of(token == null ? null : token.text(), previous)
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .toList();
  }
}
