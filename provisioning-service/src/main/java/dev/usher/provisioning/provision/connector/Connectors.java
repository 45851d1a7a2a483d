package dev.usher.provisioning.provision.connector;

import dev.usher.policy.Problem;
import dev.usher.policy.Service;
import dev.usher.provisioning.tenant.Secrets;
import java.time.InstantSource;
import java.util.List;

/** Makes connectors of one type. */
public interface Connectors {

  /** The {@code type} in the tenant's file. */
  String type();

  /** The settings that this type knows, besides those that all have. */
  List<String> settings();

  /** All that is wrong with the service's connector settings. */
  List<Problem> problems(Service service);

  /**
   * How hard the service may be worked: as its file says, and otherwise as is known of its kind.
   *
   * @param service one without problems
   */
  default Limits limits(Service service) {
    return Limits.of(service.connector());
  }

  /**
   * Makes the connector.
   *
   * @param service one without problems
   */
  Connector connect(Service service, Limits limits, Secrets secrets, InstantSource clock);
}
