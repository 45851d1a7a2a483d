package dev.usher.provisioning.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

/** What is noted of replayed dead letters, and how it is kept. */
final class ReplayedTest {

  /** What a broker takes of metadata, unless it is set otherwise. */
  private static final int LONGEST_METADATA = 4_096;

  @Test
  void whatWasReplayedInWhateverOrderIsKnownAfterEachKeeping() {
    Random random = new Random(5);
    Replayed replayed = Replayed.of(null, 1_000, 10_000);
    Set<Long> added = new HashSet<>();
    for (int i = 0; i < 3_000; i++) {
      long offset = 1_000L + random.nextInt(4_000);
      replayed.add(offset);
      added.add(offset);
      if (i % 100 == 0) {
        replayed = Replayed.of(replayed.kept(), 0, 10_000);
      }
    }
    for (long offset = 1_000; offset < 6_000; offset++) {
      assertThat(replayed.has(offset)).as("%d", offset).isEqualTo(added.contains(offset));
    }
    for (long offset = 1_000; offset < 5_000; offset++) {
      replayed.add(offset);
    }
    assertThat(replayed.position()).isEqualTo(5_000);
    assertThat(replayed.kept()).isEqualTo(new OffsetAndMetadata(5_000, ""));
  }

  @Test
  void whatIsOutOfReachIsNotNotedAndTheRestFitsIntoTheBroker() {
    Replayed replayed = Replayed.of(null, 0, 100_000);
    replayed.add(Replayed.REACH - 1L);
    assertThat(replayed.kept().metadata()).hasSizeLessThanOrEqualTo(LONGEST_METADATA);
    assertThat(replayed.reaches(Replayed.REACH)).isFalse();
    assertThat(replayed.has(Replayed.REACH)).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> replayed.add(Replayed.REACH));
  }

  @Test
  void whatTheTopicNoLongerHasIsBehindUs() {
    Replayed replayed = Replayed.of(null, 0, 100_000);
    replayed.add(10);
    replayed.add(11);
    Replayed later = Replayed.of(replayed.kept(), 10, 100_000);
    assertThat(later.position()).isEqualTo(12);
    assertThat(Replayed.of(replayed.kept(), 1_000_000, 1_000_000).position()).isEqualTo(1_000_000);
  }

  @Test
  void aTopicThatWasMadeAnewHasBeenReplayedNothingOf() {
    Replayed replayed = Replayed.of(null, 0, 100);
    for (long offset = 0; offset < 50; offset++) {
      replayed.add(offset);
    }
    Replayed anew = Replayed.of(replayed.kept(), 0, 20);
    assertThat(anew.position()).isZero();
    assertThat(anew.has(10)).isFalse();
  }
}
