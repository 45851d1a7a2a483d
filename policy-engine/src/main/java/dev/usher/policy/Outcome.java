package dev.usher.policy;

/** How a decision ends. */
public enum Outcome implements Spelled {
  /** The person may have an account. */
  PERMITTED("permitted"),
  /** The person may not. */
  REFUSED("refused");

  private final String text;

  Outcome(String text) {
    this.text = text;
  }

  @Override
  public String text() {
    return text;
  }
}
