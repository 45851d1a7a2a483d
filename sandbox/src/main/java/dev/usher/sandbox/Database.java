package dev.usher.sandbox;

import com.mongodb.ConnectionString;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A database that speaks MongoDB's wire protocol: in this JVM, or an external one that the
 * environment names. Safe for use by several threads.
 */
public abstract sealed class Database implements AutoCloseable {

  /** The environment variable that names an external MongoDB-compatible server. */
  public static final String EXTERNAL_URI = "USHER_TEST_MONGODB_URI";

  private Database() {}

  /** Starts a database in memory; what it holds is gone when it stops. */
  public static Database start() {
    return new InThisJvm(LooksById::inMemory).begin();
  }

  /**
   * Starts a database in memory that keeps what it holds over a stop and a restart, as long as this
   * JVM lives: for more documents than a search can read from disk each time.
   */
  public static Database startRemembering() {
    MongoBackend kept = LooksById.remembering();
    return new InThisJvm(() -> kept).begin();
  }

  /**
   * Starts a database that keeps its data in {@code folder}. An orderly stop keeps everything; a
   * killed process may lose the last second.
   */
  public static Database start(Path folder) {
    Path file = Folders.made(folder).resolve("database.mv");
    return new InThisJvm(() -> LooksById.in(file)).begin();
  }

  /**
   * Takes the server that {@value #EXTERNAL_URI} names if that is set, and else starts one in
   * memory. Of an external server, {@link #close} drops the databases that {@link #uri} was asked
   * for.
   *
   * @throws IllegalArgumentException if the variable holds no MongoDB connection string
   */
  public static Database startOrExternal() {
    return startOrExternal(System.getenv());
  }

  static Database startOrExternal(Map<String, String> environment) {
    String uri = environment.getOrDefault(EXTERNAL_URI, "");
    return uri.isBlank() ? start() : new External(ExternalUri.of(uri.strip()));
  }

  /** The connection string for one database; the same after a restart. */
  public abstract String uri(String databaseName);

  /** Stops in an orderly way and keeps the port; stopping twice does nothing. */
  public abstract void stop();

  /** Stops if need be, and starts on the same port with the same data, if that is kept at all. */
  public abstract void restart();

  /** Whether this is a server that the environment names, which cannot be stopped from here. */
  public abstract boolean isExternal();

  /** Stops for good; closing twice does nothing. */
  @Override
  public abstract void close();

  private static final class InThisJvm extends Database {
    private final Supplier<MongoBackend> backend;
    private final int port = Ports.free();
    private @Nullable MongoServer server;

    InThisJvm(Supplier<MongoBackend> backend) {
      this.backend = backend;
    }

    Database begin() {
      restart();
      return this;
    }

    @Override
    public String uri(String databaseName) {
      return "mongodb://%s:%d/%s".formatted(Ports.LOOPBACK, port, databaseName);
    }

    @Override
    public synchronized void restart() {
      stop();
      MongoServer starting = new MongoServer(backend.get());
      server = starting;
      starting.bind(Ports.LOOPBACK, port);
    }

    @Override
    public synchronized void stop() {
      if (server != null) {
        server.shutdownNow();
        server = null;
      }
    }

    @Override
    public boolean isExternal() {
      return false;
    }

    @Override
    public void close() {
      stop();
    }
  }

  private static final class External extends Database {
    private final ExternalUri uri;
    private final Set<String> handedOut = ConcurrentHashMap.newKeySet();

    External(ExternalUri uri) {
      this.uri = uri;
    }

    @Override
    public String uri(String databaseName) {
      if (!databaseName.isEmpty()) {
        handedOut.add(databaseName);
      }
      return uri.withDatabase(databaseName);
    }

    @Override
    public void stop() {
      throw cannot("stopped");
    }

    @Override
    public void restart() {
      throw cannot("restarted");
    }

    private static UnsupportedOperationException cannot(String verb) {
      return new UnsupportedOperationException(
          "the database of `%s` cannot be %s from here; ask isExternal() and skip"
              .formatted(EXTERNAL_URI, verb));
    }

    @Override
    public boolean isExternal() {
      return true;
    }

    @Override
    public synchronized void close() {
      for (String name : Set.copyOf(handedOut)) {
        try (MongoClient client =
            MongoClients.create(new ConnectionString(uri.withDatabase(name)))) {
          client.getDatabase(name).drop();
        }
        handedOut.remove(name);
      }
    }
  }
}
