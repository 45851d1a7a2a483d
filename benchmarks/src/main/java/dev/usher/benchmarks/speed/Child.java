package dev.usher.benchmarks.speed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A process that this one has started, and that ends with it. */
final class Child implements AutoCloseable {

  private static final Set<Child> ALL = ConcurrentHashMap.newKeySet();
  private static final int LINES_QUOTED = 15;
  private static final Duration ORDERLY = Duration.ofSeconds(8);

  /** Of the kernel's clock ticks, which is fixed for what it shows to processes. */
  private static final long TICK_MILLIS = 10;

  static {
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().unstarted(() -> ALL.forEach(Child::kill)));
  }

  private final Process process;
  private final Path log;

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
    ALL.add(this);
  }

  /** Starts the command, whose output goes to {@code log}. */
  static Child start(List<String> command, Path log) {
    return start(command, log, Path.of(""));
  }

  /** Starts the command in a folder of its own. */
  static Child start(List<String> command, Path log, Path folder) {
    try {
      return new Child(
          new ProcessBuilder(command)
              .directory(folder.toAbsolutePath().toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start(),
          log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The program of a JVM like this one. */
  static String jvm() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The command of a JVM like this one. */
  static List<String> java(List<String> options, String... rest) {
    List<String> command = new ArrayList<>();
    command.add(jvm());
    // What kafka-clients and others still do inside the JDK, which it warns of by default.
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.addAll(List.of(rest));
    return command;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Keeps it from running until {@link #resume}, whatever it is at. */
  void pause() {
    signal("-STOP");
  }

  void resume() {
    signal("-CONT");
  }

  private void signal(String name) {
    try {
      int status = new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
      if (status != 0) {
        throw new IllegalStateException("kill %s ended with %d".formatted(name, status));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The time that it has had of the processors. */
  Duration cpu() {
    String stat = read("stat");
    // The name, in parentheses, may hold blanks.
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    return Duration.ofMillis(
        (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) * TICK_MILLIS);
  }

  /** What it has of the memory, in MB. */
  long residentMegabytes() {
    return read("status")
            .lines()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow()
        / 1024;
  }

  private String read(String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
    } catch (IOException e) {
      throw new UncheckedIOException(ended(), e);
    }
  }

  /** For a message: how it ended, if it did, and the end of its log. */
  String ended() {
    try {
      List<String> lines = Files.readAllLines(log);
      return "%s; `%s` ends:%n%s"
          .formatted(
              process.isAlive() ? "it runs" : "it ended with " + process.exitValue(),
              log,
              String.join(
                  "\n", lines.subList(Math.max(0, lines.size() - LINES_QUOTED), lines.size())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it in an orderly way, or else in the other. */
  @Override
  public void close() {
    ALL.remove(this);
    if (!process.isAlive()) {
      return;
    }
    resume();
    process.destroy();
    try {
      if (!process.waitFor(ORDERLY.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }

  /** Ends it in no orderly way. */
  void kill() {
    ALL.remove(this);
    process.destroyForcibly();
  }
}
