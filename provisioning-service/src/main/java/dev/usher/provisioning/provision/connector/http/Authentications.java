package dev.usher.provisioning.provision.connector.http;

import static dev.usher.provisioning.provision.connector.http.Authentications.Kind.ADDRESS;
import static dev.usher.provisioning.provision.connector.http.Authentications.Kind.PARAMETERS;
import static dev.usher.provisioning.provision.connector.http.Authentications.Kind.SECRET;
import static dev.usher.provisioning.provision.connector.http.Authentications.Kind.TEXT;
import static dev.usher.provisioning.provision.connector.http.Authentications.Kind.TEXT_OR_SECRET;

import dev.usher.policy.Connector;
import dev.usher.policy.Problem;
import dev.usher.policy.Service;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.tenant.Secrets;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads how a service is told who asks: {@code auth: {type: basic, ...}}, or {@code token:
 * ${NAME}}, which is short for {@code auth: {type: bearer, token: ${NAME}}}.
 */
public final class Authentications {

  private static final String AUTH = "auth";
  private static final String TOKEN = "token";
  private static final String TYPE = "type";

  /** The settings that it reads, for {@code Connectors.settings}. */
  public static final List<String> SETTINGS = List.of(AUTH, TOKEN);

  private static final Pattern NUMBER_OR_WORD = Pattern.compile("[A-Za-z0-9_.-]{1,100}");

  private Authentications() {}

  /** What a setting may be. */
  enum Kind {
    SECRET("a reference to a secret, such as `${NAME}`"),
    TEXT_OR_SECRET("text, or a reference to a secret such as `${NAME}`"),
    TEXT("text"),
    ADDRESS("a URL"),
    PARAMETERS("a mapping of names to text");

    private final String expected;

    Kind(String expected) {
      this.expected = expected;
    }

    private boolean takes(Object value) {
      boolean text = value instanceof String || value instanceof Long;
      boolean reference = value instanceof String name && Secrets.isReference(name);
      return switch (this) {
        case SECRET -> reference;
        case TEXT_OR_SECRET -> text;
        case TEXT, ADDRESS -> text && !reference;
        case PARAMETERS ->
            value instanceof Map<?, ?> map
                && map.values().stream()
                    .allMatch(each -> each instanceof String name && !Secrets.isReference(name));
      };
    }
  }

  /** One setting of a type. */
  private record Field(String name, Kind kind, boolean required) {

    static Field required(String name, Kind kind) {
      return new Field(name, kind, true);
    }

    static Field optional(String name, Kind kind) {
      return new Field(name, kind, false);
    }
  }

  /** The types there are. */
  private enum Type {
    BEARER("bearer"),
    BASIC("basic"),
    HEADER("header"),
    OAUTH2("oauth2-client-credentials"),
    GOOGLE("google-service-account"),
    GITHUB("github-app"),
    MTLS("mtls"),
    WEBHOOK("webhook-signature");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    static Optional<Type> of(@Nullable Object text) {
      return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
    }

    List<Field> fields() {
      return switch (this) {
        case BEARER -> List.of(Field.required(TOKEN, SECRET));
        case BASIC ->
            List.of(Field.required("user", TEXT_OR_SECRET), Field.required("password", SECRET));
        case HEADER -> List.of(Field.required("name", TEXT), Field.required("value", SECRET));
        case OAUTH2 ->
            List.of(
                Field.required("token-url", ADDRESS),
                Field.required("client-id", TEXT_OR_SECRET),
                Field.required("client-secret", SECRET),
                Field.optional("credentials-in", TEXT),
                Field.optional("parameters", PARAMETERS));
        case GOOGLE ->
            List.of(
                Field.required("key", SECRET),
                Field.required("subject", TEXT),
                Field.required("scope", TEXT),
                Field.optional("token-url", ADDRESS));
        case GITHUB ->
            List.of(
                Field.required("app-id", TEXT),
                Field.required("installation-id", TEXT),
                Field.required("key", SECRET));
        case MTLS -> List.of(Field.required("key", SECRET), Field.required("certificate", SECRET));
        case WEBHOOK -> List.of(Field.required("secret", SECRET));
      };
    }
  }

  /** All that is wrong with how the service is told who asks. */
  public static List<Problem> problems(Connector connector, Outbound outbound) {
    Object token = connector.settings().get(TOKEN);
    Object auth = connector.settings().get(AUTH);
    if (auth == null) {
      return token != null && SECRET.takes(token)
          ? List.of()
          // The value is not quoted: it may be the secret itself.
          : List.of(
              connector.problem(
                  TOKEN,
                  "`token` must be a reference to a secret; expected such as `${SCIM_TOKEN}`, or `auth` with one of %s"
                      .formatted(types())));
    }
    if (token != null) {
      return List.of(connector.problem(TOKEN, "`token` and `auth`; expected one of them"));
    }
    Optional<Type> type = auth instanceof Map<?, ?> map ? Type.of(map.get(TYPE)) : Optional.empty();
    return type.isEmpty()
        ? List.of(
            connector.problem(
                AUTH + '.' + TYPE,
                "`auth` is of no type that is known; expected `type` to be one of " + types()))
        : problems(connector, type.get(), (Map<?, ?>) auth, outbound);
  }

  private static String types() {
    return Arrays.stream(Type.values())
        .map(type -> '`' + type.text + '`')
        .collect(Collectors.joining(", "));
  }

  private static List<Problem> problems(
      Connector connector, Type type, Map<?, ?> settings, Outbound outbound) {
    List<Problem> problems = new ArrayList<>();
    for (Field field : type.fields()) {
      String path = AUTH + '.' + field.name();
      Object value = settings.get(field.name());
      if (value == null ? field.required() : !field.kind().takes(value)) {
        // The value is not quoted: it may be the secret itself.
        problems.add(
            connector.problem(
                path, "`%s` must be %s".formatted(field.name(), field.kind().expected)));
      } else if (value != null && field.kind() == ADDRESS) {
        problems.addAll(
            BaseUrl.problems(
                connector,
                path,
                value,
                outbound,
                "URL of a token endpoint",
                "https://id.example.com/oauth/token"));
      }
    }
    for (Object name : settings.keySet()) {
      if (!name.equals(TYPE)
          && type.fields().stream().noneMatch(field -> field.name().equals(name))) {
        problems.add(
            connector.problem(
                AUTH + '.' + name,
                "`%s` is no setting of `%s`; expected one of %s"
                    .formatted(
                        name,
                        type.text,
                        type.fields().stream()
                            .map(field -> '`' + field.name() + '`')
                            .collect(Collectors.joining(", ")))));
      }
    }
    if (settings.get("credentials-in") instanceof String where
        && !List.of("header", "body").contains(where)) {
      problems.add(
          connector.problem(
              "auth.credentials-in", "`%s`; expected `header` or `body`".formatted(where)));
    }
    if (type == Type.HEADER
        && settings.get("name") instanceof String name
        && !Request.isName(name)) {
      problems.add(
          connector.problem(
              "auth.name",
              "`%s` is no header's name; expected such as `X-Api-Key`".formatted(name)));
    }
    if (type == Type.GITHUB
        && settings.get("installation-id") != null
        && !NUMBER_OR_WORD.matcher(settings.get("installation-id").toString()).matches()) {
      problems.add(
          connector.problem(
              "auth.installation-id",
              "`%s`; expected a number".formatted(settings.get("installation-id"))));
    }
    return problems;
  }

  /**
   * How the service is told who asks.
   *
   * @param service one without problems
   * @param base where it is
   */
  public static Authentication of(Service service, URI base, Secrets secrets, InstantSource clock) {
    Map<String, Object> all = service.connector().settings();
    Map<?, ?> given =
        all.get(AUTH) instanceof Map<?, ?> map
            ? map
            : Map.of(TYPE, Type.BEARER.text, TOKEN, String.valueOf(all.get(TOKEN)));
    Settings settings = new Settings(service.tenant(), given, secrets);
    Type type =
        Type.of(given.get(TYPE))
            .orElseThrow(() -> new IllegalArgumentException("`" + service + "` has problems"));
    return switch (type) {
      case BEARER -> new Bearer(settings.secret(TOKEN));
      case BASIC -> new Basic(settings.secret("user"), settings.secret("password"));
      case HEADER -> new Key(settings.text("name"), settings.secret("value"));
      case OAUTH2 ->
          new OAuth2(
              settings.address("token-url").orElseThrow(),
              settings.secret("client-id"),
              settings.secret("client-secret"),
              "body".equals(given.get("credentials-in")),
              settings.parameters(),
              clock);
      case GOOGLE ->
          new GoogleServiceAccount(
              settings.address("token-url").orElse(GoogleServiceAccount.ENDPOINT),
              settings.secret("key"),
              settings.text("subject"),
              settings.text("scope"),
              clock);
      case GITHUB ->
          new GithubApp(
              base,
              settings.text("app-id"),
              settings.text("installation-id"),
              settings.secret("key"),
              clock);
      case MTLS -> new MutualTls(settings.secret("key"), settings.secret("certificate"));
      case WEBHOOK -> new SignedWebhook(settings.secret("secret"), clock);
    };
  }

  /** The settings of one {@code auth}, without problems. */
  private record Settings(String tenant, Map<?, ?> given, Secrets secrets) {

    String text(String name) {
      return String.valueOf(given.get(name));
    }

    /** Text that is no reference stands for itself. */
    Secret secret(String name) {
      String text = text(name);
      return new Secret(
          name,
          Secrets.isReference(text)
              ? () -> secrets.resolve(tenant, text)
              : () -> Optional.of(text));
    }

    Optional<URI> address(String name) {
      return given.get(name) == null ? Optional.empty() : BaseUrl.of(given.get(name));
    }

    Map<String, String> parameters() {
      Map<String, String> parameters = new LinkedHashMap<>();
      if (given.get("parameters") instanceof Map<?, ?> map) {
        map.forEach((name, value) -> parameters.put((String) name, (String) value));
      }
      return parameters;
    }
  }
}
