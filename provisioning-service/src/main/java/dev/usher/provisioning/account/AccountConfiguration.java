package dev.usher.provisioning.account;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.usher.provisioning.person.PersonStore;
import dev.usher.provisioning.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.scheduling.TriggerContext;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;

/** Wires the accounts, and takes the steps of their loops. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AccountProperties.class)
@EnableScheduling
class AccountConfiguration {

  private static final Logger log = LoggerFactory.getLogger(AccountConfiguration.class);

  /**
   * How soon an absent database is noticed. Before what the connection string says, which wins; so
   * long as a call may take, the lease runs, hence well within it.
   */
  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  MongoClientSettingsBuilderCustomizer databaseTimeouts() {
    return settings ->
        settings
            .applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(3, SECONDS))
            .applyToSocketSettings(
                socket -> socket.connectTimeout(3, SECONDS).readTimeout(10, SECONDS));
  }

  @Bean
  AccountStore accountStore(MongoDatabaseFactory database) {
    return new MongoAccountStore(database);
  }

  @Bean
  MailboxStore mailboxStore(MongoDatabaseFactory database) {
    return new MongoMailboxStore(database);
  }

  @Bean
  Ownership ownership(MongoDatabaseFactory database, AccountProperties properties) {
    return new Ownership(
        new MongoInstanceStore(database),
        () -> UUID.randomUUID().toString(),
        System::nanoTime,
        properties.lease(),
        properties.leaseMargin());
  }

  @Bean
  AccountDesk accountDesk(
      AccountStore store,
      Ownership ownership,
      PersonStore people,
      InstantSource clock,
      AccountProperties properties) {
    return new AccountDesk(
        store,
        ownership,
        people::leftAmong,
        clock,
        System::nanoTime,
        new InHand(properties.inHandLimit(), properties.inHandTotal()));
  }

  @Bean
  SchedulingConfigurer accountLoops(AccountDesk desk, AccountProperties properties) {
    Duration heartbeat = properties.lease().dividedBy(5);
    return loops -> {
      loops.addFixedDelayTask(() -> step("heartbeat", desk::beat), heartbeat);
      loops.addTriggerTask(
          () -> step("sweep", desk::sweep),
          context -> afterShareOfTime(context, properties.sweepInterval()));
      loops.addFixedDelayTask(() -> step("watch", desk::watch), heartbeat);
    };
  }

  /**
   * A sweep that takes long waits long, so that sweeps never take more than a tenth of the time.
   */
  private static Instant afterShareOfTime(TriggerContext context, Duration interval) {
    Instant began = context.lastActualExecution();
    Instant ended = context.lastCompletion();
    if (began == null || ended == null) {
      return context.getClock().instant().plus(interval);
    }
    Duration share = Duration.between(began, ended).multipliedBy(9);
    return ended.plus(share.compareTo(interval) > 0 ? share : interval);
  }

  @Bean
  StageLifecycle accountDeskLifecycle(AccountDesk desk) {
    // The first heartbeat before the first record: what comes in is ours at once.
    return new StageLifecycle(
        StageLifecycle.Turn.DESK, () -> step("heartbeat", desk::beat), desk::stop);
  }

  private static void step(String name, Runnable step) {
    try {
      step.run();
    } catch (StoreUnavailableException e) {
      log.warn("The {} waits for the database: {}", name, e.getMessage());
    } catch (RuntimeException e) {
      log.error("The {} failed, and goes on with its next step", name, e);
    }
  }
}
