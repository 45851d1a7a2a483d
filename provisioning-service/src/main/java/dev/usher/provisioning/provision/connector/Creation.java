package dev.usher.provisioning.provision.connector;

import java.time.Instant;

/** What a service answered when it was asked to create an account. */
public sealed interface Creation permits Creation.Answered, NotNow, Rejected, Unknown {

  /** What only a create is answered with. */
  sealed interface Answered extends Creation {}

  /**
   * It is there.
   *
   * @param id the service's own id of it
   * @param userName its name there
   * @param complete whether all that was desired came with it; if not, such as where a membership
   *     could not be had, it is {@link Connector#update} that completes it
   */
  record Created(String id, String userName, boolean complete) implements Answered {

    /** A complete one. */
    public Created(String id, String userName) {
      this(id, userName, true);
    }

    /** Says nothing of the person. */
    @Override
    public String toString() {
      return "Created[personal]";
    }
  }

  /**
   * The person is invited; the account is there once they accept.
   *
   * @param id the service's own id of the invitation, or of the account to be
   * @param userName its name there, as far as it is known
   * @param expires when the invitation lapses
   */
  record Invited(String id, String userName, Instant expires) implements Answered {

    /** Says nothing of the person. */
    @Override
    public String toString() {
      return "Invited[personal]";
    }
  }

  /** Something of that name stands there already; whose it is, {@link Connector#find} tells. */
  record Conflict() implements Answered {}
}
