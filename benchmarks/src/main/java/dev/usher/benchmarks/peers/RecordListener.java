package dev.usher.benchmarks.peers;

import dev.usher.events.SignIn;
import org.springframework.kafka.annotation.KafkaListener;

/**
 * The textbook: one record after the other, on one thread for each partition, which is as many as
 * can have work. It waits for each announcement, since what is committed must have been announced.
 */
final class RecordListener {

  private final Onboarding onboarding;

  RecordListener(Onboarding onboarding) {
    this.onboarding = onboarding;
  }

  @KafkaListener(topics = "${peer.sign-ins}", concurrency = "${peer.partitions}")
  void take(SignIn signIn) {
    onboarding.onboard(signIn).join();
  }
}
