package dev.usher.provisioning.account;

import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.store.StoreUnavailableException;
import java.util.Map;

/** Which person holds which mailbox of a tenant. A mailbox once claimed stays claimed. */
public interface MailboxStore {

  /**
   * One normalized e-mail address in one tenant.
   *
   * @param tenant the tenant's id
   * @param email the address in its normalized form
   */
  record Mailbox(String tenant, String email) {
    @Override
    public String toString() {
      return tenant + '/' + email;
    }
  }

  /**
   * Claims each mailbox for the person, unless somebody holds it.
   *
   * @param claims at most {@link AccountDesk#BATCH_LIMIT}
   * @return the holder of each
   * @throws StoreUnavailableException while the database cannot be reached
   */
  Map<Mailbox, PersonKey> claim(Map<Mailbox, PersonKey> claims);
}
