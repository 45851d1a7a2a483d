package dev.usher.provisioning.provision;

import dev.usher.provisioning.account.Account;
import java.time.Duration;

/** Is told of each try at a service. */
public interface ProvisionObserver {

  /**
   * A try ended, be it by a request or without one.
   *
   * @param took what the requests took; zero if none left
   */
  void tried(Account account, Outcome outcome, Duration took);
}
