package dev.usher.benchmarks.peers;

import dev.usher.events.SignIn;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.annotation.KafkaListener;

/**
 * No way to go about it, but the least that there is to do for a batch: all calls at once, all
 * announcements at once, and what is kept in bulk. If one call fails, nothing is known of the
 * others.
 */
final class BulkListener implements AutoCloseable {

  private final Onboarding onboarding;
  private final Keeping keeping;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  BulkListener(Onboarding onboarding, Keeping keeping) {
    this.onboarding = onboarding;
    this.keeping = keeping;
  }

  @KafkaListener(topics = "${peer.sign-ins}", concurrency = "${peer.partitions}", batch = "true")
  void take(List<SignIn> batch) {
    keeping.wanted(batch);
    List<CompletableFuture<@Nullable PeerAccount>> calls = new ArrayList<>(batch.size());
    for (SignIn signIn : batch) {
      calls.add(CompletableFuture.supplyAsync(() -> onboarding.create(signIn), threads));
    }
    List<@Nullable PeerAccount> made =
        calls.stream().<@Nullable PeerAccount>map(CompletableFuture::join).toList();
    List<PeerAccount> created = made.stream().filter(Objects::nonNull).toList();
    keeping.created(created);
    List<CompletableFuture<?>> announced = new ArrayList<>(batch.size());
    for (int i = 0; i < made.size(); i++) {
      PeerAccount account = made.get(i);
      if (account != null) {
        announced.add(onboarding.announce(batch.get(i), account));
      }
    }
    announced.forEach(CompletableFuture::join);
    keeping.announced(created);
  }

  @Override
  public void close() {
    threads.close();
  }
}
