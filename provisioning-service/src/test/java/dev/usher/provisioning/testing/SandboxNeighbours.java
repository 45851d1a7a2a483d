package dev.usher.provisioning.testing;

import dev.usher.sandbox.Sandbox;
import java.util.Map;

/** The sandbox's broker, registry and database. */
public final class SandboxNeighbours implements Neighbours {

  private static final class Once {
    private static final Sandbox SANDBOX = start();

    private static Sandbox start() {
      Sandbox sandbox = Sandbox.start();
      Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close, "sandbox-ends"));
      return sandbox;
    }
  }

  private final Sandbox sandbox;

  /** Of a sandbox whose parts the caller may stop. */
  public SandboxNeighbours(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  /** Of the one sandbox that all who stop none of its parts share; it ends with the JVM. */
  public static SandboxNeighbours shared() {
    return new SandboxNeighbours(Once.SANDBOX);
  }

  @Override
  public String bootstrapServers() {
    return sandbox.broker().bootstrapServers();
  }

  @Override
  public String registryUrl() {
    return sandbox.registry().url();
  }

  @Override
  public String databaseUri(String name) {
    return sandbox.database().uri(name);
  }

  @Override
  public void createTopic(String name, int partitions, Map<String, String> settings) {
    sandbox.broker().createTopic(name, partitions, settings);
  }
}
