package dev.usher.chaos;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.listener.BatchInterceptor;

/** A bug: the offsets of a batch are committed before anything of it is durable. */
@Configuration(proxyBeanMethods = false)
class OffsetCommittedEarly {

  @Bean
  BatchInterceptor<Object, Object> committingEarly() {
    return (records, consumer) -> {
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      for (ConsumerRecord<Object, Object> record : records) {
        offsets.put(
            new TopicPartition(record.topic(), record.partition()),
            new OffsetAndMetadata(record.offset() + 1));
      }
      consumer.commitSync(offsets);
      return records;
    };
  }
}
