package dev.usher.provisioning.ops;

import dev.usher.provisioning.intake.IntakeProgress;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether sign-ins are being taken in. */
final class IntakeHealth extends AbstractHealthIndicator {

  private final IntakeProgress progress;

  IntakeHealth(IntakeProgress progress) {
    this.progress = progress;
  }

  @Override
  protected void doHealthCheck(Health.Builder health) {
    String waitingFor = progress.waitingFor();
    if (waitingFor == null) {
      health.up();
    } else {
      health.outOfService().withDetail("waitingFor", waitingFor);
    }
    health.withDetail("partitions", progress.partitions());
  }
}
