package dev.usher.provisioning.admission;

import dev.usher.policy.Service;
import dev.usher.provisioning.person.IdentityChange;
import dev.usher.provisioning.person.SignIn;

/** Is told of each sign-in that was decided; on the path of every one, so it must be quick. */
@FunctionalInterface
public interface AdmissionObserver {

  /** The sign-in was decided. */
  void decided(SignIn signIn, Verdict verdict);

  /**
   * What a directory said of somebody leads to nothing, or only to their standing if it is stale.
   */
  default void turnedAway(IdentityChange change, Verdict.TurnedAway why) {}

  /** Somebody who has an account in the service would not be let in any more. */
  default void lostPermission(Service service) {}
}
