package dev.usher.sandbox;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Measures how many creates a second one SaaS takes from one client, and what accounts weigh. */
final class SaasRate {

  private static final int AT_ONCE = 64;

  private SaasRate() {}

  public static void main(String[] args) throws Exception {
    int accounts = Integer.parseInt(args[0]);
    try (Saas saas = Saas.start();
        ScimClient client = new ScimClient(saas)) {
      HttpClient http = client.http();
      AtomicInteger failed = new AtomicInteger();
      Semaphore room = new Semaphore(AT_ONCE);
      long start = System.nanoTime();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < accounts; i++) {
          String id = String.valueOf(i);
          room.acquire();
          threads.execute(
              () -> {
                try {
                  HttpResponse<String> answer =
                      http.send(
                          client.creating("person-" + id + "@acme.example", id),
                          HttpResponse.BodyHandlers.ofString());
                  if (answer.statusCode() != 201) {
                    failed.incrementAndGet();
                  }
                } catch (Exception e) {
                  failed.incrementAndGet();
                } finally {
                  room.release();
                }
              });
          if (i % 10_000 == 9_999) {
            System.out.printf(
                "%d in %d ms%n", i + 1, Duration.ofNanos(System.nanoTime() - start).toMillis());
          }
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      System.out.printf(
          "creates=%d failed=%d per-second=%.0f heap-MB=%d%n",
          saas.accounts().size(),
          failed.get(),
          accounts / seconds,
          (runtime.totalMemory() - runtime.freeMemory()) >> 20);
      System.out.println(client.find("externalId eq \"77\"").body().length());
    }
  }
}
