package dev.usher.policy;

/** What a rule does when it matches. */
enum Effect implements Spelled {
  PERMIT("permit"),
  FORBID("forbid");

  private final String text;

  Effect(String text) {
    this.text = text;
  }

  @Override
  public String text() {
    return text;
  }
}
