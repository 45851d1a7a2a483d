package dev.usher.benchmarks.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the policy benchmarks, prints the table and writes it as JSON. */
public final class PolicyComparison {
  private PolicyComparison() {}

  /**
   * Runs it.
   *
   * @param arguments the file to be written, then `--quick` for a shorter and less exact run
   */
  public static void main(String[] arguments) throws IOException, RunnerException {
    Path json = Path.of(arguments[0]);
    boolean quick = List.of(arguments).contains("--quick");
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(PolicyBenchmark.class.getName())
            .addProfiler(GCProfiler.class)
            .forks(quick ? 1 : 3)
            .warmupIterations(quick ? 3 : 5)
            .measurementIterations(quick ? 3 : 5)
            .warmupTime(TimeValue.seconds(1))
            .measurementTime(TimeValue.seconds(1))
            .shouldFailOnError(true)
            .jvmArgs(
                "-Xmx2g",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED");
    Map<String, Double> figures = figures(new Runner(options.build()).run());
    System.out.print(table(figures));
    Files.createDirectories(Objects.requireNonNull(json.toAbsolutePath().getParent()));
    Files.writeString(json, json(figures));
    System.out.println("written: " + json);
  }

  private static Map<String, Double> figures(Collection<RunResult> results) {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (RunResult result : results) {
      String policies = result.getParams().getParam("policies");
      String name = policies == null ? result.getParams().getParam("name") : ours(policies);
      figures.put(name + "_us", result.getPrimaryResult().getScore());
      Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
      figures.put(name + "_bytes", bytes == null ? Double.NaN : bytes.getScore());
    }
    double usher = figures.getOrDefault("usher_us", Double.NaN);
    for (String peer : List.of("cel", "jcasbin", "cedar")) {
      figures.put(peer + "_ratio", figures.getOrDefault(peer + "_us", Double.NaN) / usher);
    }
    return figures;
  }

  private static String ours(String policies) {
    return switch (policies) {
      case "native" -> "usher";
      case "cel-in-every-tenth" -> "usher_mixed";
      case "ten-times-the-rules" -> "usher_10x_rules";
      case "1000-tenants" -> "usher_1000_tenants";
      case "1000-tenants-cel-in-every-tenth" -> "usher_mixed_1000_tenants";
      default -> throw new IllegalArgumentException(policies);
    };
  }

  private static String table(Map<String, Double> figures) {
    StringBuilder table =
        new StringBuilder("\none sign-in over %d services\n".formatted(Company.SERVICES));
    table.append("%-22s %12s %12s %8s%n".formatted("", "microseconds", "bytes", "times"));
    double usher = figures.getOrDefault("usher_us", Double.NaN);
    for (String key : figures.keySet()) {
      if (key.endsWith("_us")) {
        String name = key.substring(0, key.length() - 3);
        double micros = figures.getOrDefault(key, Double.NaN);
        double bytes = figures.getOrDefault(name + "_bytes", Double.NaN);
        table.append(
            String.format(
                Locale.ROOT, "%-22s %12.2f %12.0f %8.1f%n", name, micros, bytes, micros / usher));
      }
    }
    return table.toString();
  }

  private static String json(Map<String, Double> figures) {
    return figures.entrySet().stream()
        .map(e -> String.format(Locale.ROOT, "  \"%s\": %.3f", e.getKey(), e.getValue()))
        .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
  }
}
