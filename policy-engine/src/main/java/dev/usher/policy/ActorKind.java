package dev.usher.policy;

/** Who authenticated. */
public enum ActorKind {
  /** A person. */
  HUMAN,
  /** A service principal, a bot or a device. */
  SERVICE
}
