package dev.usher.provisioning.provision;

import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountDesk;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.Ownership;
import dev.usher.provisioning.account.StageLifecycle;
import dev.usher.provisioning.account.StillPermitted;
import dev.usher.provisioning.tenant.Secrets;
import dev.usher.provisioning.tenant.Tenants;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.mongodb.MongoDatabaseFactory;

/** Wires provisioning. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ProvisionProperties.class)
class ProvisionConfiguration {

  @Bean
  LimitStore limitStore(MongoDatabaseFactory database) {
    return new MongoLimitStore(database);
  }

  @Bean
  Lanes lanes(
      Tenants tenants,
      ConnectorTypes types,
      Secrets secrets,
      LimitStore limitStore,
      InstantSource clock,
      ProvisionProperties properties,
      BulkheadRegistry bulkheads,
      RateLimiterRegistry rateLimiters,
      CircuitBreakerRegistry circuitBreakers) {
    return new Lanes(
        tenants::service,
        types,
        secrets,
        limitStore,
        clock,
        System::nanoTime,
        properties.circuitOpenFor(),
        properties.longestQuickWait(),
        properties.longestPause(),
        new Lanes.Registries(bulkheads, rateLimiters, circuitBreakers));
  }

  @Bean
  StageLifecycle provisioning(
      Lanes lanes,
      AccountDesk desk,
      StillPermitted stillPermitted,
      Ownership ownership,
      Tenants tenants,
      ProvisionProperties properties,
      InstantSource clock,
      List<ProvisionObserver> observers) {
    Provisioning provisioning =
        new Provisioning(
            lanes,
            new Provisioning.Desk() {
              @Override
              public void advance(Account next) {
                desk.advance(next);
              }

              @Override
              public void drop(AccountKey key) {
                desk.drop(key);
              }
            },
            stillPermitted,
            ownership::outlasts,
            tenants::hasProvenDomainOf,
            properties,
            clock,
            () -> ThreadLocalRandom.current().nextLong(),
            observers);
    desk.attemptsGoTo(provisioning);
    return new StageLifecycle(StageLifecycle.Turn.PROVISIONING, () -> {}, provisioning::stop);
  }
}
