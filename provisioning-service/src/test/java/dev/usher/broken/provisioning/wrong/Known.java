package dev.usher.broken.provisioning.wrong;

/** Knows what only others may know. */
public final class Known {

  String kafka(org.apache.kafka.clients.consumer.ConsumerRecord<String, String> record) {
    return record.topic();
  }

  String mongo(org.bson.Document document) {
    return document.toJson();
  }

  String resilience(io.github.resilience4j.retry.Retry retry) {
    return retry.getName();
  }

  String http(java.net.http.HttpClient client) {
    return client.toString();
  }

  String spring(org.springframework.context.ApplicationContext context) {
    return context.getId();
  }

  long time() {
    return System.nanoTime();
  }
}
