package dev.usher.provisioning.person;

import dev.usher.provisioning.store.StoreUnavailableException;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.scheduling.annotation.SchedulingConfigurer;

/** Wires what is kept of people, and takes the steps of its sweep. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PersonProperties.class)
class PersonConfiguration {

  private static final Logger log = LoggerFactory.getLogger(PersonConfiguration.class);

  /** So seldom that the sweep takes no share of the time worth mentioning. */
  private static final Duration BETWEEN_STEPS = Duration.ofMinutes(1);

  @Bean
  PersonStore personStore(MongoDatabaseFactory database) {
    return new MongoPersonStore(database);
  }

  @Bean
  SchedulingConfigurer personLoop(
      PersonStore store, PersonProperties properties, InstantSource clock) {
    Forgetting forgetting = new Forgetting(store, properties.retention(), clock);
    return loops -> loops.addFixedDelayTask(() -> step(forgetting), BETWEEN_STEPS);
  }

  private static void step(Forgetting forgetting) {
    try {
      long forgotten = forgetting.step();
      if (forgotten > 0) {
        log.info("{} people were not heard of for so long that they are forgotten", forgotten);
      }
    } catch (StoreUnavailableException e) {
      log.warn("Forgetting waits for the database: {}", e.getMessage());
    } catch (RuntimeException e) {
      log.error("Forgetting failed, and goes on with its next step", e);
    }
  }
}
