package dev.usher.provisioning.provision;

import dev.usher.provisioning.account.Origin;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a try at a service came to. */
public sealed interface Outcome {

  /** One word for metrics and the account's history. */
  String name();

  /** In a sentence without secrets. */
  String detail();

  /**
   * The account is there.
   *
   * @param id the service's own id of it
   * @param userName its name there
   * @param origin how it came to be there
   */
  record Created(String id, String userName, Origin origin, String detail) implements Outcome {
    @Override
    public String name() {
      return "created";
    }
  }

  /** Something that is not ours stands in its place. */
  record SomebodyElses(String detail) implements Outcome {
    @Override
    public String name() {
      return "somebody-elses";
    }
  }

  /**
   * Not yet; to be tried again.
   *
   * @param after how long the service asks to be left alone; null if it does not say
   * @param failure whether it speaks against the service's health
   * @param trace what it may have left behind
   */
  record Retry(String detail, @Nullable Duration after, boolean failure, Trace trace)
      implements Outcome {
    @Override
    public String name() {
      return "retry";
    }
  }

  /** What a try that brought no account may have left behind in the service. */
  enum Trace {
    /** Surely nothing. */
    NONE,
    /** Perhaps an account; whoever looks sees it. */
    PERHAPS,
    /** Perhaps an account that is yet to come: the request may still be on its way in there. */
    PERHAPS_LATER
  }

  /**
   * No, for good.
   *
   * @param reason without personal data, to be announced
   */
  record Rejected(String reason, String detail) implements Outcome {
    @Override
    public String name() {
      return "rejected";
    }
  }

  /** No request left: a permit or a circuit stood in the way, or the work is not ours any more. */
  record NotTried(String detail, boolean stillOurs) implements Outcome {
    @Override
    public String name() {
      return "not-tried";
    }
  }
}
