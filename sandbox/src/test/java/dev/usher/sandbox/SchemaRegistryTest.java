package dev.usher.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaRegistryTest {

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void schemasKeepTheirIdsOverARestart() throws Exception {
    ProcessHandle child;
    try (SchemaRegistry registry = SchemaRegistry.start()) {
      String url = registry.url();
      String first = register(registry, "a-value", "string");
      String second = register(registry, "b-value", "long");

      registry.stop();
      registry.stop();
      assertThat(registry.child()).isEmpty();
      registry.restart();

      assertThat(registry.url()).isEqualTo(url);
      assertThat(register(registry, "b-value", "long")).isEqualTo(second);
      assertThat(register(registry, "a-value", "string")).isEqualTo(first).isNotEqualTo(second);
      child = registry.child().orElseThrow();
    }
    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void theChildEndsWithAParentThatIsKilled(@TempDir Path folder) throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StartsARegistry.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said = parent.inputReader()) {
      ProcessHandle child = ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
      assertThat(child.isAlive()).isTrue();

      parent.destroyForcibly();

      child.onExit().get(30, TimeUnit.SECONDS);
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void aFolderWithoutARegistryIsRefusedByName(@TempDir Path empty) {
    System.setProperty(SchemaRegistry.HOME_PROPERTY, empty.toString());
    try {
      assertThatThrownBy(SchemaRegistry::start)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("`" + empty + "`")
          .hasMessageContaining(SchemaRegistry.HOME_PROPERTY);
    } finally {
      System.clearProperty(SchemaRegistry.HOME_PROPERTY);
    }
  }

  private String register(SchemaRegistry registry, String subject, String type) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(registry.url() + "/subjects/" + subject + "/versions"))
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"schema\":\"\\\"" + type + "\\\"\"}"))
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  /** A process to kill: says its child's id and waits for ever. */
  static final class StartsARegistry {
    private StartsARegistry() {}

    public static void main(String[] args) throws InterruptedException {
      SchemaRegistry registry = SchemaRegistry.start(Path.of(args[0]));
      System.out.println(registry.child().orElseThrow().pid());
      registry.child().orElseThrow().onExit().join();
    }
  }
}
