package dev.usher.benchmarks.speed;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.usher.benchmarks.saas.SaasServer;
import dev.usher.sandbox.Broker;
import dev.usher.sandbox.Database;
import dev.usher.sandbox.SchemaRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.util.FileSystemUtils;

/**
 * What all contenders share: broker and database in this JVM, registry and SaaS as processes of
 * their own.
 */
final class Surroundings implements AutoCloseable {

  private static final int PARTITIONS = 4;

  private static final Map<String, String> APPEND_TIME =
      Map.of("message.timestamp.type", "LogAppendTime");

  private final Path folder;
  private final Broker broker;
  private final Database database;
  private final SchemaRegistry registry;
  private final Saas saas;
  private final Topics topics;
  private final MongoClient mongo;
  private final KafkaProducer<byte[], byte[]> producer;
  private final People people;
  private final Map<String, Integer> names = new HashMap<>();

  private Surroundings(Path folder) {
    this.folder = folder;
    registry = SchemaRegistry.start();
    broker = Broker.startTemporary();
    database = Database.start();
    saas = saas(folder);
    topics = new Topics(broker.bootstrapServers(), registry.url());
    mongo = MongoClients.create(database.uri(""));
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "linger.ms",
                0,
                "batch.size",
                256 * 1024,
                "buffer.memory",
                128L * 1024 * 1024,
                "enable.metrics.push",
                false),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    people = new People(registry.url(), InstantSource.system());
  }

  private static Saas saas(Path folder) {
    int port = FreePort.next();
    return new Saas(
        Child.start(
            Child.java(
                List.of("-Xmx1g", "-cp", System.getProperty("java.class.path")),
                SaasServer.class.getName(),
                Integer.toString(port)),
            folder.resolve("saas.log")),
        port);
  }

  /** Starts them; logs and files go to {@code folder}, and what is there from before goes. */
  static Surroundings start(Path folder) throws IOException {
    FileSystemUtils.deleteRecursively(folder);
    Files.createDirectories(folder);
    Surroundings surroundings = new Surroundings(folder);
    surroundings.saas.awaitReady();
    return surroundings;
  }

  /** A place with topics of its own. */
  Place place(String contender) {
    return place(contender, PARTITIONS);
  }

  Place place(String contender, int partitions) {
    String name = unique(contender);
    broker.createTopic(name + "-sign-ins", partitions, APPEND_TIME);
    broker.createTopic(name + "-sign-ins-dlt", 1, APPEND_TIME);
    return place(name, name + "-sign-ins", partitions);
  }

  /** A place whose sign-ins are those of another. */
  Place beside(Place other, String contender) {
    return place(unique(contender), other.signIns(), other.partitions());
  }

  private String unique(String contender) {
    return contender + names.merge(contender, 1, Integer::sum);
  }

  private Place place(String name, String signIns, int partitions) {
    broker.createTopic(name + "-created", PARTITIONS, APPEND_TIME);
    broker.createTopic(name + "-changed", PARTITIONS, APPEND_TIME);
    try {
      return new Place(
          name,
          broker.bootstrapServers(),
          registry.url(),
          database.uri(name),
          saas.url(),
          signIns,
          partitions,
          Files.createDirectories(folder.resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Has it over with: a pause of broker and database, which share this JVM with whoever sends, is
   * of no contender's making and as long as what is measured.
   */
  void collectGarbage() {
    System.gc();
  }

  /** The time that broker, database and SaaS have had of the processors, and the benchmark too. */
  Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().plus(saas.cpu());
  }

  Saas saas() {
    return saas;
  }

  Topics topics() {
    return topics;
  }

  MongoClient mongo() {
    return mongo;
  }

  KafkaProducer<byte[], byte[]> producer() {
    return producer;
  }

  People people() {
    return people;
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
    mongo.close();
    topics.close();
    saas.close();
    database.close();
    broker.close();
    registry.close();
  }
}
