package dev.usher.chaos;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.chaos.Cast.Role;
import dev.usher.chaos.Tally.Found;
import dev.usher.chaos.Witness.Told;
import dev.usher.sandbox.Person;
import dev.usher.sandbox.Saas;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** That nothing which is amiss passes the count. */
final class TallyTest {

  private final Cast cast = new Cast(300, 5);

  /** All that there is to be seen of a good end, to be spoiled. */
  private final Map<String, List<Saas.Account>> accounts = new HashMap<>();

  private final Map<String, Map<String, Integer>> creates = new HashMap<>();
  private final Map<Role, Told> told = new HashMap<>();
  private final List<String> outOfOrder = new ArrayList<>();

  TallyTest() {
    for (String service : Cast.SERVICES) {
      accounts.put(service, new ArrayList<>());
      creates.put(service, new HashMap<>());
    }
    for (int number = 0; number < cast.people().size(); number++) {
      for (String service : cast.due(number)) {
        create(service, number, "1");
      }
    }
  }

  private List<Saas.Account> in(String service) {
    return requireNonNull(accounts.get(service));
  }

  private Map<String, Integer> createsIn(String service) {
    return requireNonNull(creates.get(service));
  }

  private Saas.Account create(String service, int number, String suffix) {
    Saas.Account account = account(service, number, suffix, true);
    in(service).add(account);
    createsIn(service).merge(account.externalId().orElseThrow(), 1, Integer::sum);
    told.computeIfAbsent(role(service, number), _ -> new Told())
        .created("event-" + number + service, account.id());
    return account;
  }

  private Saas.Account account(String service, int number, String suffix, boolean active) {
    Person person = cast.people().get(number);
    List<String> names = cast.newNames(number);
    return new Saas.Account(
        service + "-" + number + "-" + suffix,
        person.email(),
        Optional.of(person.subject()),
        Optional.of(names.isEmpty() ? person.displayName() : names.getLast()),
        active,
        Instant.EPOCH);
  }

  private Role role(String service, int number) {
    return new Role(service, cast.people().get(number).subject());
  }

  private int one(IntPredicate like) {
    return IntStream.range(0, cast.people().size()).filter(like).findFirst().orElseThrow();
  }

  private int someoneAt(String service) {
    return one(number -> cast.due(number).contains(service));
  }

  private Tally count() {
    Map<String, Found> found = new HashMap<>();
    accounts.forEach((service, all) -> found.put(service, new Found(all, createsIn(service))));
    return Tally.of(cast, _ -> true, found, told, outOfOrder, 0, 5);
  }

  private static void assertCounts(Tally tally, int lost, int doubled, int wrong) {
    assertThat(tally.line())
        .contains("lost=%d double=%d wrong=%d ".formatted(lost, doubled, wrong));
    assertThat(tally.clean()).isEqualTo(lost + doubled + wrong == 0);
    assertThat(tally.findings()).hasSize(lost + doubled + wrong);
  }

  @Test
  void aGoodEndIsClean() {
    Tally tally = count();

    assertCounts(tally, 0, 0, 0);
    assertThat(tally.accounts()).isEqualTo(tally.announced()).isGreaterThan(200);
    assertThat(tally.people()).isEqualTo(300);
  }

  @Test
  void whoDidNotTurnUpIsNotMissed() {
    assertThat(Tally.of(cast, _ -> false, Map.of(), Map.of(), List.of(), 0, 5).clean()).isTrue();
  }

  @Test
  void anAccountThatIsNotThereIsLostAndItsAnnouncementUntrue() {
    int number = someoneAt("github");
    in("github").removeIf(each -> each.id().equals("github-" + number + "-1"));
    createsIn("github").remove(cast.people().get(number).subject());

    assertCounts(count(), 1, 0, 1);
  }

  @Test
  void anAccountThatNobodyIsToldOfIsLost() {
    told.remove(role("github", someoneAt("github")));

    assertCounts(count(), 1, 0, 0);
  }

  @Test
  void whatWasSaidLastOfWhatIsLostIsFound() {
    Role role = role("github", someoneAt("github"));
    Told held = new Told();
    held.changed("HELD: somebody has that name");
    told.put(role, held);

    assertThat(count().findings()).singleElement().asString().contains("HELD: somebody has");
  }

  @Test
  void aSecondAccountIsDouble() {
    int number = someoneAt("slack");
    Saas.Account second = account("slack", number, "2", true);
    in("slack").add(second);
    createsIn("slack").merge(second.externalId().orElseThrow(), 1, Integer::sum);

    assertCounts(count(), 0, 1, 0);
  }

  @Test
  void aSecondCreateIsDoubleThoughNothingIsLeftOfIt() {
    createsIn("slack").merge(cast.people().get(someoneAt("slack")).subject(), 1, Integer::sum);

    assertCounts(count(), 0, 1, 0);
  }

  @Test
  void anAccountThatIsAnnouncedUnderTwoIdsIsDouble() {
    int number = someoneAt("slack");
    requireNonNull(told.get(role("slack", number)))
        .created("another-event", "slack-" + number + "-1");

    assertCounts(count(), 0, 1, 0);
  }

  @Test
  void anAccountOfWhoeverMayNotHaveOneIsWrong() {
    int number = one(each -> cast.due(each).equals(List.of("github")));
    Saas.Account account = account("slack", number, "1", true);
    in("slack").add(account);
    createsIn("slack").put(account.externalId().orElseThrow(), 1);

    assertCounts(count(), 0, 0, 1);
  }

  @Test
  void whoeverLeftMayHaveASuspendedAccountAndNoUsableOne() {
    int number =
        one(each -> cast.leaves(each) && cast.succeeds(each) && maySlack(cast.people().get(each)));
    Saas.Account usable = create("slack", number, "1");
    assertCounts(count(), 0, 0, 1);

    in("slack").remove(usable);
    in("slack").add(account("slack", number, "1", false));
    assertCounts(count(), 0, 0, 0);
  }

  private static boolean maySlack(Person person) {
    return person.kind() == Person.Kind.EMPLOYEE && person.email().endsWith("@acme.example");
  }

  @Test
  void whoeverIsSuspendedAndHasNotLeftIsWrong() {
    int number = someoneAt("slack");
    in("slack").removeIf(each -> each.id().equals("slack-" + number + "-1"));
    in("slack").add(account("slack", number, "1", false));

    assertCounts(count(), 0, 0, 1);
  }

  @Test
  void aNameThatIsNotTheLastIsWrong() {
    int number = one(each -> !cast.newNames(each).isEmpty() && cast.due(each).contains("slack"));
    in("slack")
        .replaceAll(
            each ->
                each.id().equals("slack-" + number + "-1")
                    ? new Saas.Account(
                        each.id(),
                        each.userName(),
                        each.externalId(),
                        Optional.of(cast.people().get(number).displayName()),
                        true,
                        each.created())
                    : each);

    assertCounts(count(), 0, 0, 1);
  }

  @Test
  void anAnnouncementInTheWrongOrderIsWrong() {
    outOfOrder.add("version 2 came after 3");

    assertCounts(count(), 0, 0, 1);
  }
}
