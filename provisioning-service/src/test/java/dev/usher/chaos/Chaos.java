package dev.usher.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** The command: one run, and its line. */
final class Chaos {

  private Chaos() {}

  static void main(String[] arguments) throws IOException, InterruptedException {
    // Logging first, before many threads ask for it at once.
    LoggerFactory.getLogger(Chaos.class);
    Settings settings;
    try {
      settings = Settings.of(arguments, RandomGenerator.getDefault().nextLong(1, 1_000_000));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "chaos-");
    Tally tally = new ChaosRun(settings, folder, System.out::println).run();
    tally.findings().forEach(finding -> System.out.println("          " + finding));
    // A run in which less was broken than was asked for shows less than it says.
    boolean good = tally.clean() && tally.kills() == settings.kills();
    if (good) {
      delete(folder);
    } else {
      System.out.println("what the instances printed, and all data, is in " + folder);
    }
    System.out.println(tally.line());
    System.exit(good ? 0 : 1);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
