package dev.usher.provisioning.admission;

import dev.usher.policy.PolicySet;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.Leavers;
import dev.usher.provisioning.person.InMemoryPersonStore;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.tenant.TopicProperties.SpeakingRights;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Admission for tests of other packages, with everything in memory. */
public final class Admissions implements Admission.Accounts {

  private final Map<AccountKey, Account> accounts = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final Instant now;
  private final Admission admission;

  /** Everybody may speak on the topic. */
  public Admissions(
      PolicySet policies, String topic, long people, Instant now, List<AdmissionObserver> watch) {
    this.now = now;
    this.admission =
        new Admission(
            () -> policies,
            this,
            HashMap::new,
            new InMemoryPersonStore(),
            new SpeakingRights(Map.of(topic, Set.of("*"))),
            new AdmissionProperties(
                Duration.ofDays(1),
                Duration.ofMinutes(5),
                people,
                Duration.ofMinutes(5),
                50_000,
                Duration.ofSeconds(5)),
            () -> now,
            System::nanoTime,
            watch);
  }

  /** The admission itself. */
  public Admission admission() {
    return admission;
  }

  /** Writes when people were last seen, as the service does every few seconds. */
  public void flushLastSeen() {
    admission.flushLastSeen();
  }

  /** How often accounts were asked for. */
  public int asked() {
    return asked.get();
  }

  @Override
  public Map<AccountKey, Account> find(Collection<AccountKey> keys) {
    asked.addAndGet(keys.isEmpty() ? 0 : 1);
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
  public List<Account> of(Collection<PersonKey> people) {
    return accounts.values().stream().filter(each -> people.contains(each.key().person())).toList();
  }

  @Override
  public Set<AccountKey> open(List<Account> requested, Leavers leavers) {
    asked.incrementAndGet();
    Set<AccountKey> there = new HashSet<>();
    for (Account account : requested) {
      if (accounts.putIfAbsent(account.key(), account.taken("me", now)) != null) {
        there.add(account.key());
      }
    }
    return there;
  }

  @Override
  public void change(Collection<Account> read, UnaryOperator<Account> change) {
    read.forEach(account -> accounts.put(account.key(), change.apply(account)));
  }
}
