package dev.usher.provisioning.person;

import dev.usher.provisioning.store.StoreUnavailableException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A store for tests that need no database; it keeps the same contract. */
public final class InMemoryPersonStore implements PersonStore {

  private final Map<PersonKey, Person> people = new ConcurrentHashMap<>();
  private volatile boolean down;

  /** From now on every call fails, until it is up again. */
  public void down(boolean now) {
    down = now;
  }

  @Override
  public Map<PersonKey, Person> find(Collection<PersonKey> keys) {
    check(keys);
    Map<PersonKey, Person> found = new HashMap<>();
    for (PersonKey key : keys) {
      Person person = people.get(key);
      if (person != null) {
        found.put(key, person);
      }
    }
    return found;
  }

  @Override
  public Map<PersonKey, Standing> leftAmong(Collection<PersonKey> keys) {
    Map<PersonKey, Standing> left = new HashMap<>();
    find(keys)
        .forEach(
            (key, person) -> {
              Standing standing = person.standing();
              if (standing != null && standing.left()) {
                left.put(key, standing);
              }
            });
    return left;
  }

  @Override
  public Map<PersonKey, Standing> keepDecisions(Map<PersonKey, List<KeptDecision>> decisions) {
    check(decisions.keySet());
    Map<PersonKey, Standing> left = new HashMap<>();
    decisions.forEach(
        (key, kept) -> {
          if (kept.stream().map(KeptDecision::service).distinct().count() < kept.size()) {
            throw new IllegalArgumentException("two decisions for one service in " + kept);
          }
          if (!kept.isEmpty()) {
            Person after = people.compute(key, (_, before) -> with(kept, orNew(key, before)));
            if (hasLeft(after)) {
              left.put(key, Objects.requireNonNull(after.standing()));
            }
          }
        });
    return left;
  }

  private static Person with(List<KeptDecision> kept, Person person) {
    if (hasLeft(person)) {
      return person;
    }
    Map<String, KeptDecision> decisions = new HashMap<>(person.decisions());
    kept.forEach(decision -> decisions.put(decision.service(), decision));
    return new Person(person.key(), person.standing(), decisions, person.lastSeen());
  }

  @Override
  public Map<PersonKey, Standing> apply(Map<PersonKey, Standing> changes) {
    check(changes.keySet());
    Map<PersonKey, Standing> inForce = new HashMap<>();
    changes.forEach(
        (key, change) -> {
          Person after =
              people.compute(
                  key,
                  (_, before) -> {
                    Person person = orNew(key, before);
                    return change.outranks(person.standing())
                        ? new Person(key, change, person.decisions(), person.lastSeen())
                        : person;
                  });
          inForce.put(key, Objects.requireNonNull(after.standing()));
        });
    return inForce;
  }

  @Override
  public void seen(Map<PersonKey, Seen> seen) {
    check(seen.keySet());
    seen.forEach((key, each) -> people.computeIfPresent(key, (_, before) -> after(before, each)));
  }

  private static Person after(Person person, Seen seen) {
    Map<String, KeptDecision> decisions = new HashMap<>(person.decisions());
    seen.repeats()
        .forEach(
            (service, times) ->
                decisions.computeIfPresent(service, (_, kept) -> again(kept, times, seen.last())));
    Map<String, Instant> lastSeen = new HashMap<>(person.lastSeen());
    seen.applications().forEach((name, at) -> lastSeen.merge(name, at, InMemoryPersonStore::later));
    return new Person(person.key(), person.standing(), decisions, lastSeen);
  }

  private static KeptDecision again(KeptDecision kept, long times, Instant last) {
    return new KeptDecision(
        kept.service(),
        kept.outcome(),
        kept.rule(),
        kept.reason(),
        kept.revision(),
        kept.first(),
        later(kept.last(), last),
        kept.count() + times);
  }

  @Override
  public long expire(Instant unseenSince, int limit) {
    checkUp();
    if (limit < 1) {
      throw new IllegalArgumentException("a limit of " + limit);
    }
    people.values().stream()
        .filter(person -> hasLeft(person) && unheardOf(person, unseenSince))
        .limit(limit)
        .forEach(
            person ->
                people.replace(
                    person.key(),
                    person,
                    new Person(person.key(), person.standing(), Map.of(), Map.of())));
    return people.values().stream()
        .filter(person -> !hasLeft(person) && unheardOf(person, unseenSince))
        .limit(limit)
        .filter(person -> people.remove(person.key(), person))
        .count();
  }

  private static boolean hasLeft(Person person) {
    return person.standing() != null && person.standing().left();
  }

  private static boolean unheardOf(Person person, Instant unseenSince) {
    return Stream.of(
            Stream.ofNullable(person.standing()).map(Standing::at),
            person.lastSeen().values().stream(),
            person.decisions().values().stream().map(KeptDecision::first),
            person.decisions().values().stream().map(KeptDecision::last))
        .flatMap(times -> times)
        .allMatch(time -> time.isBefore(unseenSince));
  }

  private static Person orNew(PersonKey key, @Nullable Person before) {
    return before == null ? new Person(key, null, Map.of(), Map.of()) : before;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private void check(Collection<PersonKey> keys) {
    checkUp();
    if (keys.size() > BATCH_LIMIT) {
      throw new IllegalArgumentException(keys.size() + " people in one call");
    }
  }

  private void checkUp() {
    if (down) {
      throw new StoreUnavailableException("down", new IllegalStateException("in a test"));
    }
  }
}
