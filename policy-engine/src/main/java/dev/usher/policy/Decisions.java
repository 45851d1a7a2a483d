package dev.usher.policy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was decided for one person: one decision for each service of the issuer's tenant, in the
 * order of {@link Tenant#services()}. Immutable.
 */
public final class Decisions {
  private static final Decision[] NONE = {};

  private final String revision;
  private final @Nullable TenantPolicy tenant;
  private final @Nullable Issuer issuer;
  private final Passage passage;
  private final Decision[] decisions;

  Decisions(
      String revision,
      @Nullable TenantPolicy tenant,
      @Nullable Issuer issuer,
      Passage passage,
      Decision @Nullable [] decisions) {
    this.revision = revision;
    this.tenant = tenant;
    this.issuer = issuer;
    this.passage = passage;
    this.decisions = decisions == null ? NONE : decisions;
  }

  /** The revision of the policy set that decided. */
  public String revision() {
    return revision;
  }

  /** The gate that refused all services before any rule was looked at. */
  public Optional<Reason> gate() {
    return passage instanceof Passage.Stopped(Reason reason)
        ? Optional.of(reason)
        : Optional.empty();
  }

  /** The tenant that the issuer belongs to; empty for an unknown issuer. */
  public Optional<Tenant> tenant() {
    return tenant == null ? Optional.empty() : Optional.of(tenant.tenant());
  }

  /** The issuer; empty for an unknown one. */
  public Optional<Issuer> issuer() {
    return Optional.ofNullable(issuer);
  }

  /** The normalized and verified e-mail address; empty if a gate refused all services. */
  public Optional<EmailAddress> email() {
    return passage instanceof Sighting sighting ? Optional.of(sighting.email()) : Optional.empty();
  }

  /** Where the person is, behind trusted proxies; empty where that is unknown. */
  public Optional<String> clientAddress() {
    return passage instanceof Sighting sighting && sighting.ip() != null
        ? Optional.of(sighting.ip().toString())
        : Optional.empty();
  }

  /**
   * Whether these are the decisions of the other, whoever they are about. False of two policy sets
   * though they say the same.
   */
  @SuppressWarnings("ReferenceEquality") // Decisions are made at load and shared.
  public boolean sameAs(Decisions other) {
    if (tenant != other.tenant
        || decisions.length != other.decisions.length
        || !revision.equals(other.revision)
        || !gate().equals(other.gate())) {
      return false;
    }
    for (int i = 0; i < decisions.length; i++) {
      if (decisions[i] != other.decisions[i]) {
        return false;
      }
    }
    return true;
  }

  /** How many services the tenant has; 0 for an unknown issuer. */
  public int size() {
    return decisions.length;
  }

  /**
   * The decision for one service.
   *
   * @param index of the service in {@link Tenant#services()}
   */
  public Decision get(int index) {
    return decisions[index];
  }
}
