package dev.usher.provisioning.ops;

import dev.usher.provisioning.intake.IntakeProgress;
import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether what comes in is being taken in. */
final class IntakeHealth extends AbstractHealthIndicator {

  private final IntakeProgress progress;

  IntakeHealth(IntakeProgress progress) {
    this.progress = progress;
  }

  @Override
  protected void doHealthCheck(Health.Builder health) {
    Map<String, String> waitingFor = progress.waitingFor();
    if (waitingFor.isEmpty()) {
      health.up();
    } else {
      health.outOfService().withDetail("waitingFor", waitingFor);
    }
    health.withDetail("partitions", progress.partitions());
    if (!progress.missingTopics().isEmpty()) {
      // No reason to be out of service: what the others bring is taken in.
      health.withDetail("missingTopics", progress.missingTopics());
    }
  }
}
