package dev.usher.provisioning.intake;

/** A record that can never be read as what its topic is for. */
final class UnreadableInputException extends Exception {

  private final String reason;

  /**
   * @param reason a stable code in lower case and hyphens
   * @param message what is wrong and what would be right, without personal data
   */
  UnreadableInputException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  UnreadableInputException(String reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
