package dev.usher.broken.provisioning.ops;

/** Knows wrong, which it must not. */
public final class Known {

  private dev.usher.broken.provisioning.wrong.Known forbidden =
      new dev.usher.broken.provisioning.wrong.Known();

  @Override
  public String toString() {
    return forbidden.getClass().getName();
  }
}
