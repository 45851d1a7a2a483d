package dev.usher.provisioning.tenant;

import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.annotation.SchedulingConfigurer;

/** Wires the tenants, and watches their files. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({TenantProperties.class, TopicProperties.class})
class TenantConfiguration {

  @Bean
  Secrets secrets(Environment environment) {
    return new Secrets(environment::getProperty);
  }

  @Bean
  Tenants tenants(TenantProperties properties, List<ServiceCheck> checks) {
    return new Tenants(properties.directory(), checks);
  }

  @Bean
  SchedulingConfigurer tenantLoop(Tenants tenants, TenantProperties properties) {
    return loops -> loops.addFixedDelayTask(tenants::reload, properties.reloadInterval());
  }
}
