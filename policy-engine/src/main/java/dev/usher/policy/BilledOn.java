package dev.usher.policy;

/** When a service starts to bill a seat. */
public enum BilledOn implements Spelled {
  /** As soon as the account exists; the default. */
  CREATION("creation"),
  /** When the person first uses it. */
  ACTIVATION("activation");

  private final String text;

  BilledOn(String text) {
    this.text = text;
  }

  @Override
  public String text() {
    return text;
  }
}
