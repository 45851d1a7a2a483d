package dev.usher.provisioning.testing;

import dev.usher.policy.Facts;
import dev.usher.policy.LoadResult;
import dev.usher.policy.PolicySet;
import dev.usher.policy.Service;
import dev.usher.policy.TenantSource;
import dev.usher.policy.Trigger;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.Grant;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.person.Profile;
import dev.usher.sandbox.Saas;
import java.time.Instant;
import java.util.List;

/** A tenant small enough to be read whole. */
public final class Acme {

  private Acme() {}

  /**
   * The tenant's file, with one service that lets all of acme.example in.
   *
   * @param connector the service's settings, as a YAML mapping
   */
  public static String tenant(String connector) {
    return """
    tenant: acme
    issuers:
      staff:
        id: https://id.acme.example/realms/staff
        vouches-for: [acme.example]
    domains: [acme.example]
    services:
      slack:
        connector: %s
        join:
          - permit: anyone-at-acme
            domain: acme.example
    """
        .formatted(connector);
  }

  /** The service of that tenant. */
  public static Service slack(String connector) {
    return switch (PolicySet.load(List.of(new TenantSource("acme.yaml", tenant(connector))))) {
      case LoadResult.Loaded loaded ->
          loaded.policies().tenants().getFirst().service("slack").orElseThrow();
      case LoadResult.Refused refused -> throw new AssertionError(refused.problems());
    };
  }

  /**
   * The settings that lead to a SaaS whose token is the secret {@code SLACK_TOKEN}.
   *
   * @param more further ones, such as {@code timeout: 1s}
   */
  public static String scim(String url, String... more) {
    String rest = more.length == 0 ? "" : ", " + String.join(", ", more);
    return "{type: scim, url: \"%s\", token: \"${SLACK_TOKEN}\"%s}".formatted(url, rest);
  }

  /** The service in a SaaS. */
  public static Service slackAt(Saas saas, String... more) {
    return slack(scim(saas.url(), more));
  }

  /** An account of that person, as a first sign-in asks for it; nobody has it in hand. */
  public static Account requested(String subject, String service, Instant at) {
    return Account.requested(
        new AccountKey(new PersonKey("acme", "staff", subject), service),
        jane(subject + "@acme.example"),
        new Grant(
            "anyone-at-acme",
            "revision",
            List.of(),
            Trigger.FIRST_SIGN_IN,
            null,
            null,
            at,
            Facts.signIn().issuer("https://id.acme.example").subject(subject).build()),
        at);
  }

  /** Jane, as a service is told of her. */
  public static Profile jane(String email) {
    return new Profile(email, "jane", "Jane Doe", "Jane", "Doe", "de-CH", "Europe/Zurich");
  }
}
