package dev.usher.provisioning.intake;

import dev.usher.events.IdentityChanged;
import dev.usher.events.SignIn;
import dev.usher.events.serialization.RegistryAvroDeserializer;
import dev.usher.events.serialization.SchemaRegistryClient;
import dev.usher.events.serialization.UnknownSchemaIdException;
import dev.usher.events.serialization.UnreadableRecordException;
import dev.usher.provisioning.tenant.TopicProperties;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * {@code java -jar usher.jar replay-dead-letters}: replays dead letters, with the service's own
 * settings and without the service. Exit status 0 is good, 1 says that not all were replayed, 2
 * that the command was not understood.
 */
public final class ReplayCommandLine {

  /** The first argument that asks for it. */
  public static final String COMMAND = "replay-dead-letters";

  private static final int GOOD = 0;
  private static final int BAD = 1;
  private static final int MISUSED = 2;

  /** Kept in the broker as the offsets of a group of this name behind the service's own. */
  private static final String GROUP_SUFFIX = "-replays";

  private static final String USAGE =
      """
      usage: replay-dead-letters [OPTION]... [--SETTING=VALUE]...
        --topic TOPIC      that they came from, without `-dlt`; several are given one by one (all)
        --reason REASON    why they are dead letters; several are given one by one (any)
        --issuer ISS       who they are from; what cannot be read is nobody's (anybody)
        --partition N      of the dead-letter topic (all)
        --offsets FROM-TO  in the dead-letter topic (all)
        --since TIME       when they became dead letters, as 2026-03-02T08:00:00Z (ever)
        --until TIME       likewise
        --limit N          how many at most (1000)
        --dry-run          only say what would be done
        --again            also those that were replayed before
      A setting has a dot in its name: --spring.kafka.bootstrap-servers=kafka:9092
      """;

  private final PrintStream out;

  /** Says on {@code out} what happened to each. */
  public ReplayCommandLine(PrintStream out) {
    this.out = out;
  }

  /**
   * Runs the command.
   *
   * @param arguments without the command's name
   * @return the exit status
   */
  public int run(List<String> arguments) {
    Selection selection;
    try {
      selection = Selection.of(arguments.stream().filter(each -> !isSetting(each)).toList());
    } catch (IllegalArgumentException e) {
      out.println(e.getMessage());
      out.print(USAGE);
      return MISUSED;
    }
    SpringApplication settings = new SpringApplication(NoBeans.class);
    settings.setWebApplicationType(WebApplicationType.NONE);
    settings.setBannerMode(Banner.Mode.OFF);
    settings.setLogStartupInfo(false);
    settings.setRegisterShutdownHook(false);
    try (ConfigurableApplicationContext context =
        settings.run(
            arguments.stream().filter(ReplayCommandLine::isSetting).toArray(String[]::new))) {
      return run(selection, Binder.get(context.getEnvironment()));
    } catch (KafkaException e) {
      // Kafka's own, or that the registry does not answer, which tells the issuer.
      out.println("It cannot go on: " + e.getMessage());
      return BAD;
    }
  }

  private static boolean isSetting(String argument) {
    int end = argument.indexOf('=');
    return argument.startsWith("--") && end > 0 && argument.substring(0, end).contains(".");
  }

  private int run(Selection selection, Binder settings) {
    TopicProperties topics = settings.bindOrCreate("usher.topics", TopicProperties.class);
    KafkaProperties kafka = settings.bindOrCreate("spring.kafka", KafkaProperties.class);
    IntakeProperties intake = settings.bindOrCreate("usher.intake", IntakeProperties.class);
    List<String> unknown =
        selection.topics().stream().filter(each -> !topics.inputTopics().contains(each)).toList();
    if (!unknown.isEmpty()) {
      out.printf(
          "`%s` is no topic that the service reads; expected of %s%n",
          unknown.getFirst(), topics.inputTopics());
      return MISUSED;
    }
    try (SchemaRegistryClient registry =
            SchemaRegistryClient.connect(kafka.buildConsumerProperties());
        Consumer<byte[], byte[]> letters = consumer(kafka);
        Producer<byte[], byte[]> producer =
            new KafkaProducer<>(
                IntakeConfiguration.deadLetterProducer(kafka, intake),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      boolean all =
          new ReplayingDeadLetters(
                  letters, producer, issuer(topics, registry), selection, out::println)
              .run(
                  topics.inputTopics().stream()
                      .filter(
                          each -> selection.topics().isEmpty() || selection.topics().contains(each))
                      .toList());
      return all ? GOOD : BAD;
    }
  }

  private static Consumer<byte[], byte[]> consumer(KafkaProperties kafka) {
    Map<String, Object> settings = new HashMap<>(kafka.buildConsumerProperties());
    settings.compute(
        ConsumerConfig.GROUP_ID_CONFIG,
        (_, group) -> (group == null ? "usher" : group) + GROUP_SUFFIX);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, ReplayingDeadLetters.BETWEEN_NOTES);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Who a dead letter is from, as far as it can be read by now. */
  private static Function<ConsumerRecord<byte[], byte[]>, @Nullable String> issuer(
      TopicProperties topics, SchemaRegistryClient registry) {
    RegistryAvroDeserializer<SignIn> signIns = RegistryAvroDeserializer.of(SignIn.class, registry);
    RegistryAvroDeserializer<IdentityChanged> changes =
        RegistryAvroDeserializer.of(IdentityChanged.class, registry);
    return letter -> {
      if (letter.value() == null) {
        return null;
      }
      String topic =
          letter.topic().substring(0, letter.topic().length() - DeadLetters.SUFFIX.length());
      try {
        return topics.signInTopics().contains(topic)
            ? signIns.decode(letter.value(), 0, letter.value().length).getIssuer()
            : changes.decode(letter.value(), 0, letter.value().length).getIssuer();
      } catch (UnreadableRecordException | UnknownSchemaIdException e) {
        return null;
      }
    };
  }

  /** For its settings alone. */
  private static final class NoBeans {}
}
