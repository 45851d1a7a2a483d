package dev.usher.events.serialization;

import dev.usher.events.serialization.RegistrySettings.Endpoint;
import dev.usher.events.serialization.UnreadableRecordException.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a Schema Registry over its REST API (Confluent's, version 1) and remembers the answers. Safe
 * for use by many threads, which then share what is remembered; while one asks for an id, the
 * others wait for its answer.
 *
 * <p>Bounds: a request takes at most `http.connect.timeout.ms` (5,000) to connect and
 * `http.read.timeout.ms` (10,000) in all, on each of the URLs in turn; an answer has at most 4 MiB;
 * at most `max.schemas.per.subject` (1,000) schemas are remembered. That a registry does not know
 * an id is never remembered.
 */
public final class SchemaRegistryClient implements AutoCloseable {

  private static final int LARGEST_ANSWER = 4 << 20;
  private static final int LONGEST_REASON = 300;
  private static final int MOST_REFERENCES = 100;
  private static final int UNKNOWN_ID = 40403;
  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final RegistrySettings settings;
  private final HttpClient http;
  private final ById<Known> known;
  private final OneAtATime<Integer, Known> asking = new OneAtATime<>();

  /** Which endpoint answered last, and is asked first. */
  private volatile int preferred;

  SchemaRegistryClient(RegistrySettings settings) {
    this.settings = settings;
    this.known = new ById<>(settings.schemaBound());
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.connectTimeout());
    settings.proxy().ifPresent(builder::proxy);
    this.http = builder.build();
  }

  /**
   * A client for the registry at `schema.registry.url`. Nothing is asked yet.
   *
   * @param configs settings under Confluent's names; those of a whole Kafka client may be passed
   * @throws org.apache.kafka.common.config.ConfigException if a setting is wrong, contradicts
   *     another, or looks like one and is not
   */
  public static SchemaRegistryClient connect(Map<String, ?> configs) {
    return new SchemaRegistryClient(RegistrySettings.of(configs, false));
  }

  /**
   * What is known of an id: a schema, or why it is none that Avro can read, which will never
   * change.
   */
  private sealed interface Known {
    record Usable(Schema schema) implements Known {}

    record Useless(String why) implements Known {}
  }

  /** What the registry said, where it said something. */
  private sealed interface Answer {
    record Found(JsonNode body) implements Answer {}

    record Refused(int status, int code, String message) implements Answer {}
  }

  /** A schema and the id it has. */
  record Registered(int id, Schema schema) {}

  /**
   * The schema with this id, from memory or else from the registry.
   *
   * @throws UnknownSchemaIdException if the registry does not know the id
   * @throws UnreadableRecordException if the registry knows it, and it is not a schema of Avro's
   * @throws SchemaRegistryUnavailableException if no registry answers
   * @throws InterruptException if this thread was interrupted while it waited
   */
  public Schema schema(int id) {
    Known answer = known.get(id);
    if (answer == null) {
      answer = asking.ask(id, () -> learn(id));
    }
    return switch (answer) {
      case Known.Usable(Schema schema) -> schema;
      case Known.Useless(String why) ->
          throw new UnreadableRecordException(
              Reason.UNRESOLVABLE_SCHEMA, "schema %d cannot be used: %s".formatted(id, why));
    };
  }

  private Known learn(int id) {
    Known remembered = known.get(id);
    if (remembered != null) {
      return remembered;
    }
    Known learned = fetch(id);
    known.put(id, learned);
    return learned;
  }

  private Known fetch(int id) {
    return switch (ask("GET", "/schemas/ids/" + id, null)) {
      case Answer.Found(JsonNode body) -> parse(body);
      case Answer.Refused(int status, int code, String message) -> {
        if (code == UNKNOWN_ID) {
          throw new UnknownSchemaIdException(
              id, "the registry at %s does not know schema %d".formatted(settings.endpoints(), id));
        }
        throw notARegistry(status, message);
      }
    };
  }

  private Known parse(JsonNode body) {
    String type = body.path("schemaType").asString("AVRO");
    if (!type.equals("AVRO")) {
      return new Known.Useless("its type is `%s`, expected `AVRO`".formatted(shortened(type)));
    }
    try {
      Schema.Parser parser = new Schema.Parser().setValidateDefaults(false);
      return new Known.Usable(parse(parser, body, new int[] {0}));
    } catch (AvroRuntimeException e) {
      return new Known.Useless("it is not Avro: " + shortened(String.valueOf(e.getMessage())));
    }
  }

  /**
   * Parses a schema after those that it refers to, which the registry keeps under subjects of their
   * own.
   */
  private Schema parse(Schema.Parser parser, JsonNode body, int[] references) {
    for (JsonNode reference : body.path("references")) {
      references[0]++;
      if (references[0] > MOST_REFERENCES) {
        throw new AvroRuntimeException("it refers to more than " + MOST_REFERENCES + " others");
      }
      if (parser.getTypes().containsKey(reference.path("name").asString(""))) {
        continue;
      }
      String subject = reference.path("subject").asString("");
      String path =
          "/subjects/%s/versions/%d?deleted=true"
              .formatted(encoded(subject), reference.path("version").asInt(0));
      switch (ask("GET", path, null)) {
        case Answer.Found(JsonNode referred) -> parse(parser, referred, references);
        case Answer.Refused(int status, int _, String message) ->
            throw notARegistry(status, message);
      }
    }
    return parser.parse(text(body, "schema"));
  }

  /**
   * The id that this schema has under this subject.
   *
   * @throws SchemaRefusedException if the registry will not have it, or was not to be given it and
   *     does not have it
   */
  int idOf(String subject, Schema schema, String text) {
    boolean register = settings.registration() == RegistrySettings.Registration.REGISTER;
    String path = "/subjects/" + encoded(subject) + (register ? "/versions" : "");
    String query = settings.normalize() ? "?normalize=true" : "";
    String body = JSON.createObjectNode().put("schema", text).toString();
    return switch (ask("POST", path + query, body)) {
      case Answer.Found(JsonNode found) -> {
        int id = number(found, "id");
        known.put(id, new Known.Usable(schema));
        yield id;
      }
      case Answer.Refused(int status, int code, String message) ->
          throw new SchemaRefusedException(
              subject,
              "the registry refused the schema of `%s` under subject `%s` with %d (%d): %s"
                      .formatted(schema.getFullName(), subject, status, code, message)
                  + (status == 404
                      ? "; register it, or set `auto.register.schemas` to `true`"
                      : ""));
    };
  }

  /**
   * The newest schema under this subject.
   *
   * @throws SchemaRefusedException if there is none, or none that Avro can read
   */
  Registered latest(String subject) {
    return switch (ask("GET", "/subjects/" + encoded(subject) + "/versions/latest", null)) {
      case Answer.Found(JsonNode body) ->
          switch (parse(body)) {
            case Known.Usable(Schema schema) -> new Registered(number(body, "id"), schema);
            case Known.Useless(String why) ->
                throw new SchemaRefusedException(
                    subject,
                    "the newest schema under subject `%s` cannot be used: %s"
                        .formatted(subject, why));
          };
      case Answer.Refused(int status, int code, String message) ->
          throw new SchemaRefusedException(
              subject,
              "the registry has no newest schema under subject `%s`: %d (%d): %s"
                  .formatted(subject, status, code, message));
    };
  }

  RegistrySettings settings() {
    return settings;
  }

  /** Asks one endpoint after the other until one answers. */
  private Answer ask(String method, String path, @Nullable String body) {
    List<Endpoint> endpoints = settings.endpoints();
    List<String> failures = new ArrayList<>();
    int first = preferred;
    for (int i = 0; i < endpoints.size(); i++) {
      int at = (first + i) % endpoints.size();
      Endpoint endpoint = endpoints.get(at);
      HttpResponse<byte[]> response;
      try {
        response = send(endpoint, method, path, body);
      } catch (IOException e) {
        failures.add("%s: %s".formatted(endpoint, said(e)));
        continue;
      }
      int status = response.statusCode();
      if (status == 429 || status >= 500) {
        failures.add("%s: answered %d".formatted(endpoint, status));
        continue;
      }
      preferred = at;
      return answer(endpoint, status, response.body());
    }
    throw new SchemaRegistryUnavailableException(
        "no Schema Registry answers: " + String.join("; ", failures));
  }

  private HttpResponse<byte[]> send(
      Endpoint endpoint, String method, String path, @Nullable String body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(endpoint.base() + path))
            .timeout(settings.requestTimeout())
            .header("Accept", MEDIA_TYPE + ", application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", MEDIA_TYPE);
    }
    if (endpoint.authorization() != null) {
      request.header("Authorization", endpoint.authorization());
    }
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER));
    try {
      // The request's own time limit ends with the headers; this one covers the body too.
      return answer.get(settings.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      answer.cancel(true);
      throw new IOException(
          "no whole answer within " + settings.requestTimeout().toMillis() + " ms");
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  private Answer answer(Endpoint endpoint, int status, byte[] body) {
    if (status == 401 || status == 403) {
      throw new SchemaRegistryUnavailableException(
          "%s answered %d: %s"
              .formatted(
                  endpoint,
                  status,
                  endpoint.authorization() == null
                      ? "it wants credentials; set `basic.auth.credentials.source` and `basic.auth.user.info`, or `bearer.auth.token`"
                      : endpoint.authorization().startsWith("Bearer ")
                          ? "look at `bearer.auth.token`"
                          : "look at `basic.auth.user.info`, or at the user in `schema.registry.url`"));
    }
    JsonNode json;
    try {
      json = JSON.readTree(body);
    } catch (JacksonException _) {
      json = JSON.missingNode();
    }
    if (status == 200 && json.isObject()) {
      return new Answer.Found(json);
    }
    int code = json.path("error_code").asInt(0);
    // A wrong path is answered with 404 too, by a registry with this very code.
    if (status == 404 ? code > 40_400 : (status == 409 || status == 422) && code != 0) {
      return new Answer.Refused(status, code, shortened(json.path("message").asString("")));
    }
    throw notARegistry(status, "from " + endpoint);
  }

  private SchemaRegistryUnavailableException notARegistry(int status, String message) {
    return new SchemaRegistryUnavailableException(
        "answered %d as no Schema Registry does (%s): look at `schema.registry.url`, which is `%s`"
            .formatted(status, message, settings.endpoints()));
  }

  private String text(JsonNode body, String field) {
    JsonNode value = body.path(field);
    if (!value.isString()) {
      throw notARegistry(200, "without `" + field + "`");
    }
    return value.asString();
  }

  private int number(JsonNode body, String field) {
    JsonNode value = body.path(field);
    if (!value.isInt() || value.asInt() < 0) {
      throw notARegistry(200, "without `" + field + "`");
    }
    return value.asInt();
  }

  private static String said(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    String kind = root.getClass().getSimpleName();
    return message == null
        ? kind
        : shortened(kind.equals("IOException") ? message : kind + ": " + message);
  }

  private static String encoded(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "...";
  }

  /** Ends the connections. Requests under way fail. */
  @Override
  public void close() {
    http.shutdownNow();
  }
}
