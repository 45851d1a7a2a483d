package dev.usher.provisioning.account;

/** How an account came to be there. */
public enum Origin {
  /** We created it. */
  CREATED,
  /** It was there, and is ours to use. */
  ADOPTED
}
