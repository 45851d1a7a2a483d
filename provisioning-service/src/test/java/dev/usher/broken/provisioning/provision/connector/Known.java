package dev.usher.broken.provisioning.provision.connector;

/** Knows Resilience4j, which a connector must not. */
public final class Known {

  String resilience(io.github.resilience4j.bulkhead.Bulkhead bulkhead) {
    return bulkhead.getName();
  }
}
