package dev.usher.provisioning.tenant;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.PropertySources;
import org.springframework.scheduling.annotation.SchedulingConfigurer;

/** Wires the tenants, and watches their files. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  TenantProperties.class,
  TopicProperties.class,
  SecretsProperties.class
})
class TenantConfiguration {

  @Bean
  Secrets secrets(ConfigurableEnvironment environment, SecretsProperties properties) {
    SecretFiles files = new SecretFiles(properties.directory());
    return new Secrets(
        name -> {
          String text = files.get(name);
          return text == null ? asWritten(environment.getPropertySources(), name) : text;
        });
  }

  /**
   * Not by {@code getProperty}, which would read a `${` in a secret as a reference, and quote it.
   */
  static @Nullable String asWritten(PropertySources sources, String name) {
    for (PropertySource<?> source : sources) {
      Object value = source.getProperty(name);
      if (value != null) {
        return value.toString();
      }
    }
    return null;
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
