package dev.usher.provisioning.person;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Where a person's events end depends on which there are, and on nothing else. */
abstract class StandingLaw {

  private static final AtomicLong PEOPLE = new AtomicLong();

  abstract PersonStore store();

  /** The same events in two orders, each with repetitions of its own. */
  record TwoOrders(List<Standing> events, List<Standing> one, List<Standing> other) {}

  @Provide
  Arbitrary<TwoOrders> twoOrders() {
    Arbitrary<Standing> event =
        Combinators.combine(
                Arbitraries.of(Standing.Kind.class),
                Arbitraries.longs().between(0, 4).map(Instant::ofEpochMilli),
                Arbitraries.of("a", "b").injectNull(0.2))
            .as(Standing::new);
    return event
        .list()
        .ofMinSize(1)
        .ofMaxSize(6)
        .flatMap(
            events ->
                Combinators.combine(order(events), order(events))
                    .as((one, other) -> new TwoOrders(events, one, other)));
  }

  private static Arbitrary<List<Standing>> order(List<Standing> events) {
    return Arbitraries.of(events)
        .list()
        .ofMaxSize(4)
        .flatMap(
            again -> {
              List<Standing> all = new ArrayList<>(events);
              all.addAll(again);
              return Arbitraries.shuffle(all);
            });
  }

  @Property(tries = 300)
  void theFinalStandingDependsOnTheSetOfEventsOnly(@ForAll("twoOrders") TwoOrders orders) {
    Standing one = after(orders.one());
    Standing other = after(orders.other());

    assertThat(one.kind()).isEqualTo(other.kind());
    assertThat(one.at()).isEqualTo(other.at());
    assertThat(orders.events()).contains(one, other).noneMatch(event -> event.outranks(one));
  }

  private Standing after(List<Standing> events) {
    PersonKey person = new PersonKey("acme", "staff", "p" + PEOPLE.incrementAndGet());
    PersonStore store = store();
    Standing inForce = events.getFirst();
    for (Standing event : events) {
      inForce = Objects.requireNonNull(store.apply(Map.of(person, event)).get(person));
      assertThat(store.find(List.of(person)).get(person))
          .isEqualTo(new Person(person, inForce, Map.of(), Map.of()));
    }
    return inForce;
  }
}
