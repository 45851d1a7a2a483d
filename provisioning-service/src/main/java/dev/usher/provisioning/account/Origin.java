package dev.usher.provisioning.account;

/** How an account came to be there. */
public enum Origin {
  /** We created it. */
  CREATED,
  /** It was there, and is ours to use. */
  ADOPTED,
  /** It was suspended, and no longer is. */
  REACTIVATED,
  /** The person accepted the service's invitation. */
  INVITATION_ACCEPTED
}
