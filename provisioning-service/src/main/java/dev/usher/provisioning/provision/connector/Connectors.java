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
   * Makes the connector.
   *
   * @param service one without problems
   * @param limits what all connectors have
   */
  Connector connect(Service service, Limits limits, Secrets secrets, InstantSource clock);
}
