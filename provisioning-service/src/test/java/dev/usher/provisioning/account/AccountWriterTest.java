package dev.usher.provisioning.account;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes together, and what waits for nobody. */
@Timeout(30)
final class AccountWriterTest {

  /** More than are worth a second writer. */
  private static final int MANY = 300;

  private final BlockingQueue<List<Account>> bulks = new LinkedBlockingQueue<>();

  /** The first bulk is answered once this is open. */
  private final CountDownLatch answered = new CountDownLatch(1);

  private final InMemoryAccountStore store =
      new InMemoryAccountStore() {
        private boolean first = true;

        @Override
        public Set<AccountKey> update(List<Account> next) {
          boolean waits = isFirst();
          bulks.add(next);
          if (waits) {
            await(answered);
          }
          return super.update(next);
        }

        private synchronized boolean isFirst() {
          boolean was = first;
          first = false;
          return was;
        }
      };

  private final List<String> told = new ArrayList<>();

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private final class Told implements AccountWriter.Answer {
    @Override
    public void written(boolean applied) {
      synchronized (told) {
        told.add(applied ? "written" : "refused");
      }
    }

    @Override
    public void unknown() {
      synchronized (told) {
        told.add("unknown");
      }
    }
  }

  /** Somebody waits for it: there is work left. */
  private Account urgent(String subject) {
    Account asked = Accounts.requested(subject);
    store.insert(List.of(asked));
    return Accounts.deferred(asked.written().taken("me", Accounts.NOW), Accounts.NOW);
  }

  /** Nobody waits for it: all is done. */
  private Account lazy(String subject) {
    Account held = Accounts.held(subject);
    store.insert(List.of(held));
    Account done = held.written().announced(Accounts.NOW);
    assertThat(done.work()).isNull();
    return done;
  }

  private List<Account> next() throws InterruptedException {
    @Nullable List<Account> bulk = bulks.poll(20, TimeUnit.SECONDS);
    return requireNonNull(bulk, "a bulk");
  }

  @Test
  void whatComesWhileABulkIsUnderWayGoesWithTheNextWhetherSomebodyWaitsForItOrNot()
      throws InterruptedException {
    try (AccountWriter writer = new AccountWriter(store, () -> 1, System::nanoTime)) {
      writer.write(urgent("first"), new Told());
      assertThat(next()).hasSize(1);
      writer.write(lazy("done"), new Told());
      writer.write(urgent("second"), new Told());
      writer.write(urgent("third"), new Told());
      answered.countDown();

      assertThat(next()).hasSize(3);
    }
    assertThat(told).containsOnly("written").hasSize(4);
    assertThat(bulks).isEmpty();
  }

  @Test
  void inARushBulksFollowEachOtherNoFasterThanTheirPace() throws InterruptedException {
    answered.countDown();
    try (AccountWriter writer = new AccountWriter(store, () -> 1_000, System::nanoTime)) {
      long began = System.nanoTime();
      writer.write(urgent("first"), new Told());
      assertThat(next()).hasSize(1);
      writer.write(urgent("second"), new Told());

      assertThat(next()).hasSize(1);
      assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @Test
  void whatNobodyWaitsForIsWrittenThoughNothingElseComes() throws InterruptedException {
    answered.countDown();
    try (AccountWriter writer = new AccountWriter(store, () -> 1, System::nanoTime)) {
      writer.write(lazy("done"), new Told());

      assertThat(next()).hasSize(1);
    }
    assertThat(told).containsExactly("written");
  }

  @Test
  void whereThereIsMuchABulkIsWrittenWhileTheAnswerToAnotherIsAwaited()
      throws InterruptedException {
    try (AccountWriter writer = new AccountWriter(store, () -> 1, System::nanoTime)) {
      writer.write(urgent("first"), new Told());
      assertThat(next()).hasSize(1);
      for (int i = 0; i < MANY; i++) {
        writer.write(urgent("p" + i), new Told());
      }

      assertThat(next()).as("before the first is answered").hasSizeGreaterThan(100);
      answered.countDown();
    }
    assertThat(told).containsOnly("written").hasSize(MANY + 1);
  }

  @Test
  void whoClosesWaitsForWhatIsToBeWrittenAndNothingIsTakenAfterwards() {
    answered.countDown();
    AccountWriter writer = new AccountWriter(store, () -> 1, System::nanoTime);
    writer.write(lazy("done"), new Told());
    writer.write(urgent("first"), new Told());
    writer.close();
    assertThat(told).containsExactly("written", "written");

    writer.write(urgent("late"), new Told());
    assertThat(told).containsExactly("written", "written", "unknown");
  }
}
