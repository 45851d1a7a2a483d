package dev.usher.policy;

import java.util.List;

/**
 * An identity provider that vouches for a tenant's people.
 *
 * @param id its short id in the tenant's file, a slug
 * @param iss `iss` of OpenID Connect, compared exactly
 * @param tenant the id of the one tenant it belongs to
 * @param vouchesFor domain patterns among the tenant's proven domains for which an absent
 *     `email_verified` counts as true
 * @param trustedProxies networks (CIDR) whose word on the next hop is taken
 */
public record Issuer(
    String id, String iss, String tenant, List<String> vouchesFor, List<String> trustedProxies) {
  public Issuer {
    vouchesFor = List.copyOf(vouchesFor);
    trustedProxies = List.copyOf(trustedProxies);
  }
}
