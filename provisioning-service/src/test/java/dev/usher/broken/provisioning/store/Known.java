package dev.usher.broken.provisioning.store;

/** Knows account, which it must not. */
public final class Known {

  private dev.usher.broken.provisioning.account.Known forbidden =
      new dev.usher.broken.provisioning.account.Known();

  @Override
  public String toString() {
    return forbidden.getClass().getName();
  }
}
