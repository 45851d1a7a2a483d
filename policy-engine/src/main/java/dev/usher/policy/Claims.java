package dev.usher.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What only one tenant can have: its id, its issuers, its domains. */
final class Claims {
  private Claims() {}

  private record Claim(String file, String tenant, Place place) {}

  private record DomainClaim(DomainPattern pattern, Claim claim) {}

  static void check(List<TenantReader.Read> tenants, List<Problem> problems) {
    Map<String, Claim> ids = new HashMap<>();
    Map<String, Claim> issuers = new HashMap<>();
    Map<String, List<DomainClaim>> domains = new HashMap<>();
    for (TenantReader.Read read : tenants) {
      String file = read.policy().tenant().file();
      String tenant = read.policy().tenant().id();
      Claim id = new Claim(file, tenant, read.namePlace());
      Claim firstId = ids.putIfAbsent(tenant, id);
      if (firstId != null) {
        problems.add(error(id, "tenant `%s` is already in %s".formatted(tenant, firstId.file())));
      }
      read.issuers()
          .forEach(
              (iss, place) -> {
                Claim claim = new Claim(file, tenant, place);
                Claim first = issuers.putIfAbsent(iss, claim);
                if (first != null && !first.file().equals(file)) {
                  problems.add(
                      error(
                          claim,
                          "issuer `%s` belongs to tenant `%s` already (%s:%d); an issuer has one tenant"
                              .formatted(iss, first.tenant(), first.file(), first.place().line())));
                }
              });
      for (DomainPattern pattern : read.policy().proven()) {
        Place place = read.domains().getOrDefault(pattern.toString(), Place.START);
        domain(pattern, new Claim(file, tenant, place), domains, problems);
      }
    }
  }

  /** Overlapping patterns share a parent, so each claim is filed under itself and its parents. */
  private static void domain(
      DomainPattern pattern,
      Claim claim,
      Map<String, List<DomainClaim>> filed,
      List<Problem> problems) {
    DomainClaim mine = new DomainClaim(pattern, claim);
    for (String at = pattern.name(); ; at = at.substring(at.indexOf('.') + 1)) {
      List<DomainClaim> there = filed.computeIfAbsent(at, name -> new ArrayList<>());
      boolean own = at.equals(pattern.name());
      for (DomainClaim other : there) {
        boolean asked = own || other.pattern().name().equals(at);
        if (asked
            && !other.claim().file().equals(claim.file())
            && other.pattern().overlaps(pattern)) {
          problems.add(
              error(
                  claim,
                  "domain `%s` belongs to tenant `%s` already, as `%s` (%s:%d); a domain has one tenant"
                      .formatted(
                          pattern,
                          other.claim().tenant(),
                          other.pattern(),
                          other.claim().file(),
                          other.claim().place().line())));
          return;
        }
      }
      there.add(mine);
      if (at.indexOf('.') < 0) {
        return;
      }
    }
  }

  private static Problem error(Claim at, String message) {
    return new Problem(
        at.file(), at.place().line(), at.place().column(), message, Problem.Severity.ERROR);
  }
}
