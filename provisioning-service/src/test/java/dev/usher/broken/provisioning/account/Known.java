package dev.usher.broken.provisioning.account;

/** Knows admission, which it must not. */
public final class Known {

  private dev.usher.broken.provisioning.admission.Known forbidden =
      new dev.usher.broken.provisioning.admission.Known();

  @Override
  public String toString() {
    return forbidden.getClass().getName();
  }
}
