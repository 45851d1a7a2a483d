package dev.usher.benchmarks.speed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/** What instances say of themselves. */
final class Metrics {

  private Metrics() {}

  /**
   * How many commands the instances have sent to the database. What they send whether anybody signs
   * in or not is among them.
   */
  static double commands(Usher usher) {
    return of(usher, "mongodb_driver_commands_seconds_count").stream()
        .mapToDouble(Double::doubleValue)
        .sum();
  }

  /** The sum of a metric over its labels, for each instance. */
  static List<Double> of(Usher usher, String metric) {
    return usher.ports().stream().map(port -> sum(scrape(port), metric)).toList();
  }

  private static double sum(String scrape, String metric) {
    return scrape
        .lines()
        .filter(line -> line.startsWith(metric + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static String scrape(int port) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:%d/actuator/prometheus".formatted(port)))
                  .build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
