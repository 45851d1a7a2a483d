package dev.usher.provisioning.account;

import java.util.Optional;

/** Decides again, on what was recorded and under the policies now in force. */
@FunctionalInterface
public interface StillPermitted {

  /** Why the account may not be made any more, as a sentence; empty if it still may. */
  Optional<String> refusal(Account account);
}
