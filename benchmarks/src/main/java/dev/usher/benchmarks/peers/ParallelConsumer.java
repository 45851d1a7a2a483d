package dev.usher.benchmarks.peers;

import dev.usher.events.SignIn;
import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.CommitMode;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Confluent's parallel consumer, by key, since two sign-ins of one person must not race; with its
 * fastest way of committing, and as many at once as ours with the bulkhead open.
 */
final class ParallelConsumer implements AutoCloseable {

  private final ParallelStreamProcessor<String, SignIn> processor;

  ParallelConsumer(
      Consumer<String, SignIn> consumer, Onboarding onboarding, PeerProperties properties) {
    processor =
        ParallelStreamProcessor.createEosStreamProcessor(
            ParallelConsumerOptions.<String, SignIn>builder()
                .consumer(consumer)
                .ordering(ProcessingOrder.KEY)
                .maxConcurrency(properties.atOnce())
                .commitMode(CommitMode.PERIODIC_CONSUMER_ASYNCHRONOUS)
                .build());
    processor.subscribe(List.of(properties.signIns()));
    processor.poll(context -> onboarding.onboard(context.value()).join());
  }

  @Override
  public void close() {
    processor.close();
  }
}
