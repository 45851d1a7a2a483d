package dev.usher.broken.provisioning.admission;

/** Knows intake, which it must not. */
public final class Known {

  private dev.usher.broken.provisioning.intake.Known forbidden =
      new dev.usher.broken.provisioning.intake.Known();

  @Override
  public String toString() {
    return forbidden.getClass().getName();
  }
}
