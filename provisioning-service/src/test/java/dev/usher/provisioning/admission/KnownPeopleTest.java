package dev.usher.provisioning.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.provisioning.person.PersonKey;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is remembered of people, and what that costs. */
final class KnownPeopleTest {

  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");
  private static final int MANY = 200_000;

  /** With subjects and applications of 20 characters: 362 when this was written. */
  private static final long BYTES_EACH = 400;

  private static PersonKey person(String subject) {
    return new PersonKey("acme", "staff", subject);
  }

  @Test
  void aReadThatBeganBeforeAnEvictionIsNotRemembered() {
    KnownPeople known = new KnownPeople(10, LONGEST);
    long before = known.generation(person("ada"));
    known.forget(person("ada"));
    known.remember(person("ada"), before, 1, new long[] {1}, 0);
    assertThat(known.covering(person("ada"), 1, new long[] {1}, 1, 0)).isNull();

    known.remember(person("ada"), known.generation(person("ada")), 1, new long[] {1}, 0);
    assertThat(known.covering(person("ada"), 1, new long[] {1}, 1, 0)).isNotNull();
    assertThat(known.covering(person("ada"), 2, new long[] {1}, 1, 0)).isNull();
    assertThat(known.covering(person("ada"), 1, new long[] {3}, 1, 0)).isNull();
  }

  @Test
  void aMillionPeopleFitIntoFourHundredMegabytes() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    KnownPeople known = new KnownPeople(MANY, LONGEST);
    memory.gc();
    long before = memory.getHeapMemoryUsage().getUsed();
    for (int i = 0; i < MANY; i++) {
      PersonKey person = person("00u1a2b3c4d5e6%06d".formatted(i));
      known
          .remember(person, known.generation(person), 1, new long[] {1}, 0)
          .noted(NOW, "0oa1b2c3d4e5f6%06d".formatted(i % 10));
    }
    memory.gc();
    long bytes = memory.getHeapMemoryUsage().getUsed() - before;

    assertThat(known.covering(person("00u1a2b3c4d5e6000042"), 1, new long[] {1}, 1, 0)).isNotNull();
    assertThat(bytes / MANY).as("bytes for each of %d people", MANY).isLessThan(BYTES_EACH);
  }
}
