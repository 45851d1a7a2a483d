package dev.usher.events.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrySettingsTest {

  @Test
  void leavesAloneWhatIsKafkas() {
    RegistrySettings settings =
        RegistrySettings.of(
            Map.of(
                "schema.registry.url",
                "http://r:8081",
                "bootstrap.servers",
                "b:9092",
                "max.poll.records",
                500),
            false);

    assertThat(settings.endpoints()).hasToString("[http://r:8081]");
  }

  @Test
  void takesSeveralUrlsAsTextAndAsAList() {
    for (Object urls :
        List.of("http://a:1, https://b/path/", List.of("http://a:1", "https://b/path"))) {
      assertThat(RegistrySettings.of(Map.of("schema.registry.url", urls), false).endpoints())
          .hasToString("[http://a:1, https://b/path]");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          schema.registry.url=                                              | schema.registry.url
          schema.registry.url=registry:8081                                 | `registry:8081`
          schema.registry.url=ftp://registry                                | http
          schema.registry.url=http://a,,http://b                            | commas
          schema.registry.url=http://a b                                    | no URL
          schema.registry.url=http://a?x=1                                  | neither
          schema.registry.urls=http://a                                     | nearest is `schema.registry.url`
          specific.avro.readr=true                                          | nearest is `specific.avro.reader`
          auto.register.schema=true                                         | nearest is `auto.register.schemas`
          auto.register.schemas=yes                                         | `yes`
          use.latest.version=true                                           | set `auto.register.schemas` to `false`
          use.schema.id=5                                                   | `-1`
          latest.compatibility.strict=false                                 | `true`
          basic.auth.credentials.source=SASL_INHERIT                        | `USER_INFO`
          basic.auth.credentials.source=USER_INFO                           | `basic.auth.user.info`
          basic.auth.user.info=u:p                                          | `basic.auth.credentials.source`
          bearer.auth.credentials.source=OAUTHBEARER                        | STATIC_TOKEN
          bearer.auth.credentials.source=STATIC_TOKEN                       | `bearer.auth.token`
          bearer.auth.issuer.endpoint.url=http://x                          | nearest
          basic.auth.user.info=u:p;bearer.auth.token=t                      | keep one
          bearer.auth.token=t;schema.registry.url=http://u:p@a              | keep one
          schema.registry.bearer.auth.token=a;bearer.auth.token=b           | differ
          bearer.auth.token=a b                                             | printable
          http.read.timeout.ms=0                                            | from 1 to 600000
          http.read.timeout.ms=soon                                         | `soon`
          value.subject.name.strategy=MyStrategy                            | `RecordNameStrategy`
          specific.avro.value.type=java.lang.String                         | `java.lang.String`
          specific.avro.value.type=no.such.Event                            | `no.such.Event`
          rule.executors=encrypt                                            | `rule.executors`
          value.schema.id.serializer=HeaderSchemaIdSerializer               | `value.schema.id.serializer`
          use.latest.with.metadata=a                                        | nearest is `use.latest.version`
          schema.registry.ssl.truststore.location=/x                        | `javax.net.ssl.trustStore`
          """)
  void refusesWhatIsWrongAndSaysWhatWouldBeRight(String properties, String hint) {
    Map<String, Object> settings = new HashMap<>(Map.of("schema.registry.url", "http://r:8081"));
    for (String property : properties.strip().split(";", -1)) {
      String[] pair = property.split("=", 2);
      settings.put(pair[0], pair[1]);
    }

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> RegistrySettings.of(settings, false))
        .withMessageContaining(hint);
  }

  @Test
  void makesGeneratedClassesOnly() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(
            () -> {
              try (RegistryAvroDeserializer<?> deserializer = new RegistryAvroDeserializer<>()) {
                deserializer.configure(
                    Map.of("schema.registry.url", "http://r", "specific.avro.reader", "false"),
                    false);
              }
            })
        .withMessageContaining("`specific.avro.reader`");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://u:s3cret@h^st",
        "http://u:s3cret@",
        "ftp://u:s3cret@host",
        "http://u:s3:cr@t@host/?"
      })
  void quotesNoSecret(String url) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> RegistrySettings.of(Map.of("schema.registry.url", url), false))
        .satisfies(told -> assertThat(told.getMessage()).doesNotContain("s3"));
    assertThat(
            RegistrySettings.of(Map.of("schema.registry.url", "http://u:s3cret@host"), false)
                .toString())
        .doesNotContain("s3");
  }

  @Test
  void takesWhatConfluentsPropertiesSayAndMakesNoDifferenceHere() {
    RegistrySettings.of(
        Map.of(
            "schema.registry.url",
            "http://r",
            "max.retries",
            5,
            "avro.use.logical.type.converters",
            true,
            "latest.compatibility.strict",
            true,
            "context.name.strategy",
            "io.confluent.kafka.serializers.context.NullContextNameStrategy"),
        false);
  }

  @Test
  void isToldOfWhole() throws IOException {
    String page = Files.readString(Path.of("../docs/events.md"));
    for (String setting : RegistrySettings.KNOWN) {
      assertThat(page).contains("`" + setting + "`");
    }
  }
}
