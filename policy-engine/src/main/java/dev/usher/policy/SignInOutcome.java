package dev.usher.policy;

/** How an authentication ended. */
public enum SignInOutcome {
  /** The person is who they say. */
  SUCCESS,
  /** Anything else. */
  FAILURE
}
