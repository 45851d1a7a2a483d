package dev.usher.benchmarks.peers;

import dev.usher.events.SignIn;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Kafka's share groups: as many consumers as there are partitions, each of which takes records one
 * by one out of any partition, works on them at once on virtual threads, and acknowledges each.
 */
final class ShareGroup implements AutoCloseable {

  private static final Duration LONGEST_POLL = Duration.ofMillis(100);

  private final Onboarding onboarding;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ExecutorService consumers = Executors.newCachedThreadPool();
  private volatile boolean closed;

  /**
   * @param consumer the settings of a consumer; those that share consumers do not know are left out
   */
  ShareGroup(Map<String, Object> consumer, Onboarding onboarding, PeerProperties properties)
      throws InterruptedException, ExecutionException {
    this.onboarding = onboarding;
    Map<String, Object> settings = new HashMap<>(consumer);
    settings
        .keySet()
        .removeAll(List.of("auto.offset.reset", "enable.auto.commit", "isolation.level"));
    settings.put("share.acknowledgement.mode", "explicit");
    startFromTheBeginning(settings);
    for (int i = 0; i < properties.partitions(); i++) {
      consumers.execute(() -> consume(settings, properties.signIns()));
    }
  }

  /** What is a setting of other consumers is here one of the group. */
  private static void startFromTheBeginning(Map<String, Object> settings)
      throws InterruptedException, ExecutionException {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", settings.get("bootstrap.servers")))) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(
                      ConfigResource.Type.GROUP,
                      Objects.requireNonNull(settings.get("group.id")).toString()),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("share.auto.offset.reset", "earliest"),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  private void consume(Map<String, Object> settings, String topic) {
    try (ShareConsumer<String, SignIn> consumer = new KafkaShareConsumer<>(settings)) {
      consumer.subscribe(List.of(topic));
      while (!closed) {
        Map<ConsumerRecord<String, SignIn>, CompletableFuture<?>> under = new LinkedHashMap<>();
        for (ConsumerRecord<String, SignIn> record : consumer.poll(LONGEST_POLL)) {
          under.put(
              record,
              CompletableFuture.runAsync(() -> onboarding.onboard(record.value()).join(), threads));
        }
        under.forEach((record, work) -> consumer.acknowledge(record, ended(work)));
        consumer.commitAsync();
      }
    }
  }

  private static AcknowledgeType ended(CompletableFuture<?> work) {
    try {
      work.join();
      return AcknowledgeType.ACCEPT;
    } catch (CompletionException _) {
      return AcknowledgeType.RELEASE;
    }
  }

  @Override
  public void close() {
    closed = true;
    consumers.close();
    threads.close();
  }
}
