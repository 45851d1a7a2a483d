package dev.usher.provisioning.intake;

import dev.usher.events.SignIn;
import dev.usher.events.serialization.RegistryAvroDeserializer;
import dev.usher.provisioning.admission.Admission;
import dev.usher.provisioning.tenant.TopicProperties;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

/** Wires intake. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IntakeProperties.class)
class IntakeConfiguration {

  @Bean
  IntakeProgress intakeProgress(InstantSource clock) {
    return new IntakeProgress(clock);
  }

  /** Named, for the listener's annotation. */
  @Bean
  List<String> signInTopics(TopicProperties topics) {
    return topics.signInTopics();
  }

  @Bean
  SignInListener signInListener(
      KafkaProperties kafka,
      IntakeProperties properties,
      Admission admission,
      DeadLetters deadLetters,
      IntakeProgress progress,
      List<IntakeObserver> observers) {
    SignInReader reader =
        new SignInReader(
            RegistryAvroDeserializer.of(SignIn.class, kafka.buildConsumerProperties()),
            properties,
            System::nanoTime);
    return new SignInListener(reader, admission, deadLetters, progress, observers);
  }

  @Bean
  DeadLetters deadLetters(KafkaProperties kafka, IntakeProperties properties) {
    Map<String, Object> settings = new HashMap<>(kafka.buildProducerProperties());
    settings.put(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        Math.toIntExact(properties.deadLetterMaxSize().toBytes()));
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 2 * properties.deadLetterMaxSize().toBytes());
    int timeout = Math.toIntExact(properties.deadLetterTimeout().toMillis());
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeout);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeout);
    return new DeadLetters(
        new DefaultKafkaProducerFactory<>(
            settings, new ByteArraySerializer(), new ByteArraySerializer()),
        properties.deadLetterTimeout());
  }

  /**
   * Whatever a batch fails with, it is delivered again until it succeeds; meanwhile the consumer is
   * paused and polls on, so that nobody takes it for dead. Nothing is ever skipped.
   */
  @Bean
  DefaultErrorHandler intakeErrorHandler(IntakeProperties properties) {
    ExponentialBackOff forever = new ExponentialBackOff(100, 2);
    forever.setMaxInterval(properties.longestWait().toMillis());
    DefaultErrorHandler handler =
        new DefaultErrorHandler(
            (record, failure) -> {
              throw new IllegalStateException("No record is ever skipped", failure);
            },
            forever);
    // By default some exceptions count as hopeless, and their records as skippable.
    handler.setClassifications(Map.of(), true);
    return handler;
  }
}
