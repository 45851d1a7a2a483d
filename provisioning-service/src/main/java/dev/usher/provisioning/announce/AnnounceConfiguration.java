package dev.usher.provisioning.announce;

import dev.usher.events.serialization.RegistryAvroSerializer;
import dev.usher.provisioning.account.AccountDesk;
import dev.usher.provisioning.account.StageLifecycle;
import dev.usher.provisioning.tenant.TopicProperties;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires announcing. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AnnounceProperties.class)
class AnnounceConfiguration {

  @Bean
  StageLifecycle announcing(
      Producer<String, SpecificRecord> announcer,
      AnnounceProperties properties,
      TopicProperties topics,
      AccountDesk desk,
      InstantSource clock,
      List<AnnouncementObserver> observers) {
    Announcing announcing =
        new Announcing(
            announcer,
            topics,
            desk::advance,
            desk::drop,
            clock,
            properties.retryAfter(),
            observers);
    desk.announcementsGoTo(announcing);
    return new StageLifecycle(StageLifecycle.Turn.ANNOUNCING, () -> {}, announcing::close);
  }

  /** Bound to the registry of meters by Boot. */
  @Bean
  KafkaClientMetrics announcerMetrics(Producer<String, SpecificRecord> announcer) {
    return new KafkaClientMetrics(announcer);
  }

  @Bean
  Producer<String, SpecificRecord> announcer(KafkaProperties kafka, AnnounceProperties properties) {
    Map<String, Object> settings = new HashMap<>(kafka.buildProducerProperties());
    int timeout = Math.toIntExact(properties.deliveryTimeout().toMillis());
    settings.putIfAbsent(ProducerConfig.CLIENT_ID_CONFIG, "usher-announcer");
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    // What is sent goes at once; what comes while a request is under way shares the next.
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeout);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeout);
    settings.remove(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG);
    settings.remove(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);
    RegistryAvroSerializer serializer = new RegistryAvroSerializer();
    serializer.configure(settings, false);
    return new KafkaProducer<>(settings, new StringSerializer(), serializer);
  }
}
