package dev.usher.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * All neighbours of the service at once, on loopback and free ports: a broker, a database, a schema
 * registry, and a SaaS for each name. Whatever it starts ends at {@link #close}.
 */
public final class Sandbox implements AutoCloseable {

  private final Broker broker;
  private final Database database;
  private final SchemaRegistry registry;
  private final Map<String, Saas> services;

  private Sandbox(
      Broker broker, Database database, SchemaRegistry registry, Map<String, Saas> services) {
    this.broker = broker;
    this.database = database;
    this.registry = registry;
    this.services = services;
  }

  /**
   * Starts all parts side by side, and returns when the slowest is ready. Data is temporary; the
   * database is an external one if the environment names it ({@link Database#startOrExternal}).
   *
   * @param services the names of the services to start a SaaS for, each once
   * @throws IllegalStateException if a part does not start; the others are closed by then
   */
  public static Sandbox start(String... services) {
    return start(
        Broker::startTemporary, Database::startOrExternal, SchemaRegistry::start, services);
  }

  /**
   * As {@link #start}, with the data of broker, database and registry kept in folders of this one,
   * for a later sandbox to find. The accounts of the services are not kept.
   */
  public static Sandbox startIn(Path folder, String... services) {
    return start(
        () -> Broker.start(folder.resolve("broker")),
        () -> Database.start(folder.resolve("database")),
        () -> SchemaRegistry.start(folder.resolve("registry")),
        services);
  }

  /**
   * As {@link #startIn}, with a database that keeps its data in memory while the sandbox lives, for
   * more accounts than an embedded one can search on disk.
   */
  public static Sandbox startLargeIn(Path folder, String... services) {
    return start(
        () -> Broker.start(folder.resolve("broker")),
        Database::startRemembering,
        () -> SchemaRegistry.start(folder.resolve("registry")),
        services);
  }

  private static Sandbox start(
      Supplier<Broker> startBroker,
      Supplier<Database> startDatabase,
      Supplier<SchemaRegistry> startRegistry,
      String... services) {
    List<String> names = List.of(services);
    if (names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException(
          "the services are `%s`; each should be named once".formatted(names));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Starting starting = new Starting(threads);
      // The registry is the slowest, and a process of its own.
      CompletableFuture<SchemaRegistry> registry = starting.part(startRegistry);
      CompletableFuture<Broker> broker = starting.part(startBroker);
      CompletableFuture<Database> database = starting.part(startDatabase);
      Map<String, CompletableFuture<Saas>> saas = new LinkedHashMap<>();
      for (String name : names) {
        saas.put(name, starting.part(Saas::start));
      }
      starting.awaitAll();
      Map<String, Saas> ready = new LinkedHashMap<>();
      saas.forEach((name, started) -> ready.put(name, started.join()));
      return new Sandbox(broker.join(), database.join(), registry.join(), ready);
    }
  }

  public Broker broker() {
    return broker;
  }

  public Database database() {
    return database;
  }

  public SchemaRegistry registry() {
    return registry;
  }

  /**
   * The SaaS of this name.
   *
   * @throws IllegalArgumentException if none was started under it
   */
  public Saas saas(String name) {
    Saas saas = services.get(name);
    if (saas == null) {
      throw new IllegalArgumentException(
          "no service `%s`; there are `%s`".formatted(name, services.keySet()));
    }
    return saas;
  }

  /** Where to reach each part, by its name, for people who attach tools of their own. */
  public Map<String, String> addresses() {
    Map<String, String> addresses = new LinkedHashMap<>();
    addresses.put("broker", broker.bootstrapServers());
    addresses.put("registry", registry.url());
    if (!database.isExternal()) {
      addresses.put("database", database.uri(""));
    }
    services.forEach((name, saas) -> addresses.put(name, saas.url()));
    return addresses;
  }

  /** Ends all parts side by side, in seconds; closing twice does nothing. */
  @Override
  public void close() {
    List<AutoCloseable> parts = new ArrayList<>(services.values());
    parts.add(broker);
    parts.add(database);
    parts.add(registry);
    closeAll(parts);
  }

  private static void closeAll(List<? extends AutoCloseable> parts) {
    List<CompletableFuture<Void>> closing = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (AutoCloseable part : parts) {
        closing.add(CompletableFuture.runAsync(() -> close(part), threads));
      }
    }
    closing.forEach(CompletableFuture::join);
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

  /** Parts on their way up, all of which go down again if one fails. */
  private static final class Starting {
    private final ExecutorService threads;
    private final List<CompletableFuture<? extends AutoCloseable>> parts = new ArrayList<>();

    Starting(ExecutorService threads) {
      this.threads = threads;
    }

    <T extends AutoCloseable> CompletableFuture<T> part(Supplier<T> start) {
      CompletableFuture<T> part = CompletableFuture.supplyAsync(start, threads);
      parts.add(part);
      return part;
    }

    void awaitAll() {
      try {
        CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new)).join();
      } catch (CompletionException e) {
        closeAll();
        throw new IllegalStateException("the sandbox does not start: " + e.getCause(), e);
      }
    }

    void closeAll() {
      List<AutoCloseable> started = new ArrayList<>();
      for (CompletableFuture<? extends AutoCloseable> part : parts) {
        var _ = part.handle((ready, failure) -> failure == null && started.add(ready)).join();
      }
      Sandbox.closeAll(started);
    }
  }
}
