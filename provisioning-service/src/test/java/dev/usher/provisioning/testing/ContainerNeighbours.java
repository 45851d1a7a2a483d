package dev.usher.provisioning.testing;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.mongodb.MongoDBContainer;
import org.testcontainers.utility.DockerImageName;

/** Real neighbours in containers. */
public final class ContainerNeighbours implements Neighbours {

  private static final String LARGEST_RECORD = String.valueOf(16 * 1024 * 1024);
  private static final int REGISTRY_PORT = 8081;

  private final Network network = Network.newNetwork();

  private final KafkaContainer kafka =
      new KafkaContainer(DockerImageName.parse("apache/kafka:4.2.2"))
          .withNetwork(network)
          .withListener("kafka:19092")
          .withEnv("KAFKA_MESSAGE_MAX_BYTES", LARGEST_RECORD)
          .withEnv("KAFKA_SOCKET_REQUEST_MAX_BYTES", String.valueOf(64 * 1024 * 1024));

  private final MongoDBContainer mongo =
      new MongoDBContainer(DockerImageName.parse("mongo:8.0")).withNetwork(network);

  private final GenericContainer<?> registry =
      new GenericContainer<>(DockerImageName.parse("confluentinc/cp-schema-registry:7.9.5"))
          .withNetwork(network)
          .withExposedPorts(REGISTRY_PORT)
          .withEnv("SCHEMA_REGISTRY_HOST_NAME", "registry")
          .withEnv("SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS", "PLAINTEXT://kafka:19092")
          .waitingFor(Wait.forHttp("/subjects"))
          .dependsOn(kafka);

  private ContainerNeighbours() {}

  /** Starts all, and returns when all answer. */
  public static ContainerNeighbours start() {
    ContainerNeighbours neighbours = new ContainerNeighbours();
    Startables.deepStart(neighbours.kafka, neighbours.mongo, neighbours.registry).join();
    return neighbours;
  }

  @Override
  public String bootstrapServers() {
    return kafka.getBootstrapServers();
  }

  @Override
  public String registryUrl() {
    return "http://" + registry.getHost() + ":" + registry.getMappedPort(REGISTRY_PORT);
  }

  @Override
  public String databaseUri(String name) {
    return mongo.getReplicaSetUrl(name);
  }

  @Override
  public void createTopic(String name, int partitions, Map<String, String> settings) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
          .all()
          .get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stops all. */
  public void stop() {
    registry.stop();
    mongo.stop();
    kafka.stop();
    network.close();
  }
}
