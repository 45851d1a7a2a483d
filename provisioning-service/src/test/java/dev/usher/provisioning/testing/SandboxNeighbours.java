package dev.usher.provisioning.testing;

import dev.usher.sandbox.Sandbox;
import java.util.Map;

/** The sandbox's broker, registry and database; started once for all test classes of a JVM. */
public final class SandboxNeighbours implements Neighbours {

  private static final class Once {
    private static final Sandbox SANDBOX = start();

    private static Sandbox start() {
      Sandbox sandbox = Sandbox.start();
      Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close, "sandbox-ends"));
      return sandbox;
    }
  }

  /** The sandbox itself, for tests that stop and start its parts. */
  public Sandbox sandbox() {
    return Once.SANDBOX;
  }

  @Override
  public String bootstrapServers() {
    return sandbox().broker().bootstrapServers();
  }

  @Override
  public String registryUrl() {
    return sandbox().registry().url();
  }

  @Override
  public String databaseUri(String name) {
    return sandbox().database().uri(name);
  }

  @Override
  public void createTopic(String name, int partitions, Map<String, String> settings) {
    sandbox().broker().createTopic(name, partitions, settings);
  }

  /** It stays for the other tests, and ends with the JVM. */
  @Override
  public void close() {}
}
