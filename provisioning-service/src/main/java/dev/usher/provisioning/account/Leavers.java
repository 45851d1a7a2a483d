package dev.usher.provisioning.account;

import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.person.Standing;
import java.util.Collection;
import java.util.Map;

/** Knows who has left. */
@FunctionalInterface
public interface Leavers {

  /**
   * Those of the people who have left, each with their standing.
   *
   * @param people at most {@link AccountDesk#BATCH_LIMIT}
   * @throws dev.usher.provisioning.store.StoreUnavailableException while the database cannot be
   *     reached
   */
  Map<PersonKey, Standing> among(Collection<PersonKey> people);
}
