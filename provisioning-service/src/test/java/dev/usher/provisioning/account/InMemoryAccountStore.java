package dev.usher.provisioning.account;

import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.store.StoreUnavailableException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A store for tests that need no database; it keeps the same contract. */
class InMemoryAccountStore implements AccountStore {

  private final Map<AccountKey, Account> accounts = new ConcurrentHashMap<>();
  private volatile boolean down;

  /** From now on every call fails, until it is up again. */
  void down(boolean now) {
    down = now;
  }

  @Override
  public Map<AccountKey, Account> find(Collection<AccountKey> keys) {
    checkUp();
    Map<AccountKey, Account> found = new HashMap<>();
    for (AccountKey key : keys) {
      Account account = accounts.get(key);
      if (account != null) {
        found.put(key, account);
      }
    }
    return found;
  }

  @Override
  public Set<AccountKey> insert(List<Account> toInsert) {
    checkUp();
    checkBatch(toInsert);
    Set<AccountKey> inserted = new HashSet<>();
    for (Account account : toInsert) {
      if (accounts.putIfAbsent(account.key(), account.written()) == null) {
        inserted.add(account.key());
      }
    }
    return inserted;
  }

  @Override
  public Set<AccountKey> update(List<Account> next) {
    checkUp();
    checkBatch(next);
    Set<AccountKey> written = new HashSet<>();
    for (Account account : next) {
      accounts.computeIfPresent(
          account.key(),
          (key, before) -> {
            if (before.version() != account.version()) {
              return before;
            }
            written.add(key);
            return account.written();
          });
    }
    return written;
  }

  @Override
  public List<Account> of(Collection<PersonKey> people) {
    checkUp();
    if (people.size() > PEOPLE_LIMIT) {
      throw new IllegalArgumentException(people.size() + " people in one read");
    }
    return accounts.values().stream()
        .filter(account -> people.contains(account.key().person()))
        .toList();
  }

  @Override
  public Set<Queue> dueQueues(Instant now) {
    return Set.copyOf(due(now).map(Queue::of).toList());
  }

  @Override
  public List<Account> due(Queue queue, Instant now, int limit) {
    return due(now)
        .filter(account -> Queue.of(account).equals(queue))
        .sorted(Comparator.comparing(account -> Objects.requireNonNull(account.work()).due()))
        .limit(limit)
        .toList();
  }

  @Override
  public Set<String> owners() {
    Set<String> owners = new HashSet<>();
    working(_ -> true)
        .forEach(
            account -> {
              String owner = Objects.requireNonNull(account.work()).owner();
              if (owner != null) {
                owners.add(owner);
              }
            });
    return owners;
  }

  @Override
  public List<Account> ownedBy(String owner, int limit) {
    return working(work -> owner.equals(work.owner())).limit(limit).toList();
  }

  private Stream<Account> due(Instant now) {
    return working(work -> work.owner() == null && !work.due().isAfter(now));
  }

  private Stream<Account> working(Predicate<Account.Work> which) {
    checkUp();
    return accounts.values().stream()
        .filter(account -> account.work() != null && which.test(account.work()));
  }

  private void checkUp() {
    if (down) {
      throw new StoreUnavailableException("down", new IllegalStateException("in a test"));
    }
  }

  private static void checkBatch(List<Account> batch) {
    Set<AccountKey> keys = new HashSet<>();
    for (Account account : batch) {
      if (!keys.add(account.key())) {
        throw new IllegalArgumentException("`" + account.key() + "` twice in one write");
      }
    }
    if (batch.size() > BATCH_LIMIT) {
      throw new IllegalArgumentException(batch.size() + " accounts in one write");
    }
  }
}
