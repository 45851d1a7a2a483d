package dev.usher.benchmarks.peers;

import dev.usher.events.SignIn;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.listener.BatchListenerFailedException;

/**
 * The textbook on virtual threads: all of a batch at once (500 at most, Kafka's default), a thread
 * for each sign-in. The batch is as slow as the slowest of it, and the next one waits for it.
 */
final class BatchListener implements AutoCloseable {

  private final Onboarding onboarding;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  BatchListener(Onboarding onboarding) {
    this.onboarding = onboarding;
  }

  @KafkaListener(topics = "${peer.sign-ins}", concurrency = "${peer.partitions}", batch = "true")
  void take(List<SignIn> batch) {
    List<CompletableFuture<?>> under = new ArrayList<>(batch.size());
    for (SignIn signIn : batch) {
      under.add(CompletableFuture.runAsync(() -> onboarding.onboard(signIn).join(), threads));
    }
    for (int i = 0; i < under.size(); i++) {
      try {
        under.get(i).join();
      } catch (CompletionException e) {
        throw new BatchListenerFailedException("one of the batch failed", e, i);
      }
    }
  }

  @Override
  public void close() {
    threads.close();
  }
}
