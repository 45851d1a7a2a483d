package dev.usher.benchmarks.speed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.RecordMetadata;

/** People who have an account at each service already, and their sign-ins as bytes. */
final class KnownPeople {

  private static final Duration LONGEST = Duration.ofMinutes(3);

  private static final int AT_ONCE = 200;

  private final List<byte[]> signIns;
  private final int services;

  private KnownPeople(List<byte[]> signIns, int services) {
    this.signIns = signIns;
    this.services = services;
  }

  /** Has people 0, 1, 2, ... sign in for the first time, and waits until all is done. */
  static KnownPeople signedIn(Running usher, Surroundings around, int people, int services) {
    for (int service = 0; service < services; service++) {
      around.saas().reset(usher.place().saasTenant(service), Duration.ZERO);
    }
    List<byte[]> signIns = new ArrayList<>(people);
    while (signIns.size() < people) {
      // Few enough that all are worked on in memory.
      int until = Math.min(people, signIns.size() + AT_ONCE);
      while (signIns.size() < until) {
        Future<RecordMetadata> _ = usher.send(signIns.size());
        signIns.add(around.people().signIn(usher.place().signIns(), signIns.size()));
      }
      long accounts = (long) until * services;
      usher.await(
          "%d accounts announced".formatted(accounts),
          LONGEST,
          () -> around.topics().end(usher.place().created()) >= accounts);
    }
    usher.awaitDone((long) people * services);
    return new KnownPeople(signIns, services);
  }

  int count() {
    return signIns.size();
  }

  byte[] signIn(long person) {
    return signIns.get((int) person);
  }

  /** Sees to it that their repeats have led to nothing. */
  void checkThatNothingIsNew(Running usher, Surroundings around) {
    for (int service = 0; service < services; service++) {
      Saas.Counts counts = around.saas().counts(usher.place().saasTenant(service));
      if (counts.accounts() != count() || counts.conflicts() != 0) {
        throw new IllegalStateException(
            "service %d has %s; expected %d accounts".formatted(service, counts, count()));
      }
    }
    long announced = around.topics().end(usher.place().created());
    if (announced != (long) count() * services) {
      throw new IllegalStateException("%d announcements after the repeats".formatted(announced));
    }
  }
}
