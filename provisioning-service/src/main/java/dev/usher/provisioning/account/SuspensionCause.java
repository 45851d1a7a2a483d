package dev.usher.provisioning.account;

/** Why an account is suspended, which decides who may lift it. */
public enum SuspensionCause {
  /** Nobody used it; the next permitted sign-in lifts it. */
  DORMANT,
  /** The person has left; a newer event that they are back lifts it. */
  LEAVER,
  /** The join policy no longer permits it; an operator lifts it. */
  LOST_PERMISSION,
  /** An operator said so, and lifts it. */
  OPERATOR
}
