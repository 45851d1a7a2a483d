package dev.usher.policy;

import java.util.List;

/**
 * A tenant's file as the engine uses it.
 *
 * @param proven the domains the tenant has proven to own
 * @param mailboxes its role and service mailboxes
 * @param trusts one for each issuer, in the file's order
 * @param services in the file's order
 */
record TenantPolicy(
    Tenant tenant,
    List<DomainPattern> proven,
    ServiceMailboxes mailboxes,
    List<Trust> trusts,
    List<ServicePolicy> services) {
  TenantPolicy {
    proven = List.copyOf(proven);
    trusts = List.copyOf(trusts);
    services = List.copyOf(services);
  }

  boolean hasProven(String domain) {
    for (int i = 0; i < proven.size(); i++) {
      if (proven.get(i).matches(domain)) {
        return true;
      }
    }
    return false;
  }
}
