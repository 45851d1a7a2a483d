package dev.usher.provisioning.provision.connector;

import java.util.Set;

/**
 * What a service can do and how it is known to behave, as its connector declares it; nothing of it
 * is guessed from answers.
 *
 * @param onExisting what a create does that meets an account which is there already
 * @param keepsExternalId whether it remembers our {@code externalId} and finds accounts by it
 * @param verifiesEmails whether an address that an account carries there is known to be its
 *     holder's
 * @param invites whether a create is an invitation, which the person accepts or lets expire
 * @param operations what it can do besides creating and finding
 */
public record Capabilities(
    OnExisting onExisting,
    boolean keepsExternalId,
    boolean verifiesEmails,
    boolean invites,
    Set<Operation> operations) {

  /** What a create does that meets an account which is there already. */
  public enum OnExisting {
    /** It is refused as a conflict, and changes nothing. */
    CONFLICTS,
    /**
     * It may silently take the existing account over; also where nobody knows. Whoever creates must
     * look first.
     */
    BINDS
  }

  /** What a service may be able to do with an account that is there. */
  public enum Operation {
    UPDATE,
    SUSPEND,
    REACTIVATE,
    DELETE
  }

  public Capabilities {
    operations = Set.copyOf(operations);
  }

  /** Whether it can do that. */
  public boolean can(Operation operation) {
    return operations.contains(operation);
  }
}
