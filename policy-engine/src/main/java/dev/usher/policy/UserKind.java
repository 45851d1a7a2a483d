package dev.usher.policy;

/** Whose the person is, to the directory. */
public enum UserKind {
  /** The directory's own. */
  MEMBER,
  /** Another organization's. */
  GUEST
}
