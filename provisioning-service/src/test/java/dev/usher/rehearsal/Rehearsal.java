package dev.usher.rehearsal;

import dev.usher.events.AccountCreated;
import dev.usher.events.serialization.RegistryAvroDeserializer;
import dev.usher.events.serialization.RegistryAvroSerializer;
import dev.usher.sandbox.Company;
import dev.usher.sandbox.IdentityProvider;
import dev.usher.sandbox.Ports;
import dev.usher.sandbox.Sandbox;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.LoggerFactory;

/**
 * Starts the service as a process of its own between real neighbours, has a company sign in until
 * accounts have been announced, asks for its health and metrics, and ends it in an orderly way.
 * With {@code -XX:AOTCacheOutput=FILE} in the command, the JVM leaves there what it has learned:
 *
 * <pre>
 * {@code java ... dev.usher.rehearsal.Rehearsal java -XX:AOTCacheOutput=usher.aot -jar usher.jar}
 * </pre>
 */
final class Rehearsal {

  private static final String SIGN_INS = "identity.sign-ins";
  private static final String CREATED = "provisioning.account-created";
  private static final int PEOPLE = 1_000;
  private static final int SIGN_INS_IN_ALL = 5_000;
  private static final double PER_SECOND = 1_000;
  private static final double REPEATS = 0.8;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private Rehearsal() {}

  /**
   * Rehearses.
   *
   * @param command starts the service; its settings are appended
   */
  static void main(String[] command) throws IOException, InterruptedException {
    // Logging first, before many threads ask for it at once.
    LoggerFactory.getLogger(Rehearsal.class);
    Path folder = Files.createTempDirectory("usher-rehearsal");
    Path tenantFile = folder.resolve("acme.yaml");
    int port = Ports.free();
    try (Sandbox sandbox = Sandbox.start("slack")) {
      for (String topic :
          List.of(SIGN_INS, SIGN_INS + "-dlt", CREATED, "provisioning.account-changed")) {
        sandbox.broker().createTopic(topic, 2, Map.of("message.timestamp.type", "LogAppendTime"));
      }
      Files.writeString(tenantFile, tenant(sandbox.saas("slack").url()));
      List<String> whole = new ArrayList<>(List.of(command));
      settings(sandbox, folder, port)
          .forEach((name, value) -> whole.add("--" + name + "=" + value));
      Process service = new ProcessBuilder(whole).inheritIO().start();
      try {
        rehearse(sandbox, service, port);
      } finally {
        service.destroy();
        if (!service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          service.destroyForcibly();
        }
      }
      System.out.println("The service ended with " + service.exitValue());
    } finally {
      Files.deleteIfExists(tenantFile);
      Files.deleteIfExists(folder);
    }
  }

  private static String tenant(String url) {
    return """
      tenant: acme
      issuers:
        staff: {id: https://id.acme.example/realms/staff, vouches-for: [acme.example, acme.io]}
      domains: [acme.example, acme.io]
      services:
        slack:
          connector: {type: scim, url: "%s", token: "${SLACK_TOKEN}"}
          join:
            - permit: anyone-at-acme
              domain: [acme.example, acme.io]
            - permit: partners-from-the-office
              domain: partner.example
              network: [203.0.113.0/24, "2001:db8::/32"]
              group: partners
            - forbid: interns-without-mfa
              when: '"interns" in person.groups && signIn.mfa == false'
      """
        .formatted(url);
  }

  private static void rehearse(Sandbox sandbox, Process service, int port)
      throws IOException, InterruptedException {
    awaitReadiness(service, port);
    try (IdentityProvider idp = identityProvider(sandbox)) {
      idp.start(PER_SECOND);
      int created = awaitCreated(sandbox, service);
      System.out.println(created + " accounts were announced");
    }
    if (get(port, "/actuator/prometheus") != 200) {
      throw new IllegalStateException("the service gives no metrics");
    }
  }

  private static IdentityProvider identityProvider(Sandbox sandbox) {
    return new IdentityProvider(
        sandbox.broker().bootstrapServers(),
        Company.ofPeople(PEOPLE, 7),
        IdentityProvider.Habits.of(SIGN_INS).withRepeats(REPEATS),
        RegistryAvroSerializer.of(Map.of("schema.registry.url", sandbox.registry().url())),
        InstantSource.system());
  }

  private static Map<String, String> settings(Sandbox sandbox, Path tenantFiles, int port) {
    return Map.of(
        "server.port", String.valueOf(port),
        "server.address", "127.0.0.1",
        "spring.kafka.bootstrap-servers", sandbox.broker().bootstrapServers(),
        "spring.kafka.properties.[schema.registry.url]", sandbox.registry().url(),
        "spring.mongodb.uri", sandbox.database().uri("usher"),
        "usher.tenants.directory", tenantFiles.toString(),
        "usher.outbound.private-allowed", "true",
        "usher.secrets.acme.SLACK_TOKEN", sandbox.saas("slack").token());
  }

  private static int awaitCreated(Sandbox sandbox, Process service) {
    int wanted = (int) (SIGN_INS_IN_ALL * (1 - REPEATS) / 2);
    long until = System.nanoTime() + PATIENCE.toNanos();
    int seen = 0;
    try (KafkaConsumer<byte[], AccountCreated> bot =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", sandbox.broker().bootstrapServers(),
                "group.id", "rehearsal",
                "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            RegistryAvroDeserializer.of(
                AccountCreated.class, Map.of("schema.registry.url", sandbox.registry().url())))) {
      bot.subscribe(List.of(CREATED));
      while (seen < wanted) {
        mustGoOn(service, until);
        seen += bot.poll(Duration.ofMillis(200)).count();
      }
    }
    return seen;
  }

  private static void awaitReadiness(Process service, int port)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (get(port, "/actuator/health/readiness") != 200) {
      mustGoOn(service, until);
      // Returns early if the service ends, which is worth knowing.
      service.waitFor(200, TimeUnit.MILLISECONDS);
    }
  }

  private static void mustGoOn(Process service, long untilNanos) {
    if (!service.isAlive() || untilNanos - System.nanoTime() < 0) {
      throw new IllegalStateException("the service does not do what it should; see what it said");
    }
  }

  /** The status; 0 while nobody listens. */
  private static int get(int port, String path) throws InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
          .statusCode();
    } catch (IOException _) {
      return 0;
    }
  }
}
