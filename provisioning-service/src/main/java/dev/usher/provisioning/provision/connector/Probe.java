package dev.usher.provisioning.provision.connector;

/** Whether a service can be worked with. */
public sealed interface Probe {

  /**
   * It answers and accepts the credentials.
   *
   * @param detail what it says of itself, in a sentence without secrets
   */
  record Works(String detail) implements Probe {}

  /**
   * It does not.
   *
   * @param why what is wrong and what would be right, in a sentence without secrets
   */
  record Fails(String why) implements Probe {}
}
