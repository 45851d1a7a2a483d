package dev.usher.demo;

import dev.usher.events.serialization.RegistryAvroSerializer;
import dev.usher.provisioning.UsherApplication;
import dev.usher.sandbox.Company;
import dev.usher.sandbox.Fault;
import dev.usher.sandbox.Habit;
import dev.usher.sandbox.Habit.Quirk;
import dev.usher.sandbox.IdentityProvider;
import dev.usher.sandbox.Saas;
import dev.usher.sandbox.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * The service with everything around it: a company of 5,000 signs in, and accounts appear in three
 * services, one of which fails now and then. {@code ./mvnw spring-boot:test-run} starts it.
 */
final class Demo {

  private static final List<String> SERVICES = List.of("slack", "github", "figma");

  /** One that the tenant's file does not have yet; the page on connectors connects it. */
  private static final String UNCONNECTED = "pebble";

  private static final String SIGN_INS = "identity.sign-ins";
  private static final String IDENTITY_CHANGES = "identity.changes";
  private static final String CREATED = "provisioning.account-created";
  private static final int PEOPLE = 5_000;
  private static final double SIGN_INS_PER_SECOND = 60;
  private static final double REPEATS = 0.98;

  private Demo() {}

  static void main(String[] args) throws IOException {
    // Logging first, before many threads ask for it at once.
    LoggerFactory.getLogger(Demo.class);
    System.out.println("Starting a broker, a schema registry, a database and three services ...");
    Sandbox sandbox =
        Sandbox.start(
            Stream.concat(SERVICES.stream(), Stream.of(UNCONNECTED)).toArray(String[]::new));
    SpringApplication.getShutdownHandlers().add(sandbox::close);
    createTopics(sandbox);
    trouble(sandbox);

    SpringApplication application = new SpringApplication(UsherApplication.class, Parts.class);
    ConfigurableApplicationContext context =
        application.run(
            Stream.concat(
                    settings(sandbox).entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue()),
                    Stream.of(args))
                .toArray(String[]::new));

    Story story = context.getBean(Story.class);
    story.introduce(addresses(sandbox, context), PEOPLE);
    Bot bot =
        new Bot(sandbox.broker().bootstrapServers(), sandbox.registry().url(), CREATED, story);
    IdentityProvider idp = identityProvider(sandbox);
    // Before the context closes, so that the service is not told of more while it stops.
    context.addApplicationListener(
        (org.springframework.context.event.ContextClosedEvent _) -> {
          idp.close();
          bot.close();
          story.close();
        });
    idp.start(SIGN_INS_PER_SECOND);
    story.start();
  }

  private static void createTopics(Sandbox sandbox) {
    Map<String, String> brokerTime = Map.of("message.timestamp.type", "LogAppendTime");
    sandbox.broker().createTopic(SIGN_INS, 4, brokerTime);
    sandbox.broker().createTopic(SIGN_INS + "-dlt", 1, brokerTime);
    sandbox.broker().createTopic(IDENTITY_CHANGES, 4, brokerTime);
    sandbox.broker().createTopic(IDENTITY_CHANGES + "-dlt", 1, brokerTime);
    sandbox.broker().createTopic(CREATED, 4, brokerTime);
    sandbox.broker().createTopic("provisioning.account-changed", 4, brokerTime);
  }

  /** Services are slow at times, one of them breaks, and one has habits. */
  private static void trouble(Sandbox sandbox) {
    sandbox
        .saas("slack")
        .faults()
        .always(Fault.delay(Duration.ofMillis(10), Duration.ofMillis(60)));
    sandbox
        .saas("github")
        .faults()
        .atRate(
            0.2,
            42,
            List.of(
                Fault.serverError(503),
                Fault.tooManyRequests(Duration.ofSeconds(1)),
                Fault.resetAfterEffect()));
    sandbox
        .saas(UNCONNECTED)
        .habits(Habit.filtersBy("userName"), new Habit.Pages(50), Quirk.DELETE_DEACTIVATES);
  }

  private static Map<String, String> settings(Sandbox sandbox) throws IOException {
    Map<String, String> settings = new HashMap<>();
    settings.put("server.port", "0");
    settings.put("server.address", "127.0.0.1");
    settings.put("spring.main.banner-mode", "off");
    settings.put("spring.main.log-startup-info", "false");
    settings.put("logging.level.root", "error");
    // It asks for `hello`, which the embedded database does not know.
    settings.put("management.health.mongodb.enabled", "false");
    settings.put("spring.kafka.bootstrap-servers", sandbox.broker().bootstrapServers());
    settings.put("spring.kafka.properties.[schema.registry.url]", sandbox.registry().url());
    settings.put("spring.mongodb.uri", sandbox.database().uri("usher"));
    settings.put("usher.tenants.directory", tenantFiles(sandbox).toString());
    settings.put("usher.outbound.private-allowed", "true");
    for (String service : SERVICES) {
      settings.put(
          "usher.secrets.acme." + service.toUpperCase(Locale.ROOT) + "_TOKEN",
          sandbox.saas(service).token());
    }
    return settings;
  }

  private static Path tenantFiles(Sandbox sandbox) throws IOException {
    String text;
    try (InputStream template =
        Objects.requireNonNull(Demo.class.getResourceAsStream("/demo/acme.yaml"))) {
      text = new String(template.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (String service : SERVICES) {
      Saas saas = sandbox.saas(service);
      text = text.replace("URL-OF-" + service, saas.url());
    }
    Path folder = Files.createTempDirectory("usher-demo");
    Path file = Files.writeString(folder.resolve("acme.yaml"), text);
    SpringApplication.getShutdownHandlers()
        .add(
            () -> {
              try {
                Files.deleteIfExists(file);
                Files.deleteIfExists(folder);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    return folder;
  }

  private static IdentityProvider identityProvider(Sandbox sandbox) {
    return new IdentityProvider(
        sandbox.broker().bootstrapServers(),
        Company.ofPeople(PEOPLE, 7),
        IdentityProvider.Habits.of(SIGN_INS).withRepeats(REPEATS),
        RegistryAvroSerializer.of(Map.of("schema.registry.url", sandbox.registry().url())),
        InstantSource.system());
  }

  private static Map<String, String> addresses(
      Sandbox sandbox, ConfigurableApplicationContext context) {
    Map<String, String> addresses = sandbox.addresses();
    addresses.put(
        "HTTP API",
        "http://127.0.0.1:"
            + context.getEnvironment().getProperty("local.server.port")
            + "/actuator");
    addresses.put(
        "tenants", context.getEnvironment().getRequiredProperty("usher.tenants.directory"));
    return addresses;
  }

  /** What the demo adds to the service. */
  @SpringBootConfiguration(proxyBeanMethods = false)
  static class Parts {

    @Bean
    Story story(org.springframework.data.mongodb.MongoDatabaseFactory database) {
      return new Story(
          System.out,
          () ->
              database
                  .getMongoDatabase()
                  .getCollection("accounts")
                  .countDocuments(new org.bson.Document("state", "PENDING")));
    }
  }
}
