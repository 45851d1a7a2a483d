package dev.usher.policy;

/** What makes a service ask for an account; the engine reads it and never acts on it. */
public enum Trigger implements Spelled {
  /** Any sign-in at the identity provider. */
  FIRST_SIGN_IN("first-sign-in"),
  /** Only a sign-in to one of the service's applications. */
  APP_SIGN_IN("app-sign-in"),
  /** The directory's word that the person was created. */
  JOINER("joiner"),
  /** Somebody needs the person to be there. */
  ACCESS_REQUEST("access-request");

  private final String text;

  Trigger(String text) {
    this.text = text;
  }

  @Override
  public String text() {
    return text;
  }
}
