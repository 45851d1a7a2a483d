package dev.usher.chaos;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The instances of the service, each a process of its own. Safe for use by several threads. */
final class Instances implements AutoCloseable {

  private static final long ORDERLY_SECONDS = 30;

  private final Map<String, String> settings;
  private final String plant;
  private final Path folder;
  private final List<Process> slots = new ArrayList<>();
  private int started;
  private int killed;

  /**
   * @param settings the properties of the service
   * @param plant the name of a configuration class that stands beside the service's own; empty for
   *     none
   * @param folder for what they print
   */
  Instances(Map<String, String> settings, String plant, Path folder) {
    this.settings = settings;
    this.plant = plant;
    this.folder = folder;
  }

  /** Starts one more. */
  synchronized void add() {
    slots.add(start());
  }

  private Process start() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Small, and quick to start: what lives for a minute is hardly worth compiling twice.
    command.addAll(
        List.of(
            "-Xmx400m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED"));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(DiesWithDriver.class.getName());
    command.add(plant);
    settings.forEach((name, value) -> command.add("--" + name + "=" + value));
    started++;
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(new File(folder.toFile(), "instance-" + started + ".log"))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized int size() {
    return slots.size();
  }

  /**
   * SIGKILL, at whatever it is doing, to the instance of this slot or, if that is dead already, to
   * the next that lives; which one it was.
   */
  synchronized int kill(int slot) {
    for (int i = 0; i < slots.size(); i++) {
      int next = (slot + i) % slots.size();
      Process process = slots.get(next);
      if (process.isAlive()) {
        process.destroyForcibly();
        await(process);
        killed++;
        return next;
      }
    }
    throw new IllegalStateException("no instance lives");
  }

  /** SIGTERM; returns when it has ended, be it by force after 30 s. */
  void end(int slot) {
    Process process;
    synchronized (this) {
      process = slots.get(slot);
      thaw(slot);
      process.destroy();
    }
    awaitOrderly(process);
  }

  private static void awaitOrderly(Process process) {
    try {
      if (!process.waitFor(ORDERLY_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        process.waitFor();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Starts another in its place; what runs there by now stays. */
  synchronized void replace(int slot) {
    if (!slots.get(slot).isAlive()) {
      slots.set(slot, start());
    }
  }

  /** Starts others for those that ended without being asked to; how many did. */
  synchronized int replaceDead(List<Integer> slotsThatMayBeDead) {
    int dead = 0;
    for (int slot = 0; slot < slots.size(); slot++) {
      if (!slots.get(slot).isAlive() && !slotsThatMayBeDead.contains(slot)) {
        replace(slot);
        dead++;
      }
    }
    return dead;
  }

  /** SIGSTOP: it stands still and knows nothing of it. */
  synchronized void freeze(int slot) {
    signal("-STOP", slot);
  }

  /** SIGCONT: it goes on as if no time had passed. */
  synchronized void thaw(int slot) {
    signal("-CONT", slot);
  }

  private void signal(String signal, int slot) {
    try {
      new ProcessBuilder("kill", signal, String.valueOf(slots.get(slot).pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized int kills() {
    return killed;
  }

  private static void await(Process process) {
    try {
      process.waitFor();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends all in an orderly way, all at once; by force those that do not. */
  synchronized void stop() {
    for (int slot = 0; slot < slots.size(); slot++) {
      if (slots.get(slot).isAlive()) {
        thaw(slot);
        slots.get(slot).destroy();
      }
    }
    slots.forEach(Instances::awaitOrderly);
  }

  @Override
  public void close() {
    stop();
  }
}
