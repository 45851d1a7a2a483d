package dev.usher.policy;

/** What brings a person before the engine. */
public enum Occasion {
  /** An authentication, whose outcome must be a success. */
  SIGN_IN,
  /** Somebody else needs the person; nobody authenticated, so the outcome is not asked for. */
  ACCESS_REQUEST,
  /** The directory says that the person was created; the outcome is not asked for. */
  JOINER
}
