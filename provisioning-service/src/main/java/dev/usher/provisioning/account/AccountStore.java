package dev.usher.provisioning.account;

import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.store.StoreUnavailableException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where accounts are kept. Every write is one conditional write of one document, acknowledged only
 * when it is durable; a write whose answer was lost is looked up before it is reported.
 *
 * <p>All methods throw {@link StoreUnavailableException} while the database cannot be reached; what
 * they then did is unknown, and doing it again is safe.
 */
interface AccountStore {

  /** The largest number of accounts that one call takes. */
  int BATCH_LIMIT = 1_000;

  /** The largest number of people whose accounts one call reads. */
  int PEOPLE_LIMIT = 100;

  /** Those of the accounts that exist, by key. */
  Map<AccountKey, Account> find(Collection<AccountKey> keys);

  /**
   * Inserts those accounts that do not exist yet.
   *
   * @return the keys of those that this call inserted; exactly one of many concurrent callers gets
   *     a key
   */
  Set<AccountKey> insert(List<Account> accounts);

  /**
   * Writes next versions, each only if the document still has the version it stems from.
   *
   * @param next at most one for each account
   * @return the keys of those that were written
   */
  Set<AccountKey> update(List<Account> next);

  /**
   * The people's accounts, of which each has one for each service at most.
   *
   * @param people at most {@link #PEOPLE_LIMIT}
   */
  List<Account> of(Collection<PersonKey> people);

  /** The queues in which unowned work is due. */
  Set<Queue> dueQueues(Instant now);

  /** Unowned work of a queue that is due, longest due first. */
  List<Account> due(Queue queue, Instant now, int limit);

  /** The instances that own work. */
  Set<String> owners();

  /** Work that the instance owns. */
  List<Account> ownedBy(String owner, int limit);
}
