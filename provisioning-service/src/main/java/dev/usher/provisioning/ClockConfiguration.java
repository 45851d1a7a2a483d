package dev.usher.provisioning;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The one clock of the service. */
@Configuration(proxyBeanMethods = false)
class ClockConfiguration {

  /** In milliseconds, as all our stores and events keep time. */
  @Bean
  InstantSource clock() {
    return Clock.tick(Clock.systemUTC(), Duration.ofMillis(1));
  }
}
