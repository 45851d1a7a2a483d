package dev.usher.provisioning.provision;

import dev.usher.provisioning.account.Origin;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a try at a service came to. */
public sealed interface Outcome {

  /** One word for metrics and the account's history. */
  String name();

  /** In a sentence without secrets and personal data. */
  String detail();

  /** Whether it speaks against the service's health. */
  default boolean failure() {
    return false;
  }

  /**
   * The account is there, and is ours.
   *
   * @param id the service's own id of it
   * @param userName its name there
   * @param origin how it came to be there
   * @param complete whether all that was asked for came with it
   */
  record There(String id, String userName, Origin origin, boolean complete, String detail)
      implements Outcome {
    @Override
    public String name() {
      return origin == Origin.ADOPTED ? "adopted" : "created";
    }
  }

  /** Something that is not ours stands in its place, and only a human can say whose it is. */
  record SomebodyElses(String detail) implements Outcome {
    @Override
    public String name() {
      return "somebody-elses";
    }
  }

  /**
   * The person is invited, and has not accepted yet.
   *
   * @param id the service's own id of the invitation
   * @param userName the name it invited
   * @param expires when it lapses
   */
  record InvitationSent(String id, String userName, Instant expires, String detail)
      implements Outcome {
    @Override
    public String name() {
      return "invited";
    }
  }

  /** The service has done what it was asked to. */
  record Done(String detail) implements Outcome {
    @Override
    public String name() {
      return "done";
    }
  }

  /** Nothing of ours is there. */
  record Absent(String detail) implements Outcome {
    @Override
    public String name() {
      return "absent";
    }
  }

  /** The service has no way to do it. */
  record CannotBe(String detail) implements Outcome {
    @Override
    public String name() {
      return "cannot-be";
    }
  }

  /**
   * Not yet, and surely without an effect; to be tried again.
   *
   * @param after how long the service asks to be left alone; null if it does not say
   */
  record Retry(String detail, @Nullable Duration after) implements Outcome {
    @Override
    public String name() {
      return "retry";
    }

    @Override
    public boolean failure() {
      return after == null;
    }
  }

  /**
   * Nobody knows whether it took effect: to be looked for before it is tried again.
   *
   * @param after how long the service asks to be left alone; null if it does not say
   * @param late whether it may still take effect, so that a look now says nothing
   * @param failure whether it speaks against the service's health
   */
  record Unknown(String detail, @Nullable Duration after, boolean late, boolean failure)
      implements Outcome {
    @Override
    public String name() {
      return "unknown";
    }
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

  /** The join policy does not permit it any more. */
  record NotPermitted(String detail) implements Outcome {
    @Override
    public String name() {
      return "not-permitted";
    }
  }

  /**
   * The service asks to be left alone, for it is asked too much; which is no trying.
   *
   * @param after for how long; zero if it does not say
   */
  record Paused(String detail, Duration after) implements Outcome {
    @Override
    public String name() {
      return "paused";
    }
  }

  /**
   * No request left: a permit, a quota or a circuit stood in the way.
   *
   * @param after how long at least that will be so; zero if nobody knows
   */
  record NotTried(String detail, Duration after) implements Outcome {
    @Override
    public String name() {
      return "not-tried";
    }
  }

  /** The work is not this instance's any more. */
  record NotOurs(String detail) implements Outcome {
    @Override
    public String name() {
      return "not-ours";
    }
  }
}
