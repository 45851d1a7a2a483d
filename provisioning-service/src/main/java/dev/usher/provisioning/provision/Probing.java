package dev.usher.provisioning.provision;

import dev.usher.policy.PolicySet;
import dev.usher.policy.Service;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Connectors;
import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.Probe;
import dev.usher.provisioning.tenant.Secrets;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * {@code java -jar usher.jar probe [TENANT | TENANT/SERVICE]}: asks the services of the tenant
 * files whether credentials and endpoint work, without an effect on any account, and says what they
 * answer.
 */
public final class Probing {

  private static final int ALL_WORK = 0;
  private static final int SOME_FAIL = 1;
  private static final int MISUSED = 2;

  private final Supplier<PolicySet> policies;
  private final ConnectorTypes types;
  private final Secrets secrets;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  Probing(
      Supplier<PolicySet> policies,
      ConnectorTypes types,
      Secrets secrets,
      InstantSource clock,
      LongSupplier nanoTime) {
    this.policies = policies;
    this.types = types;
    this.secrets = secrets;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * A line for each service, in the files' order.
   *
   * @param arguments the name of a tenant, or of one of its services; none for all there are
   * @return the exit status: 0 if all work, 1 if one fails, 2 if there is none of that name
   */
  public int run(List<String> arguments, PrintStream out) {
    if (arguments.size() > 1) {
      out.println("usage: probe [TENANT | TENANT/SERVICE]");
      return MISUSED;
    }
    List<Service> all =
        policies.get().tenants().stream().flatMap(tenant -> tenant.services().stream()).toList();
    List<Service> meant =
        all.stream()
            .filter(service -> arguments.stream().allMatch(name -> isNamed(service, name)))
            .toList();
    if (meant.isEmpty()) {
      out.printf(
          "no service `%s`; expected one of `%s`%n",
          String.join(" ", arguments),
          all.stream().map(Probing::name).collect(Collectors.joining("`, `")));
      return MISUSED;
    }
    int width = meant.stream().mapToInt(service -> name(service).length()).max().orElse(1);
    int status = ALL_WORK;
    for (Service service : meant) {
      Probe probe = probe(service);
      String line = "%-" + width + "s  %-5s  %s%n";
      switch (probe) {
        case Probe.Works(String detail) -> out.printf(line, name(service), "works", detail);
        case Probe.Fails(String why) -> {
          out.printf(line, name(service), "fails", why);
          status = SOME_FAIL;
        }
      }
    }
    return status;
  }

  private Probe probe(Service service) {
    Connectors type = types.of(service);
    Limits limits = type.limits(service);
    try (Connector connector = type.connect(service, limits, secrets, clock)) {
      return connector.probe(Deadline.after(limits.timeout(), nanoTime));
    }
  }

  private static boolean isNamed(Service service, String name) {
    return service.tenant().equals(name) || name(service).equals(name);
  }

  private static String name(Service service) {
    return service.tenant() + "/" + service.id();
  }
}
