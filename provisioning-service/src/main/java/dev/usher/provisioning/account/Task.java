package dev.usher.provisioning.account;

/** The next piece of work on an account. */
public enum Task {
  /** Tell Kafka of the oldest announcement. */
  ANNOUNCE,
  /** Have the service create it. */
  CREATE,
  /** See whether the invitation has been accepted. */
  POLL,
  /** Make sure that nothing of ours is, or comes to be, in the service. */
  WITHDRAW,
  /** Have the service take up what has changed about the person. */
  UPDATE,
  /** Have the service suspend it. */
  SUSPEND,
  /** Have the service lift the suspension. */
  REACTIVATE,
  /** Have the service delete it. */
  DELETE;

  /** Whether it is tried at the service. */
  public boolean isAttempt() {
    return this != ANNOUNCE;
  }

  /** Whether it leaves the person with less than before, so that no policy need permit it. */
  public boolean takesAway() {
    return this == WITHDRAW || this == SUSPEND || this == DELETE;
  }
}
