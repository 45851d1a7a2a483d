package dev.usher.provisioning.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.person.PersonKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * The accounts whose stored state asks nothing of a sign-in, so that a repeat sign-in needs no
 * database. Bounded, and forgetful: what it has forgotten costs a read, never a wrong answer.
 */
final class SettledSet {

  private final Cache<PersonKey, Set<String>> services;

  SettledSet(long people, Duration time) {
    services = Caffeine.newBuilder().maximumSize(people).expireAfterWrite(time).build();
  }

  /** The services in which the person's account is settled. */
  Set<String> servicesOf(PersonKey person) {
    Set<String> settled = services.getIfPresent(person);
    return settled == null ? Set.of() : settled;
  }

  void add(AccountKey account) {
    services
        .asMap()
        .merge(
            account.person(),
            Set.of(account.service()),
            (before, added) -> {
              if (before.containsAll(added)) {
                return before;
              }
              Set<String> all = new HashSet<>(before);
              all.addAll(added);
              return Set.copyOf(all);
            });
  }
}
