package dev.usher.events.serialization;

import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * The settings that the serializer and the deserializer understand, under Confluent's names.
 * Settings that are not about schemas are left alone, since Kafka hands over those of the whole
 * client; one that looks as if it were and is not known is an error.
 *
 * @param endpoints where the registry is, in the order to be asked, at least one
 * @param connectTimeout longest wait for a connection
 * @param requestTimeout longest wait for a whole answer of one endpoint
 * @param schemaBound most schemas remembered, of each kind
 */
record RegistrySettings(
    List<Endpoint> endpoints,
    Optional<ProxySelector> proxy,
    Duration connectTimeout,
    Duration requestTimeout,
    int schemaBound,
    Registration registration,
    boolean normalize,
    boolean withoutJavaProperties,
    SubjectNaming naming,
    boolean isKey,
    Optional<Class<? extends SpecificRecord>> readerType) {

  static final String URL = "schema.registry.url";
  static final String BASIC_SOURCE = "basic.auth.credentials.source";
  static final String USER_INFO = "basic.auth.user.info";
  static final String BEARER_SOURCE = "bearer.auth.credentials.source";
  static final String BEARER_TOKEN = "bearer.auth.token";
  static final String CONNECT_TIMEOUT = "http.connect.timeout.ms";
  static final String READ_TIMEOUT = "http.read.timeout.ms";
  static final String PROXY_HOST = "proxy.host";
  static final String PROXY_PORT = "proxy.port";
  static final String SCHEMA_BOUND = "max.schemas.per.subject";
  static final String AUTO_REGISTER = "auto.register.schemas";
  static final String USE_LATEST = "use.latest.version";
  static final String NORMALIZE = "normalize.schemas";
  static final String NO_JAVA_PROPERTIES = "avro.remove.java.properties";
  static final String KEY_NAMING = "key.subject.name.strategy";
  static final String VALUE_NAMING = "value.subject.name.strategy";
  static final String SPECIFIC_READER = "specific.avro.reader";
  static final String KEY_TYPE = "specific.avro.key.type";
  static final String VALUE_TYPE = "specific.avro.value.type";

  /** All the names above: what can be set. */
  static final Set<String> KNOWN =
      Set.of(
          URL,
          BASIC_SOURCE,
          USER_INFO,
          BEARER_SOURCE,
          BEARER_TOKEN,
          CONNECT_TIMEOUT,
          READ_TIMEOUT,
          PROXY_HOST,
          PROXY_PORT,
          SCHEMA_BOUND,
          AUTO_REGISTER,
          USE_LATEST,
          NORMALIZE,
          NO_JAVA_PROPERTIES,
          KEY_NAMING,
          VALUE_NAMING,
          SPECIFIC_READER,
          KEY_TYPE,
          VALUE_TYPE);

  /** Confluent's settings of the client, which may also be written with this before them. */
  private static final String CLIENT_PREFIX = "schema.registry.";

  private static final Set<String> CLIENT_KNOWN =
      Set.of(
          BASIC_SOURCE,
          USER_INFO,
          BEARER_SOURCE,
          BEARER_TOKEN,
          CONNECT_TIMEOUT,
          READ_TIMEOUT,
          PROXY_HOST,
          PROXY_PORT);

  /** Confluent's settings that change nothing here, whatever they are set to. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "avro.use.logical.type.converters",
          "latest.cache.size",
          "latest.cache.ttl.sec",
          "max.retries",
          "retries.max.wait.ms",
          "retries.wait.ms",
          "rule.service.loader.enable");

  /** Confluent's settings that are not offered, and what is done as if they had this value. */
  private static final Map<String, String> FIXED =
      Map.ofEntries(
          Map.entry("avro.reflection.allow.null", "false"),
          Map.entry("context.name.strategy", "NullContextNameStrategy"),
          Map.entry("id.compatibility.strict", "true"),
          Map.entry("latest.compatibility.strict", "true"),
          Map.entry("propagate.schema.tags", "false"),
          Map.entry("schema.reflection", "false"),
          Map.entry("schema.registry.url.randomize", "false"),
          Map.entry("use.schema.id", "-1"));

  /** What begins like this is about schemas, so an unknown one is an error. */
  private static final List<String> FAMILIES =
      List.of(
          "schema.registry.",
          "basic.auth.",
          "bearer.auth.",
          "auto.register.",
          "use.latest.",
          "use.schema.",
          "specific.avro.",
          "avro.",
          "key.subject.",
          "value.subject.",
          "normalize.",
          "request.header.",
          "rule.",
          "schema.format",
          "key.schema.id.",
          "value.schema.id.");

  private static final int MOST_ENDPOINTS = 16;

  /** How the serializer comes by the id of its schema. */
  enum Registration {
    /** It registers its schema; the registry answers with the id it had, if it had one. */
    REGISTER,
    /** Somebody else has registered it. */
    LOOK_UP,
    /** It writes with the newest version under the subject, whichever that is. */
    USE_LATEST
  }

  /**
   * One address of the registry.
   *
   * @param base scheme, host, port and path, without user information and without a slash at the
   *     end
   * @param authorization the value of the `Authorization` header: a secret
   */
  record Endpoint(URI base, @Nullable String authorization) {
    @Override
    public String toString() {
      return base.toString();
    }
  }

  /** Says where it is, and no secret. */
  @Override
  public String toString() {
    return "registry at " + endpoints;
  }

  static RegistrySettings of(Map<String, ?> configs, boolean isKey) {
    refuseTheUnknown(configs);
    Optional<String> proxyHost = text(configs, PROXY_HOST);
    return new RegistrySettings(
        endpoints(configs),
        proxyHost.map(
            host ->
                ProxySelector.of(
                    InetSocketAddress.createUnresolved(
                        host, whole(configs, PROXY_PORT, 3128, 1, 65_535)))),
        Duration.ofMillis(whole(configs, CONNECT_TIMEOUT, 5_000, 1, 600_000)),
        Duration.ofMillis(whole(configs, READ_TIMEOUT, 10_000, 1, 600_000)),
        whole(configs, SCHEMA_BOUND, 1_000, 1, 100_000),
        registration(configs),
        flag(configs, NORMALIZE, false),
        flag(configs, NO_JAVA_PROPERTIES, false),
        naming(configs, isKey ? KEY_NAMING : VALUE_NAMING),
        isKey,
        readerType(configs, isKey ? KEY_TYPE : VALUE_TYPE));
  }

  /** The deserializer makes generated classes only. */
  static void mustReadSpecific(Map<String, ?> configs) {
    if (!flag(configs, SPECIFIC_READER, true)) {
      throw new ConfigException(
          "`%s` is `false`, but this deserializer makes generated classes only: remove it or set it to `true`"
              .formatted(SPECIFIC_READER));
    }
  }

  private static void refuseTheUnknown(Map<String, ?> configs) {
    for (String name : new TreeSet<>(configs.keySet())) {
      if (known(name) || WITHOUT_EFFECT.contains(name)) {
        continue;
      }
      String fixed = FIXED.get(name);
      if (fixed != null) {
        String value = text(configs, name).orElse(fixed);
        if (!value.equalsIgnoreCase(fixed) && !value.endsWith("." + fixed)) {
          throw new ConfigException(
              "`%s` cannot be set to `%s` here: remove it or set it to `%s`"
                  .formatted(name, value, fixed));
        }
      } else if (name.contains(".ssl.") && name.startsWith(CLIENT_PREFIX)) {
        throw new ConfigException(
            "`%s` is not supported: the registry is trusted as the JVM trusts; set the system property `javax.net.ssl.%s`"
                .formatted(name, name.contains("keystore") ? "keyStore" : "trustStore"));
      } else if (FAMILIES.stream().anyMatch(name::startsWith)) {
        throw new ConfigException(
            "`%s` is no setting of this (de)serializer; the nearest is `%s`"
                .formatted(name, nearest(name)));
      }
    }
  }

  private static boolean known(String name) {
    return KNOWN.contains(name)
        || (name.startsWith(CLIENT_PREFIX)
            && CLIENT_KNOWN.contains(name.substring(CLIENT_PREFIX.length())));
  }

  private static String nearest(String name) {
    String nearest = URL;
    for (String candidate : new TreeSet<>(KNOWN)) {
      if (distance(name, candidate) < distance(name, nearest)) {
        nearest = candidate;
      }
    }
    return nearest;
  }

  /** Levenshtein's distance. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int substituted = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }

  private static List<Endpoint> endpoints(Map<String, ?> configs) {
    List<String> urls = new ArrayList<>();
    switch (configs.get(URL)) {
      case null -> {}
      case Collection<?> several -> several.forEach(each -> urls.add(each.toString().strip()));
      case Object one -> urls.addAll(List.of(one.toString().strip().split("\\s*,\\s*", -1)));
    }
    if (urls.isEmpty() || urls.size() > MOST_ENDPOINTS || urls.contains("")) {
      throw new ConfigException(
          "`%s` must be 1 to %d URLs with commas between them, such as `http://registry:8081`"
              .formatted(URL, MOST_ENDPOINTS));
    }
    Credentials credentials = Credentials.of(configs);
    return urls.stream().map(url -> endpoint(url, credentials)).toList();
  }

  private static Endpoint endpoint(String url, Credentials credentials) {
    // What stands before the last `@` can be a password and must not be quoted.
    String quotable = url.replaceFirst("//.*@", "//***@");
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException _) {
      throw new ConfigException(
          "`%s` in `%s` is no URL; expected one such as `http://registry:8081`"
              .formatted(quotable, URL));
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
      throw new ConfigException(
          "`%s` in `%s` must begin with `http://` or `https://` and name a host"
              .formatted(quotable, URL));
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new ConfigException(
          "`%s` in `%s` must have neither `?` nor `#`".formatted(quotable, URL));
    }
    String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("/+$", "");
    int port = uri.getPort();
    URI base = URI.create(scheme + "://" + uri.getHost() + (port < 0 ? "" : ":" + port) + path);
    return new Endpoint(base, credentials.authorization(base, uri.getRawUserInfo()));
  }

  /** Where the `Authorization` header comes from. */
  private sealed interface Credentials {

    @Nullable String authorization(URI base, @Nullable String rawUserInfo);

    /** As the URL says, which may be nothing. */
    record FromUrl() implements Credentials {
      @Override
      public @Nullable String authorization(URI base, @Nullable String rawUserInfo) {
        return rawUserInfo == null
            ? null
            : basic(URLDecoder.decode(rawUserInfo.replace("+", "%2B"), StandardCharsets.UTF_8));
      }
    }

    /** The same for every URL. */
    record Given(String header, String setting) implements Credentials {
      @Override
      public String authorization(URI base, @Nullable String rawUserInfo) {
        if (rawUserInfo != null) {
          throw new ConfigException(
              "`%s` carries a user, and so does `%s`: keep one of them".formatted(base, setting));
        }
        return header;
      }

      @Override
      public String toString() {
        return setting;
      }
    }

    static Credentials of(Map<String, ?> configs) {
      String source = text(configs, BASIC_SOURCE).orElse("URL");
      Optional<String> userInfo = text(configs, USER_INFO);
      Optional<String> token = text(configs, BEARER_TOKEN);
      text(configs, BEARER_SOURCE)
          .filter(bearer -> !bearer.equals("STATIC_TOKEN"))
          .ifPresent(
              bearer -> {
                throw new ConfigException(
                    "`%s` is `%s`; only `STATIC_TOKEN` with `%s` is supported"
                        .formatted(BEARER_SOURCE, bearer, BEARER_TOKEN));
              });
      if (text(configs, BEARER_SOURCE).isPresent() && token.isEmpty()) {
        throw new ConfigException(
            "`%s` is set and `%s` is not: set it".formatted(BEARER_SOURCE, BEARER_TOKEN));
      }
      boolean given = source.equals("USER_INFO");
      if (!given && !source.equals("URL")) {
        throw new ConfigException(
            "`%s` is `%s`; expected `URL` or `USER_INFO`".formatted(BASIC_SOURCE, source));
      }
      if (token.isPresent() && (given || userInfo.isPresent())) {
        throw new ConfigException(
            "`%s` and `%s` are both set: keep one".formatted(BEARER_TOKEN, USER_INFO));
      }
      if (given && userInfo.filter(info -> info.contains(":")).isEmpty()) {
        throw new ConfigException(
            "`%s` is `USER_INFO`, so `%s` must be `user:password`"
                .formatted(BASIC_SOURCE, USER_INFO));
      }
      if (!given && userInfo.isPresent()) {
        throw new ConfigException(
            "`%s` is set, but is used only with `%s` set to `USER_INFO`"
                .formatted(USER_INFO, BASIC_SOURCE));
      }
      return token
          .<Credentials>map(
              secret -> new Given("Bearer " + printable(secret, BEARER_TOKEN), BEARER_TOKEN))
          .or(() -> userInfo.map(info -> new Given(basic(info), USER_INFO)))
          .orElseGet(FromUrl::new);
    }

    private static String basic(String userInfo) {
      return "Basic "
          + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
    }

    private static String printable(String secret, String setting) {
      if (!secret.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
        throw new ConfigException(
            "`%s` holds a character that no token has: expected printable ASCII without spaces"
                .formatted(setting));
      }
      return secret;
    }
  }

  private static Registration registration(Map<String, ?> configs) {
    boolean register = flag(configs, AUTO_REGISTER, true);
    boolean latest = flag(configs, USE_LATEST, false);
    if (register && latest) {
      throw new ConfigException(
          "`%s` is `true` and so is `%s`, unless set otherwise: set `%s` to `false`"
              .formatted(USE_LATEST, AUTO_REGISTER, AUTO_REGISTER));
    }
    return latest
        ? Registration.USE_LATEST
        : register ? Registration.REGISTER : Registration.LOOK_UP;
  }

  private static SubjectNaming naming(Map<String, ?> configs, String name) {
    Object value = configs.get(name);
    if (value == null) {
      return SubjectNaming.TOPIC;
    }
    String strategy = value instanceof Class<?> type ? type.getName() : value.toString().strip();
    return SubjectNaming.named(strategy)
        .orElseThrow(
            () ->
                new ConfigException(
                    "`%s` is `%s`; expected `TopicNameStrategy`, `RecordNameStrategy` or `TopicRecordNameStrategy`"
                        .formatted(name, strategy)));
  }

  private static Optional<Class<? extends SpecificRecord>> readerType(
      Map<String, ?> configs, String name) {
    Object value = configs.get(name);
    if (value == null || value.toString().isBlank()) {
      return Optional.empty();
    }
    try {
      Class<?> type =
          value instanceof Class<?> given
              ? given
              : Class.forName(value.toString().strip(), false, loader());
      return Optional.of(type.asSubclass(SpecificRecord.class));
    } catch (ClassNotFoundException | ClassCastException | LinkageError e) {
      throw new ConfigException(
          "`%s` is `%s`, which is no class that Avro generated; expected one such as `dev.usher.events.SignIn` (%s)"
              .formatted(name, value, e.getClass().getSimpleName()));
    }
  }

  private static ClassLoader loader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context != null ? context : ClassLoader.getSystemClassLoader();
  }

  private static boolean flag(Map<String, ?> configs, String name, boolean otherwise) {
    return text(configs, name)
        .map(
            value ->
                switch (value.toLowerCase(Locale.ROOT)) {
                  case "true" -> true;
                  case "false" -> false;
                  default ->
                      throw new ConfigException(
                          "`%s` is `%s`; expected `true` or `false`".formatted(name, value));
                })
        .orElse(otherwise);
  }

  private static int whole(
      Map<String, ?> configs, String name, int otherwise, int least, int most) {
    Optional<String> value = text(configs, name);
    try {
      int number = value.map(Integer::parseInt).orElse(otherwise);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Told below, together with the number that is out of bounds.
    }
    throw new ConfigException(
        "`%s` is `%s`; expected a whole number from %d to %d"
            .formatted(name, value.orElse(""), least, most));
  }

  /** The value of a setting under either of its names; empty where it is absent or blank. */
  private static Optional<String> text(Map<String, ?> configs, String name) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String each :
        CLIENT_KNOWN.contains(name) ? List.of(name, CLIENT_PREFIX + name) : List.of(name)) {
      Object value = configs.get(each);
      if (value instanceof org.apache.kafka.common.config.types.Password password) {
        value = password.value();
      }
      if (value != null && !value.toString().isBlank()) {
        values.put(each, value.toString().strip());
      }
    }
    if (Set.copyOf(values.values()).size() > 1) {
      throw new ConfigException("%s differ: keep one of them".formatted(values.keySet()));
    }
    return values.values().stream().findFirst();
  }
}
