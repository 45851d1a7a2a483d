package dev.usher.benchmarks.speed;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * From the start of the process to its readiness, plain (`java -jar`) and as the image starts it
 * from the same jar with the same options, in the folder that `provisioning-service/assemble`
 * makes; and what the latter has of the memory once it rests.
 */
record Starting() implements Scenario {

  private static final Path IMAGE = Path.of("provisioning-service", "target", "app");
  private static final String OPTIONS = "@jvm.options";
  private static final Duration READY = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(10);

  /** Until the JVM has done what it puts off, too. */
  private static final Duration REST = Duration.ofSeconds(8);

  @Override
  public String name() {
    return "start";
  }

  /** One way to start. */
  private record Way(String name, List<String> command, Series seconds, Series megabytes) {
    Way(String name, List<String> command) {
      this(name, command, new Series(name), new Series(name));
    }
  }

  @Override
  public void run(Surroundings around, Effort effort, Report report) {
    if (!Files.exists(IMAGE.resolve("usher.aot"))) {
      throw new IllegalStateException(
          "no `usher.aot` in `%s`; run provisioning-service/assemble first".formatted(IMAGE));
    }
    String jar = Usher.jar().toAbsolutePath().toString();
    List<Way> ways =
        List.of(
            new Way("plain", List.of(Child.jvm(), OPTIONS, "-jar", jar)),
            new Way(
                "image",
                List.of(Child.jvm(), OPTIONS, "-XX:AOTCache=usher.aot", "-jar", "usher.jar")));
    Usher usher = Usher.of("usher", 1, FirstSignIns.BULKHEAD);
    Place place = around.place(usher.name());
    int port = usher.ports().getFirst();
    List<String> settings = usher.settings(place, port);
    List<Way> order = new ArrayList<>(ways);
    // The first round fills the caches of files.
    for (int round = -1; round < effort.rounds(); round++) {
      for (Way each : order) {
        start(each, port, settings, place, round >= 0);
      }
      Collections.rotate(order, 1);
    }
    tell(ways, report);
  }

  private static void start(Way way, int port, List<String> settings, Place place, boolean counts) {
    List<String> command = new ArrayList<>(way.command);
    command.addAll(settings);
    long began = System.nanoTime();
    try (Child child = Child.start(command, place.folder().resolve(way.name + ".log"), IMAGE);
        HttpClient http = HttpClient.newHttpClient()) {
      Waiting.until(way.name + " is ready", READY, LOOK, () -> isReady(child, http, port));
      double seconds = (System.nanoTime() - began) / 1e9;
      Waiting.pause(REST);
      long megabytes = child.residentMegabytes();
      System.out.printf(
          "start: %s is ready after %.2f s, and rests with %d MB%n", way.name, seconds, megabytes);
      if (counts) {
        way.seconds.values().add(seconds);
        way.megabytes.values().add((double) megabytes);
      }
    }
  }

  private static boolean isReady(Child child, HttpClient http, int port) {
    if (!child.isAlive()) {
      throw new IllegalStateException(child.ended());
    }
    URI readiness = URI.create("http://127.0.0.1:%d/actuator/health/readiness".formatted(port));
    try {
      return http.send(HttpRequest.newBuilder(readiness).build(), BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void tell(List<Way> ways, Report report) {
    Series plain = ways.getFirst().seconds;
    List<List<String>> rows = new ArrayList<>();
    for (Way each : ways) {
      report.rounds(name(), each.seconds);
      rows.add(
          List.of(
              each.name,
              Report.number(each.seconds.median()),
              Report.number(each.seconds.least()),
              Report.number(each.seconds.most()),
              Report.number(each.seconds.times(plain)),
              Report.number(each.megabytes.median())));
      if (each.name.equals("image")) {
        report.ratio(name(), Target.START_VS_PLAIN, each.seconds.times(plain));
        report.ratio(name(), Target.RSS_MB, each.megabytes.median());
      }
    }
    report.table(
        name(),
        new Report.Table(
            "start: seconds from the start of the process to its readiness",
            List.of("", "median", "least", "most", "times plain", "MB at rest"),
            rows));
  }
}
