package dev.usher.provisioning.provision.connector.scim;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A {@link ScimpleServer} in a process of its own, which ends with this one, however that ends. */
final class Scimple implements AutoCloseable {

  static final String TOKEN = "scimple-token";

  private final Process process;
  private final String url;

  private Scimple(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /** Returns when it is ready. */
  static Scimple start() {
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx128m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  ScimpleServer.class.getName(),
                  TOKEN)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader output = process.inputReader();
      @Nullable String url = output.readLine();
      if (url == null) {
        throw new AssertionError("it ended before it was ready");
      }
      return new Scimple(process, url);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return url;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
