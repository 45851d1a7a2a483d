package dev.usher.chaos;

import dev.usher.chaos.Cast.Role;
import dev.usher.chaos.Witness.Told;
import dev.usher.sandbox.Person;
import dev.usher.sandbox.Saas;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What became of it all, as it can be seen from outside.
 *
 * @param people of how many the broker has acknowledged a successful sign-in
 * @param accounts how many there are in the services
 * @param lost how many that must be there are not, or were not announced
 * @param doubled how many there are too many, or are announced as two
 * @param wrong how many there are that must not be; and announcements that are not true, or in the
 *     wrong order
 * @param announced how many were announced
 * @param kills how many instances were killed
 * @param seed what it followed from
 * @param findings the first of what is amiss, in words
 */
record Tally(
    int people,
    int accounts,
    int lost,
    int doubled,
    int wrong,
    int announced,
    int kills,
    long seed,
    List<String> findings) {

  private static final int FINDINGS = 20;

  /** Whether nothing is amiss. */
  boolean clean() {
    return lost == 0 && doubled == 0 && wrong == 0;
  }

  /** The one line that a run ends with. */
  String line() {
    return "people=%d accounts=%d lost=%d double=%d wrong=%d announced=%d kills=%d seed=%d"
        .formatted(people, accounts, lost, doubled, wrong, announced, kills, seed);
  }

  /**
   * What can be seen in one service.
   *
   * @param accounts those that it has
   * @param creates how many creates took effect, by externalId
   */
  record Found(List<Saas.Account> accounts, Map<String, Integer> creates) {

    static Found in(Saas saas) {
      return new Found(saas.accounts(), saas.successfulCreates());
    }
  }

  /**
   * Counts.
   *
   * @param taken of whom the broker has acknowledged a successful sign-in
   * @param services what is there, by service
   * @param told what was announced
   * @param outOfOrder what was announced in the wrong order
   */
  static Tally of(
      Cast cast,
      IntPredicate taken,
      Map<String, Found> services,
      Map<Role, Told> told,
      List<String> outOfOrder,
      int kills,
      long seed) {
    Counting counting = new Counting(cast, told);
    services.forEach(counting::look);
    int people = 0;
    for (int number = 0; number < cast.people().size(); number++) {
      if (taken.test(number)) {
        people++;
        counting.expect(number);
      }
    }
    counting.judgeAnnouncements();
    outOfOrder.forEach(counting::wrong);
    return new Tally(
        people,
        counting.accounts,
        counting.lost,
        counting.doubled,
        counting.wrong,
        counting.announced,
        kills,
        seed,
        List.copyOf(counting.findings));
  }

  private static final class Counting {
    private final Cast cast;
    private final Map<Role, Told> told;
    private final Map<Role, Set<String>> idsThere = new HashMap<>();
    private final List<String> findings = new ArrayList<>();
    private int accounts;
    private int lost;
    private int doubled;
    private int wrong;
    private int announced;

    Counting(Cast cast, Map<Role, Told> told) {
      this.cast = cast;
      this.told = told;
    }

    /** By the name of the account in the service, which is the person's address. */
    void look(String service, Found found) {
      Map<String, Integer> creates = new HashMap<>(found.creates());
      for (Saas.Account account : found.accounts()) {
        accounts++;
        creates.merge(account.externalId().orElse(""), -1, Integer::sum);
        cast.amiss(service, account).ifPresent(this::wrong);
        Optional<Person> person = cast.named(account.userName());
        if (person.isEmpty()) {
          continue;
        }
        Role role = new Role(service, person.get().subject());
        Set<String> ids = idsThere.computeIfAbsent(role, _ -> new HashSet<>());
        ids.add(account.id());
        if (ids.size() > 1) {
          doubled++;
          find(
              "%s has accounts `%s` of one person, asked for as %s"
                  .formatted(service, ids, account.externalId()));
        }
      }
      // Whoever was created and is not there any more was so for another to be created.
      creates.forEach(
          (externalId, gone) -> {
            if (gone > 0) {
              doubled += gone;
              find("%s created %d more for %s".formatted(service, gone, externalId));
            }
          });
    }

    void expect(int number) {
      Person person = cast.people().get(number);
      for (String service : cast.due(number)) {
        Role role = new Role(service, person.subject());
        Told of = told.get(role);
        if (!idsThere.containsKey(role)) {
          lost++;
          find("%s has no account of %s; %s".formatted(service, person.subject(), lastWord(of)));
        } else if (of == null || of.creations().isEmpty()) {
          lost++;
          find(
              "that %s has an account of %s was not announced; %s"
                  .formatted(service, person.subject(), lastWord(of)));
        }
      }
    }

    private static String lastWord(@Nullable Told of) {
      return of == null || of.lastChange().isEmpty()
          ? "nothing was said of it"
          : "what was said last is `" + of.lastChange() + "`";
    }

    void judgeAnnouncements() {
      told.forEach(
          (role, of) -> {
            if (of.creations().isEmpty()) {
              return;
            }
            announced++;
            if (of.creations().size() > 1) {
              doubled++;
              find("%s was announced under the ids `%s`".formatted(role, of.creations()));
            }
            if (of.ids().isEmpty()
                || !idsThere.getOrDefault(role, Set.of()).containsAll(of.ids())) {
              wrong("%s was announced as `%s`, which is not there".formatted(role, of.ids()));
            }
          });
    }

    void wrong(String finding) {
      wrong++;
      find(finding);
    }

    private void find(String finding) {
      if (findings.size() < FINDINGS) {
        findings.add(finding);
      }
    }
  }
}
