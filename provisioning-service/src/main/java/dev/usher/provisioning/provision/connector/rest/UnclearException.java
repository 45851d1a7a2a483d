package dev.usher.provisioning.provision.connector.rest;

/** An expression of a recipe gave nothing that can be used. */
final class UnclearException extends Exception {

  private static final long serialVersionUID = 1;

  /**
   * @param message in words without personal data and secrets
   */
  UnclearException(String message) {
    // Expected of what services answer, and so too common for a trace.
    super(message, null, false, false);
  }

  /** What is wrong, in words without personal data and secrets. */
  String why() {
    return String.valueOf(getMessage());
  }
}
