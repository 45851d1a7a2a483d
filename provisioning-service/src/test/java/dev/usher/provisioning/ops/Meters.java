package dev.usher.provisioning.ops;

import dev.usher.provisioning.admission.AdmissionObserver;
import io.micrometer.core.instrument.MeterRegistry;

/** The service's metrics, for tests of other packages. */
public final class Meters {

  private Meters() {}

  /** What counts decisions. */
  public static AdmissionObserver of(MeterRegistry registry) {
    return new UsherMetrics(registry);
  }
}
