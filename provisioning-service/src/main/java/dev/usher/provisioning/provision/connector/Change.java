package dev.usher.provisioning.provision.connector;

/** What a service answered when it was asked to change an account that is there. */
public sealed interface Change permits Change.Answered, NotNow, Rejected, Unknown {

  /** What only a change is answered with. */
  sealed interface Answered extends Change {}

  /** It is as it was asked to be. */
  record Done() implements Answered {}

  /** No such account is there any more. */
  record Gone() implements Answered {}
}
