package dev.usher.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Apicurio's schema registry as a child process, with the REST API of Confluent's. Schemas and
 * their ids are kept in a folder, so they survive a restart. The child ends with this JVM, however
 * that ends. Safe for use by several threads.
 */
public final class SchemaRegistry implements AutoCloseable {

  /** The system property that names the folder of the unpacked registry. */
  public static final String HOME_PROPERTY = "usher.sandbox.registry-home";

  private static final String HOME = "sandbox/target/registry";
  private static final String RUNNER = "quarkus-run.jar";
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(8);
  private static final int LOG_LINES_QUOTED = 20;

  private final Path home;
  private final Path folder;
  private final boolean temporary;
  private final int port = Ports.free();
  private final int managementPort = Ports.free();
  private @Nullable Process process;

  private SchemaRegistry(Path home, Path folder, boolean temporary) {
    this.home = home;
    this.folder = folder;
    this.temporary = temporary;
  }

  /**
   * Starts a registry whose schemas are deleted at {@link #close}. Returns when it is ready.
   *
   * @throws IllegalStateException if the registry was not unpacked, with the command that does it,
   *     or if it does not become ready, with the end of its log
   */
  public static SchemaRegistry start() {
    Path home = home();
    return started(new SchemaRegistry(home, Folders.temporary("registry"), true));
  }

  /** As {@link #start()}, with the schemas and the log kept in {@code folder}. */
  public static SchemaRegistry start(Path folder) {
    return started(new SchemaRegistry(home(), Folders.made(folder), false));
  }

  private static SchemaRegistry started(SchemaRegistry registry) {
    try {
      registry.restart();
      return registry;
    } catch (RuntimeException | Error e) {
      registry.close();
      throw e;
    }
  }

  /** The base URL of Confluent's REST API: the value of {@code schema.registry.url}. */
  public String url() {
    return "http://%s:%d/apis/ccompat/v7".formatted(Ports.LOOPBACK, port);
  }

  /** Stops in an orderly way and keeps port and schemas; stopping twice does nothing. */
  public synchronized void stop() {
    if (process == null) {
      return;
    }
    Process stopping = process;
    process = null;
    try {
      stopping.getOutputStream().close();
      if (!stopping.waitFor(STOPPED_WITHIN)) {
        stopping.destroyForcibly();
        stopping.waitFor();
      }
    } catch (IOException _) {
      stopping.destroyForcibly();
    } catch (InterruptedException _) {
      stopping.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Stops if need be, and starts on the same port with the same schemas under the same ids. */
  public synchronized void restart() {
    stop();
    try {
      Process starting =
          new ProcessBuilder(command())
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
      process = starting;
      waitUntilReady(starting);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the schema registry starts", e);
    }
  }

  /** Stops, and deletes the schemas if they were temporary; closing twice does nothing. */
  @Override
  public void close() {
    stop();
    if (temporary) {
      Folders.delete(folder);
    }
  }

  /** The child process, for tests that end it the hard way; empty while stopped. */
  synchronized Optional<ProcessHandle> child() {
    return Optional.ofNullable(process).map(Process::toHandle);
  }

  private List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx192m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xshare:auto",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Dquarkus.http.host=" + Ports.LOOPBACK,
        "-Dquarkus.http.port=" + port,
        "-Dquarkus.management.host=" + Ports.LOOPBACK,
        "-Dquarkus.management.port=" + managementPort,
        "-Dquarkus.log.level=WARN",
        "-Dapicurio.rules.global.compatibility=BACKWARD",
        "-Dapicurio.datasource.url=jdbc:h2:file:" + folder.resolve("schemas"),
        "-cp",
        home.resolve(RUNNER) + System.getProperty("path.separator") + ownClasses(),
        DiesWithParent.class.getName(),
        "io.quarkus.bootstrap.runner.QuarkusEntryPoint");
  }

  private static Path ownClasses() {
    try {
      return Path.of(
          DiesWithParent.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path log() {
    return folder.resolve("registry.log");
  }

  private void waitUntilReady(Process starting) throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (!isReady(client)) {
        boolean died = starting.waitFor(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        if (died || System.nanoTime() - start > READY_WITHIN.toNanos()) {
          throw new IllegalStateException(
              "the schema registry %s; its log `%s` ends:%n%s"
                  .formatted(
                      died
                          ? "ended with status " + starting.exitValue()
                          : "was not ready within " + READY_WITHIN.toSeconds() + " s",
                      log(),
                      endOfLog()));
        }
      }
    }
  }

  private boolean isReady(HttpClient client) throws InterruptedException {
    URI health = URI.create("http://%s:%d/health/ready".formatted(Ports.LOOPBACK, managementPort));
    HttpRequest request = HttpRequest.newBuilder(health).timeout(Duration.ofSeconds(5)).build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  private String endOfLog() throws IOException {
    List<String> lines = Files.readAllLines(log(), StandardCharsets.UTF_8);
    return String.join(
        System.lineSeparator(),
        lines.subList(Math.max(0, lines.size() - LOG_LINES_QUOTED), lines.size()));
  }

  private static Path home() {
    String named = System.getProperty(HOME_PROPERTY);
    if (named != null) {
      Path home = Path.of(named).toAbsolutePath();
      if (Files.exists(home.resolve(RUNNER))) {
        return home;
      }
      throw new IllegalStateException(
          "no schema registry in `%s` (system property `%s`); the folder should hold `%s`"
              .formatted(named, HOME_PROPERTY, RUNNER));
    }
    Path from = Path.of("").toAbsolutePath();
    for (@Nullable Path folder = from; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve(HOME).resolve(RUNNER))) {
        return folder.resolve(HOME);
      }
    }
    throw new IllegalStateException(
        "no schema registry in `%s`, looked for from `%s` upwards; `./mvnw -pl sandbox -am process-resources` at the project's root unpacks it"
            .formatted(HOME, from));
  }
}
