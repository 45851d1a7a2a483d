package dev.usher.provisioning.provision.connector;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a service answered when it was asked for an account. */
public sealed interface Lookup permits Lookup.Answered, NotNow {

  /** What only a question is answered with. */
  sealed interface Answered extends Lookup {}

  /**
   * An account is there, as the service describes it. Whose it is, and whether it may be adopted,
   * is not the connector's to say.
   *
   * @param id the service's own id of it
   * @param userName its name there
   * @param externalId the one it carries; null if it carries none or the service does not say
   * @param active whether it can be used; null if the service does not say
   * @param privileged whether it is an administrator's or an owner's
   * @param guest whether it is a guest's, or lives in another organization
   * @param email the address it carries, as the service writes it; null if it says none
   * @param created when it came to be; null if the service does not say
   */
  record Found(
      String id,
      String userName,
      @Nullable String externalId,
      @Nullable Boolean active,
      boolean privileged,
      boolean guest,
      @Nullable String email,
      @Nullable Instant created)
      implements Answered {

    /** Says nothing of the person. */
    @Override
    public String toString() {
      return "Found[personal]";
    }
  }

  /**
   * The person is invited and has not accepted yet.
   *
   * @param id the service's own id of the invitation
   * @param expires when it lapses
   */
  record StillInvited(String id, Instant expires) implements Answered {}

  /**
   * Nothing is there, and the service is known to find what is there: no answer to a filter that it
   * may not honour, and no first page of several, says this.
   */
  record Absent() implements Answered {}
}
