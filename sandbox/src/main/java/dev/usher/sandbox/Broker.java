package dev.usher.sandbox;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker in this JVM: one node that is broker and controller (KRaft, combined mode).
 * Topics are made only by {@link #createTopic}; a record may have up to 16 MiB where its topic
 * allows it. Safe for use by several threads.
 */
public final class Broker implements AutoCloseable {

  /** The largest record batch the broker takes by default, in bytes. */
  public static final int LARGEST_RECORD = 16 * 1024 * 1024;

  private static final int NODE = 1;
  private static final String CONTROLLER = "CONTROLLER";
  private static final long ANSWER_SECONDS = 30;

  private final Path folder;
  private final boolean temporary;
  private final int port = Ports.free();
  private final int controllerPort = Ports.free();
  private @Nullable KafkaRaftServer server;
  private @Nullable Admin admin;

  private Broker(Path folder, boolean temporary) {
    this.folder = folder;
    this.temporary = temporary;
  }

  /**
   * Starts a broker that keeps its data in {@code folder}, which is made and formatted if need be;
   * what an earlier broker left there is served again. Returns when clients can use it.
   */
  public static Broker start(Path folder) {
    return started(new Broker(Folders.made(folder), false));
  }

  /** Starts a broker whose data is deleted at {@link #close}. */
  public static Broker startTemporary() {
    return started(new Broker(Folders.temporary("broker"), true));
  }

  private static Broker started(Broker broker) {
    try {
      broker.restart();
      return broker;
    } catch (RuntimeException | Error e) {
      broker.close();
      throw e;
    }
  }

  /** The value of the clients' {@code bootstrap.servers}; the same after a restart. */
  public String bootstrapServers() {
    return Ports.LOOPBACK + ":" + port;
  }

  /**
   * Creates a topic and returns when it is there.
   *
   * @param config topic settings, for example {@code cleanup.policy}
   * @throws IllegalStateException if the broker refuses, with its reason; for example if the topic
   *     exists already
   */
  public synchronized void createTopic(String name, int partitions, Map<String, String> config) {
    if (server == null) {
      throw new IllegalStateException(
          "topic `%s` cannot be created: the broker is stopped; restart() it first"
              .formatted(name));
    }
    if (admin == null) {
      admin =
          Admin.create(
              Map.of(
                  AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                  bootstrapServers(),
                  AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG,
                  false));
    }
    NewTopic topic = new NewTopic(name, partitions, (short) 1).configs(config);
    try {
      admin.createTopics(List.of(topic)).all().get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("topic `%s` was not created: %s".formatted(name, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while creating topic `%s`".formatted(name), e);
    }
  }

  /** Stops in an orderly way and keeps port and data; stopping twice does nothing. */
  public synchronized void stop() {
    if (admin != null) {
      admin.close();
      admin = null;
    }
    if (server != null) {
      server.shutdown();
      server.awaitShutdown();
      server = null;
    }
  }

  /** Stops if need be, and starts on the same port with the same data. */
  public synchronized void restart() {
    stop();
    format();
    KafkaRaftServer starting =
        new KafkaRaftServer(KafkaConfig.fromProps(properties(), false), Time.SYSTEM);
    server = starting;
    starting.startup();
  }

  /** Stops, and deletes the data if it was temporary; closing twice does nothing. */
  @Override
  public void close() {
    stop();
    if (temporary) {
      Folders.delete(folder);
    }
  }

  private void format() {
    if (Files.exists(folder.resolve("meta.properties"))) {
      return;
    }
    Formatter formatter =
        new Formatter()
            .setPrintStream(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
            .setClusterId(Uuid.randomUuid().toString())
            .setNodeId(NODE)
            .setControllerListenerName(CONTROLLER)
            .setMetadataLogDirectory(Optional.of(folder.toString()))
            .addDirectory(folder.toString())
            .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION);
    try {
      formatter.run();
    } catch (Exception e) {
      throw new IllegalStateException("cannot format the broker's folder `" + folder + "`", e);
    }
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.putAll(
        Map.of(
            "process.roles",
            "broker,controller",
            "node.id",
            String.valueOf(NODE),
            "listeners",
            "PLAINTEXT://%s:%d,%s://%s:%d"
                .formatted(Ports.LOOPBACK, port, CONTROLLER, Ports.LOOPBACK, controllerPort),
            "advertised.listeners",
            "PLAINTEXT://" + bootstrapServers(),
            "listener.security.protocol.map",
            "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name",
            "PLAINTEXT",
            "controller.listener.names",
            CONTROLLER,
            "controller.quorum.voters",
            "%d@%s:%d".formatted(NODE, Ports.LOOPBACK, controllerPort),
            "log.dirs",
            folder.toString()));
    properties.putAll(oneNodeOnly());
    properties.putAll(smallAndQuick());
    return properties;
  }

  private static Map<String, String> oneNodeOnly() {
    return Map.of(
        "default.replication.factor", "1",
        "offsets.topic.replication.factor", "1",
        "offsets.topic.num.partitions", "4",
        "transaction.state.log.replication.factor", "1",
        "transaction.state.log.min.isr", "1",
        "transaction.state.log.num.partitions", "4",
        "share.coordinator.state.topic.replication.factor", "1",
        "share.coordinator.state.topic.min.isr", "1",
        "share.coordinator.state.topic.num.partitions", "4");
  }

  private static Map<String, String> smallAndQuick() {
    return Map.of(
        "auto.create.topics.enable", "false",
        "message.max.bytes", String.valueOf(LARGEST_RECORD),
        "replica.fetch.max.bytes", String.valueOf(LARGEST_RECORD),
        "group.initial.rebalance.delay.ms", "0",
        // The default keeps 128 MB of heap for compaction.
        "log.cleaner.dedupe.buffer.size", "4194304",
        "log.index.size.max.bytes", "1048576",
        "num.recovery.threads.per.data.dir", "2",
        "broker.heartbeat.interval.ms", "500",
        // A consumer of a test that ends without a goodbye is not waited for long.
        "group.min.session.timeout.ms", "1000",
        "offsets.load.buffer.size", "1048576");
  }
}
