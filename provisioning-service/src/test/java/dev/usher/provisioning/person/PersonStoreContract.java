package dev.usher.provisioning.person;

import static dev.usher.provisioning.person.Standing.Kind.LEFT;
import static dev.usher.provisioning.person.Standing.Kind.PRESENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.usher.policy.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What every store of people promises. The part without a crowd is tagged for other databases. */
abstract class PersonStoreContract {

  private static final int CROWD = 16;
  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00.123Z");

  /** A store, and one more view of the same for each call after the first. */
  abstract PersonStore store();

  @Test
  @Tag("external-database")
  void whatIsKeptIsFoundAsItWas() {
    PersonStore store = store();
    KeptDecision permitted = decision("slack", "staff", NOW);
    KeptDecision refused =
        new KeptDecision(
            "git-hub", Outcome.REFUSED, null, "no-permit-matched", "r1", NOW, at(5), 7);
    Standing present = new Standing(PRESENT, NOW, "joined");
    Standing left = new Standing(LEFT, NOW, null);

    store.keepDecisions(Map.of(key("ada"), List.of(permitted, refused), key("bob"), List.of()));
    store.apply(Map.of(key("ada"), present, key("eve"), left));
    store.seen(Map.of(key("ada"), new Seen(Map.of("wiki", at(9)), Map.of(), at(9))));

    assertThat(store.find(List.of(key("ada"), key("bob"), key("eve"))))
        .isEqualTo(
            Map.of(
                key("ada"),
                new Person(
                    key("ada"),
                    present,
                    Map.of("slack", permitted, "git-hub", refused),
                    Map.of("wiki", at(9))),
                key("eve"),
                new Person(key("eve"), left, Map.of(), Map.of())));
    assertThat(store.find(List.of())).isEmpty();
  }

  @Test
  @Tag("external-database")
  void subjectsWithEveryCharacterAreKept() {
    PersonStore store = store();
    PersonKey odd = key("a/b.c$d e%2Fü\u0000*~");
    store.keepDecisions(Map.of(odd, List.of(decision("slack", "staff", NOW))));
    store.apply(Map.of(odd, new Standing(LEFT, NOW, null)));

    assertThat(store.find(List.of(odd))).containsOnlyKeys(odd);
    assertThat(store.leftAmong(List.of(odd, key("a")))).containsOnlyKeys(odd);
  }

  @Test
  @Tag("external-database")
  void aDecisionTakesThePlaceOfTheOneForItsServiceAndOfNothingElse() {
    PersonStore store = store();
    KeptDecision slack = decision("slack", "staff", NOW);
    Standing back = new Standing(PRESENT, at(3), "event");
    store.keepDecisions(
        Map.of(key("ada"), List.of(decision("wiki", "staff", NOW), slack), key("eve"), List.of()));
    store.seen(Map.of(key("ada"), new Seen(Map.of("app", NOW), Map.of("wiki", 4L), at(1))));
    store.apply(Map.of(key("ada"), back));

    KeptDecision wiki =
        new KeptDecision("wiki", Outcome.REFUSED, null, "guest", "r2", at(2), at(2), 1);
    store.keepDecisions(Map.of(key("ada"), List.of(wiki)));

    assertThat(find("ada"))
        .isEqualTo(
            new Person(key("ada"), back, Map.of("slack", slack, "wiki", wiki), Map.of("app", NOW)));
  }

  @Test
  @Tag("external-database")
  void ofWhoeverHasLeftNothingIsKeptUntilTheyAreBack() {
    PersonStore store = store();
    KeptDecision slack = decision("slack", "staff", NOW);
    KeptDecision wiki = decision("wiki", "staff", at(1));
    Standing left = new Standing(LEFT, at(3), "event");
    Standing back = new Standing(PRESENT, at(4), "event");
    store.keepDecisions(Map.of(key("ada"), List.of(slack)));
    store.apply(Map.of(key("ada"), left, key("eve"), left, key("bob"), back));

    assertThat(
            store.keepDecisions(
                Stream.of("ada", "eve", "bob", "new")
                    .collect(Collectors.toMap(each -> key(each), _ -> List.of(wiki)))))
        .isEqualTo(Map.of(key("ada"), left, key("eve"), left));

    assertThat(find("ada").decisions()).isEqualTo(Map.of("slack", slack));
    assertThat(find("eve").decisions()).isEmpty();
    assertThat(find("bob").decisions()).isEqualTo(Map.of("wiki", wiki));
    assertThat(find("new").decisions()).isEqualTo(Map.of("wiki", wiki));
    store.apply(Map.of(key("ada"), back));
    assertThat(store.keepDecisions(Map.of(key("ada"), List.of(wiki)))).isEmpty();
    assertThat(find("ada").decisions()).isEqualTo(Map.of("slack", slack, "wiki", wiki));
  }

  @Test
  @Tag("external-database")
  void timesGoForwardAndRepeatsAreAdded() {
    PersonStore store = store();
    store.keepDecisions(
        Map.of(
            key("ada"), List.of(decision("slack", "staff", NOW), decision("wiki", "staff", NOW))));

    store.seen(
        Map.of(
            key("ada"), new Seen(Map.of("one", at(5), "two", at(5)), Map.of("slack", 3L), at(5))));
    store.seen(
        Map.of(
            key("ada"),
            new Seen(Map.of("one", at(4), "two", at(6)), Map.of("slack", 2L, "wiki", 1L), at(4))));

    Person ada = find("ada");
    assertThat(ada.lastSeen()).isEqualTo(Map.of("one", at(5), "two", at(6)));
    assertThat(ada.decisions().get("slack"))
        .isEqualTo(
            new KeptDecision(
                "slack", Outcome.PERMITTED, "staff", "permitted", "r1", NOW, at(5), 6));
    assertThat(ada.decisions().get("wiki"))
        .isEqualTo(
            new KeptDecision("wiki", Outcome.PERMITTED, "staff", "permitted", "r1", NOW, at(4), 2));
  }

  @Test
  @Tag("external-database")
  void repeatsMakeNeitherAPersonNorADecision() {
    PersonStore store = store();
    KeptDecision slack = decision("slack", "staff", NOW);
    store.keepDecisions(Map.of(key("ada"), List.of(slack)));
    Seen seen = new Seen(Map.of("app", NOW), Map.of("wiki", 3L), NOW);

    store.seen(Map.of(key("ada"), seen, key("nobody"), seen));
    store.seen(Map.of());

    assertThat(find("ada").decisions()).isEqualTo(Map.of("slack", slack));
    assertThat(store.find(List.of(key("nobody")))).isEmpty();
    KeptDecision wiki = decision("wiki", "staff", at(1));
    store.keepDecisions(Map.of(key("ada"), List.of(wiki)));
    assertThat(find("ada").decisions()).isEqualTo(Map.of("slack", slack, "wiki", wiki));
  }

  @Test
  @Tag("external-database")
  void applicationsOfEveryNameAreKept() {
    PersonStore store = store();
    Map<String, Instant> applications =
        Stream.of("", "0", "a.b", ".", "$a", "a.$b%2E", "%", "%2E", "é ü\u0000/+*", "https://x.y/")
            .collect(Collectors.toMap(Function.identity(), name -> at(name.length())));
    store.keepDecisions(Map.of(key("ada"), List.of(decision("slack", "staff", NOW))));

    store.seen(Map.of(key("ada"), new Seen(applications, Map.of(), NOW)));

    assertThat(find("ada").lastSeen()).isEqualTo(applications);
  }

  @Test
  @Tag("external-database")
  void whoHasLeftIsTold() {
    PersonStore store = store();
    Standing left = new Standing(LEFT, NOW, "event");
    store.apply(Map.of(key("left"), left, key("present"), new Standing(PRESENT, NOW, null)));
    store.keepDecisions(Map.of(key("new"), List.of(decision("slack", "staff", NOW))));

    assertThat(store.leftAmong(List.of(key("left"), key("present"), key("new"), key("nobody"))))
        .isEqualTo(Map.of(key("left"), left));
    assertThat(store.leftAmong(List.of(key("nobody")))).isEmpty();
    assertThat(store.leftAmong(List.of())).isEmpty();
  }

  /** All rows of three out of four events, each on a person of its own. */
  @Test
  @Tag("external-database")
  void whereEventsEndDependsNeitherOnTheirOrderNorOnTheirRepetition() {
    PersonStore store = store();
    List<Standing> events =
        List.of(
            new Standing(LEFT, at(1), null),
            new Standing(PRESENT, at(1), null),
            new Standing(LEFT, at(2), null),
            new Standing(PRESENT, at(2), null));
    Map<PersonKey, List<Standing>> rows = new HashMap<>();
    for (int row = 0; row < 64; row++) {
      rows.put(
          key("p" + row),
          List.of(events.get(row / 16), events.get(row / 4 % 4), events.get(row % 4)));
    }

    for (int step = 0; step < 3; step++) {
      Map<PersonKey, Standing> changes = new HashMap<>();
      Map<PersonKey, Standing> expected = new HashMap<>();
      for (Map.Entry<PersonKey, List<Standing>> row : rows.entrySet()) {
        changes.put(row.getKey(), row.getValue().get(step));
        expected.put(row.getKey(), highest(row.getValue().subList(0, step + 1)));
      }
      assertThat(store.apply(changes)).isEqualTo(expected);
      assertThat(standings(store, rows)).isEqualTo(expected);
    }
  }

  @Test
  @Tag("external-database")
  void aStandingThatIsOutrankedLeavesTheOneInForceAndKeepsNoOtherFromBeingWritten() {
    PersonStore store = store();
    Standing left = new Standing(LEFT, at(5), "left");
    Standing back = new Standing(PRESENT, at(9), "back");
    store.apply(Map.of(key("p0"), left, key("p1"), back));
    store.keepDecisions(Map.of(key("p2"), List.of(decision("slack", "staff", NOW))));

    Standing older = new Standing(PRESENT, at(5), "older");
    Standing late = new Standing(LEFT, at(8), "late");
    assertThat(
            store.apply(
                Map.of(key("p0"), older, key("p1"), late, key("p2"), late, key("p3"), older)))
        .isEqualTo(Map.of(key("p0"), left, key("p1"), back, key("p2"), late, key("p3"), older));

    assertThat(find("p2").decisions()).containsOnlyKeys("slack");
    assertThat(store.apply(Map.of())).isEmpty();
  }

  @Test
  @Tag("external-database")
  void whoeverWasNotHeardOfForLongIsForgottenUnlessTheyLeft() {
    PersonStore store = store();
    KeptDecision old = decision("slack", "staff", NOW);
    Standing present = new Standing(PRESENT, NOW, null);
    for (String each : List.of("old", "old-present", "old-left", "seen", "repeated", "returned")) {
      store.keepDecisions(Map.of(key(each), List.of(old)));
    }
    store.apply(
        Map.of(
            key("old-present"),
            present,
            key("only-present"),
            present,
            key("old-left"),
            new Standing(LEFT, NOW, null),
            key("returned"),
            new Standing(PRESENT, at(100), null)));
    store.seen(
        Map.of(
            key("seen"), new Seen(Map.of("app", at(100)), Map.of(), NOW),
            key("repeated"), new Seen(Map.of(), Map.of("slack", 1L), at(100))));
    store.keepDecisions(Map.of(key("decided"), List.of(decision("slack", "staff", at(100)))));

    assertThat(store.expire(NOW, 10)).as("at the time itself is not before").isZero();
    assertThat(store.expire(at(100), 2)).isEqualTo(2);
    assertThat(store.expire(at(100), 10)).isEqualTo(1);
    assertThat(store.expire(at(100), 10)).isZero();

    assertThat(
            store
                .find(
                    Stream.of(
                            "old",
                            "old-present",
                            "only-present",
                            "old-left",
                            "seen",
                            "repeated",
                            "returned",
                            "decided")
                        .map(PersonStoreContract::key)
                        .toList())
                .keySet())
        .containsExactlyInAnyOrder(
            key("old-left"), key("seen"), key("repeated"), key("returned"), key("decided"));
  }

  @Test
  @Tag("external-database")
  void ofWhoeverHasLeftOnlyTheirStandingOutlastsTheTime() {
    PersonStore store = store();
    Standing left = new Standing(LEFT, NOW, "gone");
    for (String each : List.of("old", "late", "back")) {
      store.keepDecisions(Map.of(key(each), List.of(decision("slack", "staff", NOW))));
      store.apply(Map.of(key(each), left));
    }
    store.seen(Map.of(key("old"), new Seen(Map.of("app", NOW), Map.of(), NOW)));
    store.seen(Map.of(key("late"), new Seen(Map.of("app", at(100)), Map.of(), at(100))));

    assertThat(store.expire(NOW, 10)).as("at the time itself is not before").isZero();
    assertThat(find("old").decisions()).containsOnlyKeys("slack");
    assertThat(store.expire(at(100), 10)).isZero();

    assertThat(find("old")).isEqualTo(new Person(key("old"), left, Map.of(), Map.of()));
    assertThat(find("late").decisions()).containsOnlyKeys("slack");
    assertThat(find("late").lastSeen()).containsOnlyKeys("app");
    store.apply(Map.of(key("back"), new Standing(PRESENT, at(1), null)));
    assertThat(store.expire(at(100), 10)).as("who came back is one as others are").isEqualTo(1);
    assertThat(store.leftAmong(List.of(key("old"), key("late"), key("back"))))
        .containsOnlyKeys(key("old"), key("late"));
  }

  @Test
  void aCallHasABoundAndNoServiceTwice() {
    PersonStore store = store();
    List<PersonKey> tooMany =
        IntStream.rangeClosed(0, PersonStore.BATCH_LIMIT).mapToObj(i -> key("p" + i)).toList();
    KeptDecision slack = decision("slack", "staff", NOW);
    Standing left = new Standing(LEFT, NOW, null);
    Seen seen = new Seen(Map.of(), Map.of(), NOW);

    assertThatIllegalArgumentException().isThrownBy(() -> store.find(tooMany));
    assertThatIllegalArgumentException().isThrownBy(() -> store.leftAmong(tooMany));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.keepDecisions(each(tooMany, List.of(slack))));
    assertThatIllegalArgumentException().isThrownBy(() -> store.apply(each(tooMany, left)));
    assertThatIllegalArgumentException().isThrownBy(() -> store.seen(each(tooMany, seen)));
    assertThatIllegalArgumentException().isThrownBy(() -> store.expire(NOW, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.keepDecisions(Map.of(key("ada"), List.of(slack, slack))))
        .withMessageContaining("slack");
  }

  @Test
  @Tag("atomic-database")
  void inACrowdNoDecisionNoRepeatAndNoLeaverIsLost() throws Exception {
    List<PersonKey> everybody = IntStream.range(0, 50).mapToObj(i -> key("p" + i)).toList();
    Map<String, Set<PersonKey>> toldThatTheyLeft = new ConcurrentHashMap<>();

    together(
        (store, me) -> {
          String service = "s" + me;
          Standing standing = new Standing(me % 2 == 0 ? LEFT : PRESENT, at(me / 2), null);
          Map<PersonKey, Standing> left =
              store.keepDecisions(each(everybody, List.of(decision(service, "staff", NOW))));
          toldThatTheyLeft.put(service, left.keySet());
          store.apply(each(everybody, standing));
          for (int i = 1; i <= 3; i++) {
            store.seen(
                each(everybody, new Seen(Map.of("app", at(me)), Map.of(service, 2L), at(i))));
          }
        });

    Standing last = new Standing(LEFT, at((CROWD - 1) / 2), null);
    Map<String, KeptDecision> all =
        IntStream.range(0, CROWD)
            .mapToObj(me -> "s" + me)
            .collect(Collectors.toMap(Function.identity(), PersonStoreContract::repeated));
    assertThat(store().find(everybody).values())
        .hasSize(50)
        .allSatisfy(
            person -> {
              assertThat(person.standing()).isEqualTo(last);
              assertThat(person.lastSeen()).isEqualTo(Map.of("app", at(CROWD - 1)));
              assertThat(all).containsAllEntriesOf(person.decisions());
              // Whoever left while it was written may have been told so all the same.
              assertThat(person.decisions().keySet())
                  .containsAll(
                      all.keySet().stream()
                          .filter(
                              each ->
                                  !toldThatTheyLeft
                                      .getOrDefault(each, Set.of())
                                      .contains(person.key()))
                          .toList());
            });
  }

  private static KeptDecision repeated(String service) {
    return new KeptDecision(service, Outcome.PERMITTED, "staff", "permitted", "r1", NOW, at(3), 7);
  }

  @Test
  @Tag("atomic-database")
  void inACrowdWhoeverTurnsUpIsNotForgotten() throws Exception {
    List<PersonKey> everybody = IntStream.range(0, 200).mapToObj(i -> key("p" + i)).toList();
    store().keepDecisions(each(everybody, List.of(decision("old", "staff", NOW))));

    together(
        (store, me) -> {
          if (me < CROWD / 2) {
            for (int i = 0; i < 20; i++) {
              store.expire(at(50), 5);
            }
          } else {
            for (PersonKey key : everybody) {
              if (Math.floorMod(key.hashCode(), CROWD / 2) == me - CROWD / 2) {
                store.keepDecisions(Map.of(key, List.of(decision("new", "staff", at(100)))));
              }
            }
          }
        });

    assertThat(store().find(everybody).values())
        .hasSize(200)
        .allSatisfy(person -> assertThat(person.decisions()).containsKey("new"));
  }

  private interface Doing {
    void in(PersonStore store, int me);
  }

  private void together(Doing doing) throws Exception {
    CyclicBarrier start = new CyclicBarrier(CROWD);
    try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<@Nullable Void>> tasks = new ArrayList<>();
      for (int i = 0; i < CROWD; i++) {
        int me = i;
        PersonStore store = store();
        tasks.add(
            () -> {
              start.await();
              doing.in(store, me);
              return null;
            });
      }
      for (Future<@Nullable Void> result : crowd.invokeAll(tasks)) {
        result.get();
      }
    }
  }

  private static Standing highest(List<Standing> standings) {
    return standings.stream()
        .reduce((one, other) -> other.outranks(one) ? other : one)
        .orElseThrow();
  }

  private static Map<PersonKey, Standing> standings(
      PersonStore store, Map<PersonKey, List<Standing>> people) {
    return store.find(people.keySet()).values().stream()
        .collect(Collectors.toMap(Person::key, each -> Objects.requireNonNull(each.standing())));
  }

  private Person find(String subject) {
    PersonKey key = key(subject);
    return Objects.requireNonNull(store().find(List.of(key)).get(key));
  }

  private static <T> Map<PersonKey, T> each(List<PersonKey> keys, T value) {
    return keys.stream().collect(Collectors.toMap(Function.identity(), _ -> value));
  }

  static KeptDecision decision(String service, String rule, Instant at) {
    return new KeptDecision(service, Outcome.PERMITTED, rule, "permitted", "r1", at, at, 1);
  }

  private static Instant at(int seconds) {
    return NOW.plusSeconds(seconds);
  }

  private static PersonKey key(String subject) {
    return new PersonKey("acme", "staff", subject);
  }
}
