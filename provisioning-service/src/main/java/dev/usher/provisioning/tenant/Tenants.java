package dev.usher.provisioning.tenant;

import dev.usher.policy.LoadResult;
import dev.usher.policy.PolicySet;
import dev.usher.policy.Problem;
import dev.usher.policy.Service;
import dev.usher.policy.Tenant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tenants in force: the last good set of tenant files. A bad file is refused with all that is
 * wrong in it, and what was in force stays so.
 */
public final class Tenants {

  private static final Logger log = LoggerFactory.getLogger(Tenants.class);

  private final Path directory;
  private final List<ServiceCheck> checks;
  private volatile InForce inForce;
  private volatile List<Problem> refused = List.of();

  /** What follows from one load. */
  private record InForce(PolicySet policies, Map<ServiceKey, Service> services) {}

  /**
   * Loads the tenant files.
   *
   * @param directory where they are
   * @param checks what else must hold of a service
   * @throws TenantFilesRefusedException if one is bad: without a first good set there is nothing to
   *     decide by
   */
  Tenants(Path directory, List<ServiceCheck> checks) {
    this.directory = directory;
    this.checks = checks;
    this.inForce =
        switch (read()) {
          case LoadResult.Loaded loaded -> {
            loaded.warnings().forEach(warning -> log.warn("{}", warning));
            yield index(loaded.policies());
          }
          case LoadResult.Refused bad ->
              throw new TenantFilesRefusedException(directory, bad.problems());
        };
    log.info("{}", this);
  }

  /** The join policies in force; one set for all that belongs together. */
  public PolicySet policies() {
    return inForce.policies;
  }

  /** A service in force. */
  public Optional<Service> service(ServiceKey key) {
    return Optional.ofNullable(inForce.services.get(key));
  }

  /** Whether the tenant has proven to own the domain of the e-mail address. */
  public boolean hasProvenDomainOf(String tenant, String email) {
    String domain = email.substring(email.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    return policies().tenants().stream()
        .filter(each -> each.id().equals(tenant))
        .flatMap(each -> each.domains().stream())
        .anyMatch(
            pattern ->
                pattern.startsWith("*.")
                    ? domain.endsWith(pattern.substring(1))
                        && domain.length() > pattern.length() - 1
                    : domain.equals(pattern));
  }

  /** What was wrong with the files when they were last read; empty if nothing was. */
  public List<Problem> refused() {
    return refused;
  }

  /** One step of the watch over the files: takes them over if they changed and are good. */
  void reload() {
    switch (read()) {
      case LoadResult.Loaded loaded -> {
        refused = List.of();
        if (!loaded.policies().revision().equals(policies().revision())) {
          loaded.warnings().forEach(warning -> log.warn("{}", warning));
          inForce = index(loaded.policies());
          log.info("{}", this);
        }
      }
      case LoadResult.Refused bad -> {
        if (!bad.problems().equals(refused)) {
          bad.problems().forEach(problem -> log.error("{}", problem));
          log.error("Tenant files refused; revision {} stays in force", policies().revision());
        }
        refused = List.copyOf(bad.problems());
      }
    }
  }

  private LoadResult read() {
    LoadResult result = PolicySet.load(directory);
    if (!(result instanceof LoadResult.Loaded loaded)) {
      return result;
    }
    List<Problem> problems = new ArrayList<>();
    for (Tenant tenant : loaded.policies().tenants()) {
      for (Service service : tenant.services()) {
        checks.forEach(check -> problems.addAll(check.problems(service)));
        problems.addAll(reachingOut(service, loaded.policies().tenants()));
      }
    }
    return problems.isEmpty()
        ? loaded
        : new LoadResult.Refused(problems.stream().sorted().toList());
  }

  /** References to secrets that could be another tenant's. */
  private static List<Problem> reachingOut(Service service, List<Tenant> tenants) {
    List<Problem> problems = new ArrayList<>();
    references(service.connector().settings(), "")
        .forEach(
            (setting, reference) ->
                tenants.stream()
                    .filter(other -> Secrets.reaches(service.tenant(), reference, other.id()))
                    .map(
                        other ->
                            service
                                .connector()
                                .problem(
                                    setting,
                                    "`%s` could be read as a secret of tenant `%s`; expected a name that does not begin with the rest of that tenant's"
                                        .formatted(reference, other.id())))
                    .forEach(problems::add));
    return problems;
  }

  /** What reads like a reference, at every depth, by its path. */
  private static Map<String, String> references(@Nullable Object value, String path) {
    Map<String, String> found = new LinkedHashMap<>();
    switch (value) {
      case Map<?, ?> map ->
          map.forEach(
              (name, each) ->
                  found.putAll(references(each, path.isEmpty() ? "" + name : path + '.' + name)));
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          found.putAll(references(list.get(i), path + '[' + i + ']'));
        }
      }
      case String text when Secrets.isReference(text) -> found.put(path, text);
      case null, default -> {}
    }
    return found;
  }

  private static InForce index(PolicySet policies) {
    Map<ServiceKey, Service> services = new HashMap<>();
    for (Tenant tenant : policies.tenants()) {
      for (Service service : tenant.services()) {
        services.put(new ServiceKey(tenant.id(), service.id()), service);
      }
    }
    return new InForce(policies, Map.copyOf(services));
  }

  @Override
  public String toString() {
    return "Tenants in force: "
        + policies().tenants().stream().map(Tenant::id).collect(Collectors.joining(", "))
        + " (revision "
        + policies().revision()
        + ")";
  }
}
