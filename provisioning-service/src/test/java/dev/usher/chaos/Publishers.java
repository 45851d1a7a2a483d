package dev.usher.chaos;

import dev.usher.events.IdentityChange;
import dev.usher.events.IdentityChanged;
import dev.usher.events.Outcome;
import dev.usher.events.SignIn;
import dev.usher.events.serialization.RegistryAvroSerializer;
import dev.usher.sandbox.Company;
import dev.usher.sandbox.IdentityProvider;
import dev.usher.sandbox.IdentityProvider.Habits;
import dev.usher.sandbox.Person;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Several publishers of sign-ins that agree on nothing: each person's sign-ins come from any of
 * them, some twice, in another order than they happened, early or late, and some without a key.
 * Beside them a directory says who has left, at any time, and who has another name, once they have
 * their accounts; likewise in any order. What the broker did not acknowledge is sent again until it
 * does.
 */
final class Publishers implements AutoCloseable {

  /** How many sign-ins are shuffled among each other. */
  private static final int SHUFFLED = 500;

  private static final int MOST_UNDER_WAY = 2_000;
  private static final double SENT_TWICE = 0.2;
  private static final double COME_BACK = 0.2;
  private static final double FAIL_FIRST = 0.05;

  private final Cast cast;
  private final Witness witness;
  private final int mostAhead;
  private final SplittableRandom random;
  private final List<IdentityProvider> providers = new ArrayList<>();
  private final KafkaProducer<String, SpecificRecord> directory;
  private final String changes;
  private final InstantSource clock = InstantSource.system();

  private final List<Card> deck = new ArrayList<>();
  private final PriorityQueue<Card> later =
      new PriorityQueue<>(Comparator.comparingInt(Card::turn));
  private final Deque<Sent> underWay = new ArrayDeque<>();

  private final Map<Integer, Boolean> taken = new ConcurrentHashMap<>();
  private final AtomicInteger due = new AtomicInteger();
  private volatile boolean done;

  /**
   * Where to publish.
   *
   * @param signIns the topic of sign-ins
   * @param changes the topic of what a directory says of people
   */
  record Topics(String signIns, String changes) {}

  /** An event to be published, once so many people have turned up. */
  private record Card(int number, SpecificRecord event, int turn) {

    boolean succeeds() {
      return event instanceof SignIn signIn && signIn.getOutcome() == Outcome.SUCCESS;
    }

    /** Whether it says that somebody has another name. */
    boolean renames() {
      return event instanceof IdentityChanged change
          && change.getChange() == IdentityChange.UPDATED;
    }
  }

  private record Sent(Card card, Future<RecordMetadata> answer) {}

  /**
   * @param mostAhead of how many accounts more than are announced by now sign-ins may be out
   */
  Publishers(
      Cast cast,
      Topics topics,
      String bootstrapServers,
      String registryUrl,
      Witness witness,
      int mostAhead,
      long seed) {
    this.cast = cast;
    this.witness = witness;
    this.mostAhead = mostAhead;
    this.random = new SplittableRandom(seed);
    this.changes = topics.changes();
    Map<String, String> registry = Map.of("schema.registry.url", registryUrl);
    Company nobody = Company.ofPeople(1, seed);
    for (Habits habits :
        List.of(
            Habits.of(topics.signIns()),
            Habits.of(topics.signIns()),
            Habits.of(topics.signIns()).withoutKeys(),
            Habits.of(topics.signIns()).withoutKeys())) {
      providers.add(
          new IdentityProvider(
              bootstrapServers, nobody, habits, RegistryAvroSerializer.of(registry), clock));
    }
    this.directory =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "enable.metrics.push", false),
            new StringSerializer(),
            RegistryAvroSerializer.of(registry));
  }

  /** Publishes all there is, as fast as accounts come. */
  void publishAll() throws InterruptedException {
    int number = 0;
    while (number < cast.people().size() || !deck.isEmpty() || !later.isEmpty()) {
      while (deck.size() < SHUFFLED && number < cast.people().size()) {
        turnUp(number++);
      }
      while (!later.isEmpty()
          && (later.element().turn() <= number || number == cast.people().size())) {
        deck.add(later.remove());
      }
      waitForRoom();
      Card card = draw();
      if (card.renames() && !hasAccounts(card.number())) {
        later.add(new Card(card.number(), card.event(), number + SHUFFLED));
        if (deck.isEmpty()) {
          witness.awaitMore(witness.records(), Duration.ofSeconds(1));
        }
      } else {
        send(card);
      }
      settle(MOST_UNDER_WAY);
      if (number == cast.people().size() && deck.isEmpty() && later.isEmpty()) {
        // What is refused now is sent again.
        settle(0);
      }
    }
    done = true;
  }

  private void turnUp(int number) {
    boolean succeeds = cast.succeeds(number);
    SignIn first = signIn(number);
    if (!succeeds || random.nextDouble() < FAIL_FIRST) {
      SignIn failed = signIn(number);
      failed.setOutcome(Outcome.FAILURE);
      deck.add(new Card(number, failed, 0));
    }
    if (succeeds) {
      deck.add(new Card(number, first, 0));
      if (random.nextDouble() < SENT_TWICE) {
        deck.add(new Card(number, first, 0));
      }
      while (random.nextDouble() < COME_BACK) {
        int turn = number + random.nextInt(cast.people().size() / 3 + 1);
        later.add(new Card(number, signIn(number), turn));
      }
    }
    if (cast.leaves(number)) {
      deck.add(new Card(number, change(number, IdentityChange.DISABLED, null, 1), 0));
    }
    List<String> names = succeeds ? cast.newNames(number) : List.of();
    for (int i = 0; i < names.size(); i++) {
      IdentityChanged change = change(number, IdentityChange.UPDATED, names.get(i), i + 1);
      later.add(new Card(number, change, number + SHUFFLED));
      if (random.nextDouble() < SENT_TWICE) {
        later.add(new Card(number, change, number + SHUFFLED));
      }
    }
  }

  /** Later than all of the person's sign-ins, by so many milliseconds. */
  private IdentityChanged change(
      int number, IdentityChange kind, @Nullable String displayName, int millis) {
    Person person = cast.people().get(number);
    return IdentityChanged.newBuilder()
        .setOccurredAt(clock.instant().plusMillis(millis))
        .setIssuer(person.issuer())
        .setSubject(person.subject())
        .setChange(kind)
        .setEmail(person.email())
        .setEmailVerified(person.emailVerified().orElse(null))
        .setUserName(person.email())
        .setDisplayName(displayName)
        .setGroups(person.groups().orElse(null))
        .build();
  }

  private boolean hasAccounts(int number) {
    String subject = cast.people().get(number).subject();
    return cast.due(number).stream()
        .allMatch(service -> witness.announced(new Cast.Role(service, subject)));
  }

  private SignIn signIn(int number) {
    return Company.successfulSignIn(cast.people().get(number), clock.instant(), random);
  }

  private Card draw() {
    int chosen = random.nextInt(deck.size());
    Card card = deck.get(chosen);
    deck.set(chosen, deck.getLast());
    deck.removeLast();
    return card;
  }

  /** So that sign-ins come in as long as accounts are made, and not all of them before. */
  private void waitForRoom() throws InterruptedException {
    while (due.get() - mostAhead > witness.accounts()) {
      boolean _ = witness.awaitAccounts(due.get() - mostAhead, Duration.ofSeconds(1));
    }
  }

  private void send(Card card) {
    underWay.add(
        new Sent(
            card,
            switch (card.event()) {
              case SignIn signIn -> providers.get(random.nextInt(providers.size())).publish(signIn);
              default -> directory.send(new ProducerRecord<>(changes, card.event()));
            }));
  }

  /** Takes answers, waiting for them while more than {@code most} are out. */
  private void settle(int most) throws InterruptedException {
    while (!underWay.isEmpty()
        && (underWay.size() > most || underWay.element().answer().isDone())) {
      Sent sent = underWay.remove();
      if (failure(sent) != null) {
        deck.add(sent.card());
      } else if (sent.card().succeeds() && taken.putIfAbsent(sent.card().number(), true) == null) {
        due.addAndGet(cast.due(sent.card().number()).size());
      }
    }
  }

  private static @Nullable Throwable failure(Sent sent) throws InterruptedException {
    try {
      var _ = sent.answer().get(5, TimeUnit.MINUTES);
      return null;
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (TimeoutException e) {
      throw new IllegalStateException("the broker is gone for good", e);
    }
  }

  /** Whether all is published and acknowledged. */
  boolean done() {
    return done;
  }

  /** How many people there are of whom the broker has acknowledged a successful sign-in. */
  int people() {
    return taken.size();
  }

  /** Whether the broker has acknowledged a successful sign-in of this person. */
  boolean taken(int number) {
    return taken.containsKey(number);
  }

  /** How many accounts are due for what the broker has acknowledged. */
  int due() {
    return due.get();
  }

  @Override
  public void close() {
    providers.forEach(IdentityProvider::close);
    directory.close(Duration.ofSeconds(5));
  }
}
