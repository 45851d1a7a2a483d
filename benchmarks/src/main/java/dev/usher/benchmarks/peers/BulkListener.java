package dev.usher.benchmarks.peers;

import dev.usher.events.SignIn;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.kafka.annotation.KafkaListener;

/**
 * No way to go about it, but the least that there is to do for a batch: all calls at once, one bulk
 * insert, all announcements at once. If one call fails, nothing is known of the others.
 */
final class BulkListener implements AutoCloseable {

  private final Onboarding onboarding;
  private final MongoOperations accounts;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  BulkListener(Onboarding onboarding, MongoOperations accounts) {
    this.onboarding = onboarding;
    this.accounts = accounts;
  }

  @KafkaListener(topics = "${peer.sign-ins}", concurrency = "${peer.partitions}", batch = "true")
  void take(List<SignIn> batch) {
    List<CompletableFuture<@Nullable PeerAccount>> calls = new ArrayList<>(batch.size());
    for (SignIn signIn : batch) {
      calls.add(CompletableFuture.supplyAsync(() -> onboarding.create(signIn), threads));
    }
    List<@Nullable PeerAccount> created =
        calls.stream().<@Nullable PeerAccount>map(CompletableFuture::join).toList();
    accounts.insert(created.stream().filter(Objects::nonNull).toList(), PeerAccount.class);
    List<CompletableFuture<?>> announced = new ArrayList<>(batch.size());
    for (int i = 0; i < created.size(); i++) {
      PeerAccount account = created.get(i);
      if (account != null) {
        announced.add(onboarding.announce(batch.get(i), account));
      }
    }
    announced.forEach(CompletableFuture::join);
  }

  @Override
  public void close() {
    threads.close();
  }
}
