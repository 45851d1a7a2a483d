package dev.usher.provisioning.testing;

import java.util.Map;

/**
 * What the service needs around it, be it the sandbox's or real ones in containers. Each has its
 * own, empty topics and database.
 */
public interface Neighbours {

  /** For Kafka clients. */
  String bootstrapServers();

  /** Confluent's API. */
  String registryUrl();

  /** A database of its own for each name. */
  String databaseUri(String name);

  /**
   * Creates a topic.
   *
   * @param settings of the broker, for example `message.timestamp.type`
   */
  void createTopic(String name, int partitions, Map<String, String> settings);
}
