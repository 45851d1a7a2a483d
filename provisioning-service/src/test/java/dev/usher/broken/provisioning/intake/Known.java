package dev.usher.broken.provisioning.intake;

/** Knows ops, which it must not. */
public final class Known {

  private dev.usher.broken.provisioning.ops.Known forbidden =
      new dev.usher.broken.provisioning.ops.Known();

  @Override
  public String toString() {
    return forbidden.getClass().getName();
  }
}
