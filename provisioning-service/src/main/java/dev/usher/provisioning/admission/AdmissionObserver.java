package dev.usher.provisioning.admission;

import dev.usher.policy.Service;
import dev.usher.provisioning.person.IdentityChange;
import dev.usher.provisioning.person.SignIn;

/** Is told of the sign-ins that were decided; on the path of every one, so it must be quick. */
public interface AdmissionObserver {

  /** The sign-in was decided. */
  default void decided(SignIn signIn, Verdict verdict) {}

  /**
   * So many sign-ins came to this. Each is counted once, unless it is decided again because
   * something was not to be had.
   *
   * @param verdict of one of them, which others share but for what it says of the person
   */
  default void counted(Verdict verdict, int signIns) {}

  /**
   * What a directory said of somebody leads to nothing, or only to their standing if it is stale.
   */
  default void turnedAway(IdentityChange change, Verdict.TurnedAway why) {}

  /** Somebody who has an account in the service would not be let in any more. */
  default void lostPermission(Service service) {}
}
