package dev.usher.provisioning.testing;

import dev.usher.events.AccountChanged;
import dev.usher.events.AccountCreated;
import dev.usher.events.ActorKind;
import dev.usher.events.IdentityChange;
import dev.usher.events.IdentityChanged;
import dev.usher.events.Outcome;
import dev.usher.events.SignIn;
import dev.usher.events.serialization.EventClasses;
import dev.usher.events.serialization.RegistryAvroDeserializer;
import dev.usher.events.serialization.RegistryAvroSerializer;
import dev.usher.provisioning.UsherApplication;
import dev.usher.sandbox.Saas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/**
 * The whole service between its neighbours, with topics, a database, a tenant and SaaS services of
 * its own, so that tests do not see each other. Everything that waits here waits for an event, and
 * gives up after {@link #PATIENCE}.
 */
public final class TestBed implements AutoCloseable {

  /** How long anything may take before a test fails; never how long a test takes. */
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  public static final String ISSUER = "https://id.acme.example/realms/staff";

  private static final int LARGEST_RECORD = 16 * 1024 * 1024;

  private final Neighbours neighbours;
  private final String id = UUID.randomUUID().toString().substring(0, 8);
  private final Map<String, Saas> services = new LinkedHashMap<>();
  private final Map<String, String> settings = new HashMap<>();
  private final List<Class<?>> sources = new ArrayList<>(List.of(UsherApplication.class));
  private final Path tenantFiles;
  private final KafkaProducer<byte[], byte[]> producer;
  private final RegistryAvroSerializer serializer;
  private final List<ConfigurableApplicationContext> running = new ArrayList<>();

  /**
   * Prepares topics and services; nothing of ours runs yet.
   *
   * @param services the names of the tenant's services
   */
  public TestBed(Neighbours neighbours, String... services) {
    EventClasses.trust();
    this.neighbours = neighbours;
    for (String service : services) {
      this.services.put(service, Saas.start());
    }
    Map<String, String> large =
        Map.of(
            "message.timestamp.type",
            "LogAppendTime",
            "max.message.bytes",
            String.valueOf(LARGEST_RECORD));
    neighbours.createTopic(signIns(), 2, large);
    neighbours.createTopic(deadLetters(), 1, large);
    neighbours.createTopic(identityChanges(), 2, large);
    neighbours.createTopic(identityChanges() + "-dlt", 1, large);
    neighbours.createTopic(created(), 2, large);
    neighbours.createTopic(changed(), 2, large);
    try {
      tenantFiles = Files.createTempDirectory("usher-tenants");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    serializer = RegistryAvroSerializer.of(Map.of("schema.registry.url", neighbours.registryUrl()));
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                neighbours.bootstrapServers(),
                "max.request.size",
                LARGEST_RECORD,
                "buffer.memory",
                4L * LARGEST_RECORD,
                "enable.metrics.push",
                false),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  public String signIns() {
    return "sign-ins-" + id;
  }

  public String deadLetters() {
    return signIns() + "-dlt";
  }

  public String identityChanges() {
    return "identity-changes-" + id;
  }

  public String created() {
    return "created-" + id;
  }

  public String changed() {
    return "changed-" + id;
  }

  /** The consumer group of this bed's instances. */
  public String group() {
    return "usher-" + id;
  }

  public Saas saas(String service) {
    Saas saas = services.get(service);
    if (saas == null) {
      throw new IllegalArgumentException(service);
    }
    return saas;
  }

  /** The connector settings of a service, as they stand in a tenant file. */
  public String connector(String service) {
    return "{type: scim, url: \"%s\", token: \"${%s_TOKEN}\"}"
        .formatted(saas(service).url(), service.toUpperCase(Locale.ROOT));
  }

  /** The tenant file, whose one issuer is {@link #ISSUER}. */
  public TestBed tenant(String text) {
    try {
      // As an editor does it: nobody sees half a file.
      Path draft = Files.writeString(tenantFiles.resolve("acme.draft"), text);
      Files.move(
          draft,
          tenantFiles.resolve("acme.yaml"),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** A tenant whose services let everybody at acme.example in. */
  public TestBed openTenant() {
    StringBuilder text = new StringBuilder();
    text.append("tenant: acme\nissuers:\n  staff:\n    id: ").append(ISSUER).append("\n");
    text.append("    vouches-for: [acme.example]\ndomains: [acme.example]\nservices:\n");
    for (String service : services.keySet()) {
      text.append("  ").append(service).append(":\n    connector: ").append(connector(service));
      text.append("\n    join:\n      - permit: anyone-at-acme\n        domain: acme.example\n");
    }
    return tenant(text.toString());
  }

  /** A property of the service, for those that are started after this. */
  public TestBed with(String property, String value) {
    settings.put(property, value);
    return this;
  }

  /** Beans beside the service's own, for those that are started after this. */
  public TestBed with(Class<?> configuration) {
    sources.add(configuration);
    return this;
  }

  /** Starts an instance of the service. */
  public ConfigurableApplicationContext start() {
    SpringApplication application = new SpringApplication(sources.toArray(Class[]::new));
    application.setRegisterShutdownHook(false);
    application.addInitializers(
        context ->
            context
                .getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("test", settings())));
    ConfigurableApplicationContext context = application.run();
    running.add(context);
    return context;
  }

  /** The properties of those that are started after this. */
  public Map<String, Object> settings() {
    Map<String, Object> all = new HashMap<>();
    all.put("server.port", "0");
    all.put("server.address", "127.0.0.1");
    all.put("spring.main.banner-mode", "off");
    all.put("spring.kafka.bootstrap-servers", neighbours.bootstrapServers());
    all.put("spring.kafka.properties.[schema.registry.url]", neighbours.registryUrl());
    all.put("spring.kafka.consumer.group-id", group());
    // An instance hears by its next heartbeat that another has come, and that one waits for it.
    all.put("spring.kafka.consumer.properties.[heartbeat.interval.ms]", "500");
    all.put("spring.mongodb.uri", databaseUri());
    all.put("usher.topics.sign-ins[0].topic", signIns());
    all.put("usher.topics.identity-changes[0].topic", identityChanges());
    all.put("usher.topics.account-created", created());
    all.put("usher.topics.account-changed", changed());
    all.put("usher.tenants.directory", tenantFiles.toString());
    all.put("usher.outbound.private-allowed", "true");
    services.forEach(
        (name, saas) ->
            all.put(
                "usher.secrets.acme." + name.toUpperCase(Locale.ROOT) + "_TOKEN", saas.token()));
    all.putAll(settings);
    return all;
  }

  /** The database of this bed. */
  public String databaseUri() {
    return neighbours.databaseUri("usher_" + id);
  }

  /** A successful sign-in of a human, verified, at acme.example. */
  public static SignIn.Builder signIn(String subject) {
    EventClasses.trust();
    return SignIn.newBuilder()
        .setEventId("event-" + subject)
        .setOccurredAt(Instant.ofEpochMilli(InstantSource.system().millis()))
        .setIssuer(ISSUER)
        .setSubject(subject)
        .setOutcome(Outcome.SUCCESS)
        .setActorKind(ActorKind.HUMAN)
        .setEmail(subject + "@acme.example")
        .setEmailVerified(true)
        .setDisplayName("Person " + subject)
        .setLocale("de-CH")
        .setTimeZone("Europe/Zurich");
  }

  /** What the directory of {@link #ISSUER} says of a person, of whom it knows as much. */
  public static IdentityChanged.Builder change(String subject, IdentityChange change) {
    EventClasses.trust();
    return IdentityChanged.newBuilder()
        .setEventId(change + "-" + subject)
        .setOccurredAt(Instant.ofEpochMilli(InstantSource.system().millis()))
        .setIssuer(ISSUER)
        .setSubject(subject)
        .setChange(change)
        .setEmail(subject + "@acme.example")
        .setEmailVerified(true)
        .setDisplayName("Person " + subject);
  }

  /** Publishes, and returns once the broker has it. */
  public RecordMetadata publish(IdentityChanged change) {
    return publish(identityChanges(), null, change.getSubject(), bytes(change));
  }

  /** The event as bytes in the wire format. */
  public byte[] bytes(IdentityChanged change) {
    return Objects.requireNonNull(serializer.serialize(identityChanges(), change));
  }

  /** The event as bytes in the wire format. */
  public byte[] bytes(SignIn signIn) {
    byte[] bytes = serializer.serialize(signIns(), signIn);
    if (bytes == null) {
      throw new IllegalStateException("no bytes");
    }
    return bytes;
  }

  /** Publishes, and returns once the broker has it. */
  public RecordMetadata publish(SignIn signIn) {
    return publish(signIn.getSubject(), bytes(signIn));
  }

  /** Publishes without waiting for the broker. */
  public void send(SignIn signIn) {
    Future<RecordMetadata> _ =
        producer.send(
            new ProducerRecord<>(
                signIns(), signIn.getSubject().getBytes(StandardCharsets.UTF_8), bytes(signIn)));
  }

  /** Publishes these bytes as they are. */
  public RecordMetadata publish(String key, byte @Nullable [] value) {
    return publish(signIns(), null, key, value);
  }

  /**
   * Publishes these bytes as they are.
   *
   * @param partition of the topic; null for the key's
   */
  public RecordMetadata publish(
      String topic, @Nullable Integer partition, String key, byte @Nullable [] value) {
    return publish(topic, partition, key, value, Map.of());
  }

  /** The same, with headers. */
  public RecordMetadata publish(
      String topic,
      @Nullable Integer partition,
      String key,
      byte @Nullable [] value,
      Map<String, String> headers) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, partition, key.getBytes(StandardCharsets.UTF_8), value);
    headers.forEach(
        (name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
    try {
      return producer.send(record).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first {@code count} announcements that accounts are there. */
  public List<AccountCreated> awaitCreated(int count) {
    return await(
            created(),
            RegistryAvroDeserializer.of(
                AccountCreated.class, Map.of("schema.registry.url", neighbours.registryUrl())),
            count)
        .stream()
        .map(ConsumerRecord::value)
        .toList();
  }

  /** The first {@code count} announcements that accounts changed. */
  public List<AccountChanged> awaitChanged(int count) {
    return await(
            changed(),
            RegistryAvroDeserializer.of(
                AccountChanged.class, Map.of("schema.registry.url", neighbours.registryUrl())),
            count)
        .stream()
        .map(ConsumerRecord::value)
        .toList();
  }

  /** The first {@code count} dead letters. */
  public List<ConsumerRecord<String, byte[]>> awaitDeadLetters(int count) {
    return await(deadLetters(), new ByteArrayDeserializer(), count);
  }

  /**
   * Reads a topic from its beginning until {@code count} records have come.
   *
   * @return them in the order of their times, since partitions have none among each other
   * @throws AssertionError if they do not come within {@link #PATIENCE}
   */
  public <T> List<ConsumerRecord<String, T>> await(
      String topic, Deserializer<T> deserializer, int count) {
    List<ConsumerRecord<String, T>> records = new ArrayList<>();
    try (Consumer<String, T> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                neighbours.bootstrapServers(),
                "auto.offset.reset",
                "earliest",
                "enable.metrics.push",
                false),
            new StringDeserializer(),
            deserializer)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (records.size() < count) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError(
              "%d of %d records came on `%s` within %s"
                  .formatted(records.size(), count, topic, PATIENCE));
        }
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    records.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
    return records;
  }

  /** Waits until what is asked for holds, looking again and again. */
  public static void eventually(String what, Runnable assertion) {
    Awaitility.await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(assertion::run);
  }

  @Override
  public void close() {
    running.reversed().forEach(ConfigurableApplicationContext::close);
    producer.close();
    services.values().forEach(Saas::close);
    try (Stream<Path> files = Files.walk(tenantFiles)) {
      files.sorted(Comparator.reverseOrder()).forEach(TestBed::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
