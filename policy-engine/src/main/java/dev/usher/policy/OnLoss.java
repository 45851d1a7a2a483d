package dev.usher.policy;

/** What happens to an account that exists when its person is no longer permitted. */
public enum OnLoss implements Spelled {
  /** Nothing. */
  KEEP("keep"),
  /** It is reported; the default. */
  REPORT("report"),
  /** It is suspended. */
  SUSPEND("suspend");

  private final String text;

  OnLoss(String text) {
    this.text = text;
  }

  @Override
  public String text() {
    return text;
  }
}
