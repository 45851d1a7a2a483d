package dev.usher.provisioning.intake;

/** Is told of what came in. */
public interface IntakeObserver {

  /** What comes in. */
  enum Kind {
    /** Authentications. */
    SIGN_INS,
    /** What directories say of people. */
    IDENTITY_CHANGES
  }

  /** A batch is done: all that it calls for is durable. */
  void taken(Kind kind, int records);

  /**
   * A record went to the dead letters.
   *
   * @param reason a stable code in lower case and hyphens
   */
  void buried(String topic, String reason);
}
