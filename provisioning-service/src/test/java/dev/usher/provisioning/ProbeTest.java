package dev.usher.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.provisioning.testing.Acme;
import dev.usher.sandbox.Fault;
import dev.usher.sandbox.Saas;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator asks from the command line whether services can be worked with. */
class ProbeTest {

  private final Saas saas = Saas.start();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  @TempDir private Path directory;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(directory.resolve("tenants"));
    Files.createDirectories(directory.resolve("secrets"));
    Files.createDirectories(directory.resolve("profiles"));
    tenant(Acme.scim(saas.url(), "profile: pebble"));
    token(saas.token());
    Files.writeString(
        directory.resolve("profiles").resolve("pebble.yaml"),
        "create: conflicts\nfilters: [userName]\n");
  }

  @AfterEach
  void close() {
    saas.close();
  }

  private void tenant(String connector) throws IOException {
    Files.writeString(directory.resolve("tenants").resolve("acme.yaml"), Acme.tenant(connector));
  }

  private void token(String token) throws IOException {
    Files.writeString(
        directory.resolve("secrets").resolve("usher.secrets.acme.SLACK_TOKEN"), token);
  }

  private int probe(String... names) {
    printed.reset();
    List<String> arguments =
        Stream.concat(
                Stream.of("tenants", "secrets")
                    .map(
                        each -> "--usher.%s.directory=%s".formatted(each, directory.resolve(each))),
                Stream.of(
                    "--usher.connectors.profiles=" + directory.resolve("profiles"),
                    "--usher.outbound.private-allowed=true",
                    "--logging.level.org.springframework=off"))
            .toList();
    return UsherApplication.probe(
        Stream.concat(arguments.stream(), Stream.of(names)).toList(),
        new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  private String said() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aServiceThatWorksSaysSoAndNothingIsMadeThere() {
    for (String name : List.of("acme", "acme/slack")) {
      assertThat(probe(name)).isZero();
      assertThat(said()).isEqualTo("acme/slack  works  The service answers, and has 0 users\n");
    }
    assertThat(probe()).isZero();
    assertThat(saas.requests()).containsOnlyKeys("GET");
  }

  @Test
  void oneThatFailsSaysWhyAndNotByWhichSecret() throws IOException {
    token("not-the-token");
    assertThat(probe("acme")).isEqualTo(1);
    assertThat(said())
        .isEqualTo(
            "acme/slack  fails  The service answered 401: it does not accept what `token` refers to\n");

    token("");
    assertThat(probe("acme")).isEqualTo(1);
    assertThat(said())
        .isEqualTo(
            "acme/slack  fails  The secret that the service's `token` refers to is not set\n");

    token(saas.token());
    saas.faults().always(Fault.serverError(503));
    assertThat(probe("acme")).isEqualTo(1);
    assertThat(said()).isEqualTo("acme/slack  fails  The service answered 503\n");
  }

  @Test
  void aNameThatNoServiceHasIsToldWithThoseThereAre() {
    assertThat(probe("globex")).isEqualTo(2);
    assertThat(said()).isEqualTo("no service `globex`; expected one of `acme/slack`\n");
    assertThat(probe("acme", "globex")).isEqualTo(2);
    assertThat(said()).isEqualTo("usage: probe [TENANT | TENANT/SERVICE]\n");
  }

  @Test
  void filesThatAreWrongAreToldAsAtTheStart() throws IOException {
    tenant(Acme.scim(saas.url(), "profile: bubble"));
    assertThat(probe()).isEqualTo(1);
    assertThat(said()).contains("acme.yaml:9:", "`bubble` is no profile", "`pebble`");

    tenant(Acme.scim(saas.url(), "profile: pebble"));
    Files.writeString(directory.resolve("profiles").resolve("pebble.yaml"), "create: perhaps\n");
    assertThat(probe()).isEqualTo(1);
    assertThat(said()).contains("pebble.yaml:1:9: `perhaps` is no `create`");
  }
}
