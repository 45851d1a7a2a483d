package dev.usher.provisioning.tenant;

import dev.usher.policy.Problem;
import dev.usher.policy.Service;
import java.util.List;

/** What else must hold of a service before its tenant's file is taken over. */
@FunctionalInterface
public interface ServiceCheck {

  /** All that is wrong with the service, each with its place in the tenant's file. */
  List<Problem> problems(Service service);
}
