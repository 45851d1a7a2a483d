package dev.usher.broken.provisioning.provision.connector;

/** Knows Resilience4j, which a connector must not. */
public final class Known {

  String resilience(io.github.resilience4j.retry.Retry retry) {
    return retry.getName();
  }
}
