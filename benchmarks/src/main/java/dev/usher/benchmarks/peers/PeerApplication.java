package dev.usher.benchmarks.peers;

import dev.usher.events.SignIn;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.repository.config.EnableMongoRepositories;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;
import org.springframework.web.client.RestClient;

/** A peer: Spring Boot with one of several ways to take sign-ins in. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties(PeerProperties.class)
@EnableMongoRepositories(considerNestedRepositories = true)
public class PeerApplication {

  PeerApplication() {}

  /** Runs it, with settings of Spring Boot's kind. */
  public static void main(String[] arguments) {
    System.setProperty("spring.config.name", "peer");
    SpringApplication.run(PeerApplication.class, arguments);
  }

  /**
   * With a pool that has a connection for each call that may be under way; the client's default of
   * five for a host would be a limit of its own.
   */
  @Bean
  RestClient saas(RestClient.Builder builder, PeerProperties properties) {
    int connections = Math.max(properties.partitions(), properties.atOnce());
    return builder
        .baseUrl(properties.saas())
        .defaultHeaders(headers -> headers.setBearerAuth("secret"))
        .requestFactory(
            new HttpComponentsClientHttpRequestFactory(
                HttpClients.custom()
                    .setConnectionManager(
                        PoolingHttpClientConnectionManagerBuilder.create()
                            .setMaxConnTotal(connections)
                            .setMaxConnPerRoute(connections)
                            .build())
                    .build()))
        .build();
  }

  @Bean
  Onboarding onboarding(
      RestClient saas,
      PeerAccounts accounts,
      KafkaTemplate<String, SpecificRecord> kafka,
      PeerProperties properties) {
    return new Onboarding(saas, accounts, kafka, properties.created(), InstantSource.system());
  }

  /** Spring Kafka's own, with a pause between tries that grows. */
  @Bean
  DefaultErrorHandler errorHandler() {
    ExponentialBackOff backOff = new ExponentialBackOff(200, 2);
    backOff.setMaxElapsedTime(60_000);
    return new DefaultErrorHandler(backOff);
  }

  @Bean
  @ConditionalOnProperty(name = "peer.intake", havingValue = "listener")
  RecordListener recordListener(Onboarding onboarding) {
    return new RecordListener(onboarding);
  }

  @Bean
  @ConditionalOnProperty(name = "peer.intake", havingValue = "virtual-threads")
  BatchListener batchListener(Onboarding onboarding) {
    return new BatchListener(onboarding);
  }

  @Bean
  @ConditionalOnProperty(name = "peer.intake", havingValue = "bulk")
  BulkListener bulkListener(Onboarding onboarding, MongoOperations database) {
    return new BulkListener(onboarding, Keeping.accountsAlone(database));
  }

  @Bean
  @ConditionalOnProperty(name = "peer.intake", havingValue = "durable-bulk")
  BulkListener durableBulkListener(Onboarding onboarding, MongoOperations database) {
    return new BulkListener(onboarding, Keeping.allThatIsPromised(database));
  }

  @Bean
  @ConditionalOnProperty(name = "peer.intake", havingValue = "parallel-consumer")
  ParallelConsumer parallelConsumer(
      ConsumerFactory<String, SignIn> consumers, Onboarding onboarding, PeerProperties properties) {
    return new ParallelConsumer(consumers.createConsumer(), onboarding, properties);
  }

  @Bean
  @ConditionalOnProperty(name = "peer.intake", havingValue = "share-group")
  ShareGroup shareGroup(
      ConsumerFactory<String, SignIn> consumers, Onboarding onboarding, PeerProperties properties)
      throws InterruptedException, ExecutionException {
    return new ShareGroup(consumers.getConfigurationProperties(), onboarding, properties);
  }
}
