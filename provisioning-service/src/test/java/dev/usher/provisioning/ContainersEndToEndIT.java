package dev.usher.provisioning;

import dev.usher.provisioning.testing.ContainerNeighbours;
import dev.usher.provisioning.testing.Neighbours;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.testcontainers.DockerClientFactory;

/**
 * The main job between Kafka, MongoDB and Confluent's Schema Registry as their makers ship them.
 */
final class ContainersEndToEndIT extends EndToEnd {

  private static final String SKIPPED =
      "ContainersEndToEndIT is skipped: no Docker engine answers here";

  private static @Nullable ContainerNeighbours containers;

  @BeforeAll
  static void startContainers() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      System.out.println(SKIPPED);
      Assumptions.abort(SKIPPED);
    }
    containers = ContainerNeighbours.start();
  }

  @AfterAll
  static void stopContainers() {
    if (containers != null) {
      containers.stop();
    }
  }

  @Override
  Neighbours neighbours() {
    return Objects.requireNonNull(containers);
  }
}
