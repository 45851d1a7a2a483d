package dev.usher.sandbox;

import java.time.Duration;

/** A way in which a SaaS answers badly. */
public sealed interface Fault {

  /** Whether a request did what it asked for before its answer went wrong. */
  enum Effect {
    NONE,
    DONE
  }

  /** The two forms of {@code Retry-After} (RFC 9110 section 10.2.3). */
  enum RetryAfterForm {
    SECONDS,
    HTTP_DATE
  }

  /** The answer comes late, and is otherwise as it should be; between the bounds, both included. */
  record Delay(Duration least, Duration most) implements Fault {
    public Delay {
      if (least.isNegative() || most.compareTo(least) < 0) {
        throw new IllegalArgumentException(
            "a delay from `%s` to `%s` is none; the first should be at least zero and at most the second"
                .formatted(least, most));
      }
    }
  }

  /** 429, without effect. */
  record TooManyRequests(Duration retryAfter, RetryAfterForm form) implements Fault {
    public TooManyRequests {
      notNegative(retryAfter);
    }
  }

  /** 500, 502 or 503, with a body that is not SCIM's, as of a gateway. */
  record ServerError(int status, Effect effect) implements Fault {
    public ServerError {
      if (status < 500 || status > 599) {
        throw new IllegalArgumentException(
            "`%d` is no server error; it should be between 500 and 599".formatted(status));
      }
    }
  }

  /** The connection is reset (TCP RST), and no byte of an answer was sent. */
  record ConnectionReset(Effect effect) implements Fault {}

  /** No answer until the SaaS is stopped; the connection stays open. */
  record Hang(Effect effect) implements Fault {}

  /** The answer is right and its headers come at once; its body trickles over this time. */
  record SlowBody(Duration over) implements Fault {
    public SlowBody {
      notNegative(over);
    }
  }

  /** A create is answered 201 with a body like any other, and nothing was created. */
  record CreatedWithoutCreating() implements Fault {}

  /**
   * A create is answered 409 {@code uniqueness} though there is no such account, and is dropped.
   */
  record ConflictAlthoughAbsent() implements Fault {}

  /** The request takes effect, and the status is right; the body breaks off in mid-JSON. */
  record MalformedBody() implements Fault {}

  /** 400 with a SCIM error (RFC 7644 section 3.12), without effect. */
  record Refusal(String scimType) implements Fault {
    public Refusal {
      if (!scimType.matches("[A-Za-z]{1,40}")) {
        throw new IllegalArgumentException(
            "`%s` is no scimType; it should be a keyword such as `invalidValue`"
                .formatted(scimType));
      }
    }
  }

  /** Whether this can befall a request of that method; lies about creating befall creates alone. */
  default boolean befalls(String method) {
    return switch (this) {
      case CreatedWithoutCreating _, ConflictAlthoughAbsent _ -> method.equals("POST");
      case Delay _,
          TooManyRequests _,
          ServerError _,
          ConnectionReset _,
          Hang _,
          SlowBody _,
          MalformedBody _,
          Refusal _ ->
          true;
    };
  }

  static Fault delay(Duration exactly) {
    return new Delay(exactly, exactly);
  }

  static Fault delay(Duration least, Duration most) {
    return new Delay(least, most);
  }

  static Fault tooManyRequests(Duration retryAfter) {
    return new TooManyRequests(retryAfter, RetryAfterForm.SECONDS);
  }

  static Fault tooManyRequests(Duration retryAfter, RetryAfterForm form) {
    return new TooManyRequests(retryAfter, form);
  }

  static Fault serverError(int status) {
    return new ServerError(status, Effect.NONE);
  }

  static Fault serverErrorAfterEffect(int status) {
    return new ServerError(status, Effect.DONE);
  }

  static Fault reset() {
    return new ConnectionReset(Effect.NONE);
  }

  static Fault resetAfterEffect() {
    return new ConnectionReset(Effect.DONE);
  }

  static Fault hang() {
    return new Hang(Effect.NONE);
  }

  static Fault hangAfterEffect() {
    return new Hang(Effect.DONE);
  }

  static Fault slowBody(Duration over) {
    return new SlowBody(over);
  }

  static Fault createdWithoutCreating() {
    return new CreatedWithoutCreating();
  }

  static Fault conflictAlthoughAbsent() {
    return new ConflictAlthoughAbsent();
  }

  static Fault malformedBody() {
    return new MalformedBody();
  }

  static Fault refusal() {
    return new Refusal("invalidValue");
  }

  private static void notNegative(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(
          "`%s` is negative; it should be zero or more".formatted(duration));
    }
  }
}
