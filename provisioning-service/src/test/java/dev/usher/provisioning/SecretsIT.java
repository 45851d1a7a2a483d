package dev.usher.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import dev.usher.provisioning.provision.connector.http.Listener;
import dev.usher.provisioning.provision.connector.http.Listener.Heard;
import dev.usher.provisioning.provision.connector.http.Listener.Says;
import dev.usher.provisioning.testing.SandboxNeighbours;
import dev.usher.provisioning.testing.TestBed;
import dev.usher.sandbox.Saas;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.bson.Document;
import org.bson.json.JsonWriterSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The whole service with secrets of every kind, from files and from settings, at services that send
 * back all that they are told. Nothing that it emits has one of them.
 */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("it looks at all that is printed, and has all of it printed")
class SecretsIT {

  /** All that is planted begins so; none of it is a word of anybody else's. */
  private static final String PLANTED = "planted-";

  private static final String STALE = PLANTED + "stale-9c1";
  private static final String BEARER = PLANTED + "bearer-5f0";
  private static final String MIRRORED = PLANTED + "mirrored-c27";
  private static final String CLIENT_SECRET = PLANTED + "client secret/+1d8";
  private static final String ACCESS_TOKEN = PLANTED + "access-77e";
  private static final String PASSWORD = PLANTED + "password-b04";
  private static final String LITERAL = PLANTED + "literal-e91";
  private static final String WEBHOOK = PLANTED + "webhook-3ab";

  private final TestBed bed = new TestBed(SandboxNeighbours.shared());
  private final Saas saas = Saas.start(BEARER);
  private final Listener mirror = Listener.to(SecretsIT::allThatWasTold);
  private final LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
  @TempDir private Path secrets;

  @AfterEach
  void close() {
    logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.WARN);
    logging.setLogLevel("dev.usher", null);
    bed.close();
    mirror.close();
    saas.close();
  }

  /** A token to whoever asks for one, an empty list, and else an error that repeats the request. */
  private static Says allThatWasTold(Heard heard) {
    String told =
        String.join(" ", heard.headers().values().stream().flatMap(List::stream).toList());
    return switch (heard.path()) {
      case "/token" ->
          Says.status(200, "{\"access_token\":\"%s\",\"expires_in\":600}".formatted(ACCESS_TOKEN));
      case "/closed" ->
          Says.status(400, error("error_description", told + heard.body() + CLIENT_SECRET));
      default ->
          heard.method().equals("GET")
              ? Says.status(200, "{\"totalResults\":0,\"Resources\":[]}")
              : Says.status(400, error("detail", told)).with("Location", "/?" + told);
    };
  }

  private static String error(String field, String text) {
    return JsonNodeFactory.instance
        .objectNode()
        .put(field, text)
        .put("error", "invalid_client")
        .toString();
  }

  private void file(String name, String secret) throws IOException {
    Files.writeString(secrets.resolve("usher.secrets.acme." + name), secret + "\n");
  }

  private String tenant(String slackToken) {
    StringBuilder text = new StringBuilder();
    text.append("tenant: acme\nissuers:\n  staff:\n    id: ").append(TestBed.ISSUER);
    text.append("\n    vouches-for: [acme.example]\ndomains: [acme.example]\nservices:\n");
    String oauth =
        "auth: {type: oauth2-client-credentials, token-url: \"%s/%s\", client-id: usher, client-secret: \"${CLIENT_SECRET}\"}";
    service(text, "slack", saas.url(), "token: \"" + slackToken + "\"");
    service(text, "mirror", mirror.uri(), "token: \"${MIRROR_TOKEN}\"");
    service(text, "oauth", mirror.uri(), oauth.formatted(mirror.uri(), "token"));
    service(text, "closed", mirror.uri(), oauth.formatted(mirror.uri(), "closed"));
    service(
        text, "basic", mirror.uri(), "auth: {type: basic, user: usher, password: \"${PASSWORD}\"}");
    service(
        text, "signed", mirror.uri(), "auth: {type: webhook-signature, secret: \"${WEBHOOK}\"}");
    return text.toString();
  }

  private static void service(StringBuilder text, String name, Object url, String who) {
    text.append(
        """
          %s:
            connector: {type: scim, url: "%s", create: conflicts, %s}
            join:
              - permit: anyone-at-acme
                domain: acme.example
        """
            .formatted(name, url, who)
            .indent(0));
  }

  /** In all the ways in which a secret travels. */
  private static List<String> forms() {
    List<String> forms = new ArrayList<>();
    for (String secret :
        List.of(STALE, BEARER, MIRRORED, CLIENT_SECRET, ACCESS_TOKEN, PASSWORD, LITERAL, WEBHOOK)) {
      forms.add(secret);
      forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
      for (String named :
          List.of(
              secret,
              "usher:" + secret,
              "usher:" + URLEncoder.encode(secret, StandardCharsets.UTF_8))) {
        forms.add(
            Base64.getEncoder()
                .withoutPadding()
                .encodeToString(named.getBytes(StandardCharsets.UTF_8)));
      }
    }
    return forms;
  }

  private static void isClean(String what, CharSequence text) {
    assertThat(text).as(what).isNotEmpty().doesNotContain(PLANTED);
    assertThat(forms()).as(what).noneMatch(text.toString()::contains);
  }

  @Test
  void nothingThatIsEmittedHasASecretAndAFileThatChangesIsReadAgain(CapturedOutput output)
      throws Exception {
    file("SLACK_TOKEN", STALE);
    file("CLIENT_SECRET", CLIENT_SECRET);
    bed.tenant(tenant("${SLACK_TOKEN}"))
        .with("usher.secrets.directory", secrets.toString())
        .with("usher.secrets.acme.MIRROR_TOKEN", MIRRORED)
        .with("usher.secrets.acme.PASSWORD", PASSWORD)
        .with("usher.secrets.acme.WEBHOOK", WEBHOOK)
        .with("usher.provision.backoff", "200ms")
        .with("usher.account.sweep-interval", "100ms")
        .with("usher.tenants.reload-interval", "100ms");
    ConfigurableApplicationContext service = bed.start();
    logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.DEBUG);
    logging.setLogLevel("dev.usher", LogLevel.TRACE);

    bed.publish(TestBed.signIn("ada").build());
    bed.publish("garbage", "no event".getBytes(StandardCharsets.UTF_8));
    bed.awaitChanged(3);
    TestBed.eventually(
        "a try with the stale token", () -> assertThat(saas.requests()).containsKey("POST"));
    assertThat(saas.accounts()).isEmpty();
    file("SLACK_TOKEN", BEARER);
    bed.awaitCreated(1);
    TestBed.eventually(
        "a try where no token is to be had",
        () -> assertThat(mirror.heard()).anyMatch(heard -> heard.path().equals("/closed")));
    bed.tenant(tenant(LITERAL));
    TestBed.eventually(
        "the refusal of a secret in the open",
        () -> assertThat(output.getAll()).contains("Tenant files refused"));

    assertThat(mirror.heard())
        .as("that each secret was used")
        .extracting(heard -> heard.header("Authorization"))
        .contains("Bearer " + MIRRORED, "Bearer " + ACCESS_TOKEN)
        .anyMatch(header -> header.startsWith("Basic "));
    isClean("the logs", output.getAll());
    String port = service.getEnvironment().getProperty("local.server.port");
    for (String path : List.of("prometheus", "health", "info", "health/readiness", "env")) {
      isClean(path, get("http://127.0.0.1:" + port + "/actuator/" + path));
    }
    isClean("the database", documents());
    for (String topic : List.of(bed.created(), bed.changed(), bed.deadLetters())) {
      isClean(topic, records(topic, topic.equals(bed.changed()) ? 3 : 1));
    }
    isClean("the probe", probed());
  }

  private static String get(String url) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(url)).build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() + answer.body();
    }
  }

  private String documents() {
    StringBuilder text = new StringBuilder();
    try (MongoClient client = MongoClients.create(bed.databaseUri())) {
      MongoDatabase database =
          client.getDatabase(URI.create(bed.databaseUri()).getPath().substring(1));
      for (String collection : database.listCollectionNames()) {
        for (Document document : database.getCollection(collection).find()) {
          text.append(document.toJson(JsonWriterSettings.builder().build())).append('\n');
        }
      }
    }
    assertThat(text.toString())
        .as("what was asked of the services is in there, and their words")
        .contains("acme/staff/ada/mirror", "[secret]");
    return text.toString();
  }

  private String records(String topic, int count) {
    StringBuilder text = new StringBuilder();
    for (ConsumerRecord<String, byte[]> each :
        bed.await(topic, new ByteArrayDeserializer(), count)) {
      text.append(each.key()).append(new String(each.value(), StandardCharsets.ISO_8859_1));
      each.headers()
          .forEach(
              header ->
                  text.append(header.key())
                      .append(new String(header.value(), StandardCharsets.ISO_8859_1)));
    }
    return text.toString();
  }

  /** What an operator's probe prints, with all that is wrong. */
  private String probed() throws IOException {
    StringBuilder text = new StringBuilder();
    Path files = Files.createDirectory(secrets.resolve("tenants"));
    for (String token : List.of("${SLACK_TOKEN}", LITERAL)) {
      Files.writeString(files.resolve("acme.yaml"), tenant(token));
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      UsherApplication.probe(
          Stream.of(
                  "tenants.directory=" + files,
                  "secrets.directory=" + secrets,
                  "secrets.acme.MIRROR_TOKEN=" + MIRRORED,
                  "outbound.private-allowed=true")
              .map(each -> "--usher." + each)
              .toList(),
          new PrintStream(printed, true, StandardCharsets.UTF_8));
      text.append(printed.toString(StandardCharsets.UTF_8));
    }
    assertThat(text.toString()).contains("acme/closed  fails", "acme.yaml:");
    return text.toString();
  }
}
