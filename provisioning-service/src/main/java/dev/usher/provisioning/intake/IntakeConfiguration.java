package dev.usher.provisioning.intake;

import static dev.usher.provisioning.intake.IntakeObserver.Kind.IDENTITY_CHANGES;
import static dev.usher.provisioning.intake.IntakeObserver.Kind.SIGN_INS;

import dev.usher.events.IdentityChanged;
import dev.usher.events.SignIn;
import dev.usher.events.serialization.RegistryAvroDeserializer;
import dev.usher.events.serialization.SchemaRegistryClient;
import dev.usher.provisioning.admission.Admission;
import dev.usher.provisioning.person.IdentityChange;
import dev.usher.provisioning.tenant.TopicProperties;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
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

  /** Boot gives it to every listener. */
  @Bean
  PartitionsInHand partitionsInHand(IntakeProgress progress, DeadLetters deadLetters) {
    return new PartitionsInHand(progress, deadLetters);
  }

  /** One for both kinds, since the registry is one. */
  @Bean
  SchemaRegistryClient intakeRegistry(KafkaProperties kafka) {
    return SchemaRegistryClient.connect(kafka.buildConsumerProperties());
  }

  /** Made as listeners are; its name is the listener's in metrics. */
  @Bean("sign-ins")
  ConcurrentMessageListenerContainer<?, ?> signIns(
      ConcurrentKafkaListenerContainerFactory<?, ?> containers,
      SchemaRegistryClient registry,
      TopicProperties topics,
      IntakeProperties properties,
      Admission admission,
      DeadLetters deadLetters,
      IntakeProgress progress,
      List<IntakeObserver> observers) {
    RecordReader<?, dev.usher.provisioning.person.SignIn> reader =
        new RecordReader<>(
            RegistryAvroDeserializer.of(SignIn.class, registry),
            new SignInReading(),
            properties,
            System::nanoTime);
    return listening(
        containers,
        topics.signInTopics(),
        new Intake<>(
            SIGN_INS,
            reader,
            admission::admit,
            deadLetters,
            progress,
            observers,
            System::nanoTime,
            LockSupport::parkNanos));
  }

  /**
   * With a consumer of its own, so that news of whoever leaves does not wait behind those who sign
   * in; and with a group of its own, so that neither rebalances the other.
   */
  @Bean("identity-changes")
  ConcurrentMessageListenerContainer<?, ?> identityChanges(
      ConcurrentKafkaListenerContainerFactory<?, ?> containers,
      KafkaProperties kafka,
      SchemaRegistryClient registry,
      TopicProperties topics,
      IntakeProperties properties,
      Admission admission,
      DeadLetters deadLetters,
      IntakeProgress progress,
      List<IntakeObserver> observers) {
    RecordReader<?, IdentityChange> reader =
        new RecordReader<>(
            RegistryAvroDeserializer.of(IdentityChanged.class, registry),
            new IdentityChangeReading(),
            properties,
            System::nanoTime);
    ConcurrentMessageListenerContainer<?, ?> container =
        listening(
            containers,
            topics.identityChangeTopics(),
            new Intake<>(
                IDENTITY_CHANGES,
                reader,
                admission::change,
                deadLetters,
                progress,
                observers,
                System::nanoTime,
                LockSupport::parkNanos));
    container.setConcurrency(1);
    container
        .getContainerProperties()
        .setGroupId(kafka.getConsumer().getGroupId() + "-identity-changes");
    return container;
  }

  private static ConcurrentMessageListenerContainer<?, ?> listening(
      ConcurrentKafkaListenerContainerFactory<?, ?> containers,
      List<String> topics,
      Intake<?> intake) {
    ConcurrentMessageListenerContainer<?, ?> container =
        containers.createContainer(topics.toArray(String[]::new));
    container.setupMessageListener(intake);
    return container;
  }

  @Bean
  FollowingLifecycle followingAccounts(
      KafkaProperties kafka, TopicProperties topics, Admission admission) {
    Map<String, Object> settings = new HashMap<>(kafka.buildConsumerProperties());
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    // A position that is gone is no reason to go on elsewhere in silence.
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "usher-following");
    return new FollowingLifecycle(
        new FollowingAccounts(
            topics.accountChanged(),
            new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
            admission::forget,
            admission::forgetAll,
            System::nanoTime));
  }

  @Bean
  DeadLetters deadLetters(
      KafkaProperties kafka, IntakeProperties properties, List<IntakeObserver> observers) {
    return new DeadLetters(
        new DefaultKafkaProducerFactory<>(
            deadLetterProducer(kafka, properties),
            new ByteArraySerializer(),
            new ByteArraySerializer()),
        properties.deadLetterTimeout(),
        observers);
  }

  /** The settings of a producer that takes the largest dead letter, either way. */
  static Map<String, Object> deadLetterProducer(
      KafkaProperties kafka, IntakeProperties properties) {
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
    return settings;
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
