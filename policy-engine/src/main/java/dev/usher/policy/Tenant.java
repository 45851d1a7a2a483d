package dev.usher.policy;

import java.util.List;
import java.util.Optional;

/**
 * An organization as its file describes it.
 *
 * @param id a slug
 * @param file the name of the file it was read from
 * @param issuers in the file's order, at least one
 * @param domains patterns of the domains it has proven to own: exact, or `*.` for subdomains only
 * @param services in the file's order
 */
public record Tenant(
    String id, String file, List<Issuer> issuers, List<String> domains, List<Service> services) {
  public Tenant {
    issuers = List.copyOf(issuers);
    domains = List.copyOf(domains);
    services = List.copyOf(services);
  }

  /** The service with this id. */
  public Optional<Service> service(String id) {
    return services.stream().filter(service -> service.id().equals(id)).findFirst();
  }
}
