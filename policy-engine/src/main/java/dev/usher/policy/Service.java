package dev.usher.policy;

import java.util.List;
import java.util.Set;

/**
 * A downstream service as the tenant's file describes it.
 *
 * @param id a slug, unique in its tenant
 * @param tenant the tenant's id
 * @param connector how it is reached, for others to interpret
 * @param triggers what makes it ask for an account; at least one, `first-sign-in` by default
 * @param applications the identity provider's ids of the applications that belong to it
 * @param mode whether permitted people are really given accounts
 * @param onLoss what losing permission does to an account
 * @param seats its paid licences
 * @param rules the names of its join rules, in the file's order
 */
public record Service(
    String id,
    String tenant,
    Connector connector,
    Set<Trigger> triggers,
    Set<String> applications,
    Mode mode,
    OnLoss onLoss,
    Seats seats,
    List<String> rules) {
  public Service {
    triggers = Set.copyOf(triggers);
    applications = Set.copyOf(applications);
    rules = List.copyOf(rules);
  }

  /** Tenant and id, as `acme/slack`: unique in a policy set. */
  @Override
  public String toString() {
    return tenant + "/" + id;
  }
}
