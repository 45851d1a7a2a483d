package dev.usher.provisioning.account;

/** How far an account has come. */
public enum AccountState {
  /** Asked for; the service has not confirmed it yet. */
  PENDING,
  /** There, and usable. */
  ACTIVE,
  /** Only a human can decide: somebody else's account or mailbox stands in the way. */
  HELD,
  /** Given up; an operator may retry. */
  FAILED
}
