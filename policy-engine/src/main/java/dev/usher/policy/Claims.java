package dev.usher.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What only one tenant can have: its id, its issuers, its domains. */
final class Claims {
  private Claims() {}

  private record Claim(String file, String tenant, Place place) {}

  /** Who claimed which domains first: exactly, all below a name, and anything below a name. */
  private record Domains(
      Map<String, DomainClaim> exact,
      Map<String, DomainClaim> below,
      Map<String, DomainClaim> within) {}

  private record DomainClaim(DomainPattern pattern, Claim claim) {}

  static void check(List<TenantReader.Read> tenants, List<Problem> problems) {
    Map<String, Claim> ids = new HashMap<>();
    Map<String, Claim> issuers = new HashMap<>();
    Domains domains = new Domains(new HashMap<>(), new HashMap<>(), new HashMap<>());
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
        DomainClaim mine = new DomainClaim(pattern, new Claim(file, tenant, place));
        Optional.ofNullable(claimed(mine, domains))
            .ifPresent(other -> problems.add(error(mine, other)));
      }
    }
  }

  /** Files the claim; gives the claim of another file that overlaps it, if there is one. */
  private static @Nullable DomainClaim claimed(DomainClaim mine, Domains domains) {
    String name = mine.pattern().name();
    List<@Nullable DomainClaim> others = new ArrayList<>();
    if (mine.pattern().below()) {
      others.add(domains.below().putIfAbsent(name, mine));
      others.add(domains.within().get(name));
    } else {
      others.add(domains.exact().putIfAbsent(name, mine));
    }
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      String parent = name.substring(dot + 1);
      others.add(domains.below().get(parent));
      domains.within().putIfAbsent(parent, mine);
    }
    for (DomainClaim other : others) {
      if (other != null && !other.claim().file().equals(mine.claim().file())) {
        return other;
      }
    }
    return null;
  }

  private static Problem error(DomainClaim mine, DomainClaim other) {
    return error(
        mine.claim(),
        "domain `%s` belongs to tenant `%s` already, as `%s` (%s:%d); a domain has one tenant"
            .formatted(
                mine.pattern(),
                other.claim().tenant(),
                other.pattern(),
                other.claim().file(),
                other.claim().place().line()));
  }

  private static Problem error(Claim at, String message) {
    return new Problem(
        at.file(), at.place().line(), at.place().column(), message, Problem.Severity.ERROR);
  }
}
