package dev.usher.chaos;

import dev.usher.provisioning.UsherApplication;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.SpringApplication;

/**
 * Starts the service, and ends when standard input does: the operating system closes that pipe with
 * the driver, however the driver dies, so that no instance is left behind.
 */
final class DiesWithDriver {

  private DiesWithDriver() {}

  /**
   * Takes the name of the configuration to plant beside the service, or an empty text; then the
   * service's own arguments.
   */
  static void main(String[] args) throws ClassNotFoundException {
    Thread.ofPlatform().daemon().name("dies-with-driver").start(DiesWithDriver::haltAtEndOfInput);
    List<Class<?>> sources = new ArrayList<>(List.of(UsherApplication.class));
    if (!args[0].isEmpty()) {
      sources.add(Class.forName(args[0]));
    }
    new SpringApplication(sources.toArray(Class<?>[]::new))
        .run(Arrays.copyOfRange(args, 1, args.length));
  }

  private static void haltAtEndOfInput() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException _) {
      // A broken pipe says the same as a closed one.
    }
    Runtime.getRuntime().halt(1);
  }
}
