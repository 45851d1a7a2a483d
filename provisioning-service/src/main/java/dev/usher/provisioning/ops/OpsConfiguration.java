package dev.usher.provisioning.ops;

import dev.usher.provisioning.account.AccountDesk;
import dev.usher.provisioning.intake.IntakeProgress;
import dev.usher.provisioning.tenant.Tenants;
import dev.usher.provisioning.tenant.TopicProperties;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what operators see. */
@Configuration(proxyBeanMethods = false)
class OpsConfiguration {

  @Bean
  UsherMetrics usherMetrics(MeterRegistry registry) {
    return new UsherMetrics(registry);
  }

  @Bean
  MeterBinder usherGauges(
      IntakeProgress progress, TopicProperties topics, AccountDesk desk, Tenants tenants) {
    return registry -> UsherMetrics.bind(registry, progress, topics, desk, tenants);
  }

  @Bean
  HealthIndicator intakeHealthIndicator(IntakeProgress progress) {
    return new IntakeHealth(progress);
  }
}
