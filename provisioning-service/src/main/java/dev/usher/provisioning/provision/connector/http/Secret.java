package dev.usher.provisioning.provision.connector.http;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A secret that a setting refers to, looked up at each use so that a changed one is seen.
 *
 * @param setting its name in the tenant's file
 * @param value empty while it is not set
 */
record Secret(String setting, Supplier<Optional<String>> value) {

  Optional<String> get() {
    return value.get();
  }

  /** As {@link Authentication#secrets} wants it. */
  List<String> asList() {
    return get().stream().toList();
  }

  Authentication.Step.Failed isNotSet() {
    return new Authentication.Step.Failed(
        "The secret that the service's `" + setting + "` refers to is not set", null);
  }

  /**
   * @param expected what would be right
   */
  Authentication.Step.Failed cannotBeUsed(String expected) {
    return new Authentication.Step.Failed(
        "The secret that the service's `%s` refers to cannot be used; expected %s"
            .formatted(setting, expected),
        null);
  }

  /** Says nothing of the value. */
  @Override
  public String toString() {
    return "Secret[" + setting + "]";
  }
}
