package dev.usher.provisioning.provision.connector.scim;

import dev.usher.policy.Problem;
import dev.usher.policy.Service;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Connectors;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.http.Authentications;
import dev.usher.provisioning.provision.connector.http.BaseUrl;
import dev.usher.provisioning.provision.connector.http.Http;
import dev.usher.provisioning.tenant.Secrets;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes connectors of type {@code scim}: {@code url}, {@code token} or {@code auth}, {@code
 * profile}, and whatever of the profile is to be otherwise.
 */
public final class ScimConnectors implements Connectors {

  private static final String PROFILE = "profile";

  private final Outbound outbound;
  private final Profiles profiles;

  /** With the profiles that come with us. */
  public ScimConnectors(Outbound outbound) {
    this(outbound, null);
  }

  /**
   * @param profiles a directory of further profiles, which need not be there; null for none
   * @throws IllegalStateException if one of them is wrong, with all that is wrong
   */
  public ScimConnectors(Outbound outbound, @Nullable Path profiles) {
    this.outbound = outbound;
    this.profiles = Profiles.load(profiles);
  }

  @Override
  public String type() {
    return "scim";
  }

  @Override
  public List<String> settings() {
    return Stream.of(List.of(PROFILE, Profiles.URL), Authentications.SETTINGS, Dialect.SETTINGS)
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public List<Problem> problems(Service service) {
    dev.usher.policy.Connector connector = service.connector();
    List<Problem> problems = new ArrayList<>();
    Object name = connector.settings().getOrDefault(PROFILE, Profiles.GENERIC);
    Optional<dev.usher.policy.Connector> profile = profiles.named(name);
    if (profile.isEmpty()) {
      problems.add(
          connector.problem(
              PROFILE,
              "`%s` is no profile; expected one of `%s`"
                  .formatted(name, String.join("`, `", profiles.names()))));
    }
    Object example =
        profile
            .map(known -> known.settings().get(Profiles.URL_EXAMPLE))
            .orElse("https://api.example.com/scim/v2");
    problems.addAll(
        BaseUrl.problems(
            connector,
            Profiles.URL,
            profile
                .map(known -> url(connector, known))
                .orElseGet(() -> connector.settings().get(Profiles.URL)),
            outbound,
            "base URL of a SCIM service",
            example.toString()));
    problems.addAll(Authentications.problems(connector, outbound));
    problems.addAll(Dialect.problems(connector));
    return problems;
  }

  private static @Nullable Object url(
      dev.usher.policy.Connector file, dev.usher.policy.Connector profile) {
    Object own = file.settings().get(Profiles.URL);
    return own == null ? profile.settings().get(Profiles.URL) : own;
  }

  private dev.usher.policy.Connector profile(Service service) {
    Object name = service.connector().settings().getOrDefault(PROFILE, Profiles.GENERIC);
    return profiles
        .named(name)
        .orElseThrow(() -> new IllegalArgumentException("`" + service + "` has problems"));
  }

  @Override
  public Limits limits(Service service) {
    return Limits.of(service.connector(), profile(service));
  }

  @Override
  public Connector connect(Service service, Limits limits, Secrets secrets, InstantSource clock) {
    dev.usher.policy.Connector profile = profile(service);
    URI base =
        BaseUrl.of(url(service.connector(), profile))
            .orElseThrow(() -> new IllegalArgumentException("`" + service + "` has problems"));
    Http http =
        new Http(base, Authentications.of(service, base, secrets, clock), limits, outbound, clock);
    String credentials = service.connector().settings().containsKey("auth") ? "auth" : "token";
    return new ScimConnector(
        new Dialect(service.connector(), profile), base, http, credentials, clock);
  }
}
