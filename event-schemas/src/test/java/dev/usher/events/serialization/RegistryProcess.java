package dev.usher.events.serialization;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A real Schema Registry (Apicurio's, in memory) as a process of its own on free loopback ports.
 */
final class RegistryProcess implements AutoCloseable {

  private static final Duration LONGEST_START = Duration.ofSeconds(90);
  private static final Path FOLDER = Path.of(System.getProperty("registry.directory"));

  private final int port = freePort();
  private final int managementPort = freePort();
  private Process process = spawn(port, managementPort);

  private RegistryProcess() {}

  static RegistryProcess started() {
    RegistryProcess registry = new RegistryProcess();
    registry.awaitReady();
    return registry;
  }

  String url() {
    return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
  }

  /** Starts it, empty, on the same ports as before; returns when it is ready. */
  void start() {
    process = spawn(port, managementPort);
    awaitReady();
  }

  private static Process spawn(int port, int managementPort) {
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx192m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Dquarkus.http.host=127.0.0.1",
                  "-Dquarkus.http.port=" + port,
                  "-Dquarkus.management.host=127.0.0.1",
                  "-Dquarkus.management.port=" + managementPort,
                  "-Dapicurio.rules.global.compatibility=FULL_TRANSITIVE",
                  "-jar",
                  FOLDER.resolve("quarkus-run.jar").toString())
              .redirectErrorStream(true)
              .redirectOutput(FOLDER.resolveSibling("registry-" + port + ".log").toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void kill() {
    process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    kill();
  }

  private void awaitReady() {
    HttpRequest question =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/health/ready"))
            .timeout(Duration.ofSeconds(2))
            .build();
    Executor pause = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);
    long deadline = System.nanoTime() + LONGEST_START.toNanos();
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (System.nanoTime() < deadline && process.isAlive()) {
        try {
          if (http.send(question, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
            return;
          }
        } catch (IOException _) {
          // Not listening yet.
        }
        CompletableFuture.runAsync(() -> {}, pause).join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException("the registry did not start: " + log());
  }

  private String log() {
    try {
      return Files.readString(FOLDER.resolveSibling("registry-" + port + ".log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
