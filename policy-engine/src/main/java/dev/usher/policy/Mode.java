package dev.usher.policy;

/** Whether a permitted person is really given an account. */
public enum Mode implements Spelled {
  /** Decide and report, and create nothing. */
  OBSERVE("observe"),
  /** Decide and create. */
  ENFORCE("enforce");

  private final String text;

  Mode(String text) {
    this.text = text;
  }

  @Override
  public String text() {
    return text;
  }
}
