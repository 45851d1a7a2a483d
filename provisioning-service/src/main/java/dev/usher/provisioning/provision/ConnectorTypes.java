package dev.usher.provisioning.provision;

import dev.usher.policy.Connector;
import dev.usher.policy.Problem;
import dev.usher.policy.Service;
import dev.usher.provisioning.provision.connector.Connectors;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.tenant.ServiceCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The types of connectors there are. */
final class ConnectorTypes implements ServiceCheck {

  private static final String TYPE = "type";

  private final Map<String, Connectors> types;

  ConnectorTypes(List<Connectors> types) {
    this.types = types.stream().collect(Collectors.toMap(Connectors::type, Function.identity()));
  }

  /** The type of a service without problems. */
  Connectors of(Service service) {
    return Objects.requireNonNull(
        types.get(String.valueOf(service.connector().settings().get(TYPE))));
  }

  @Override
  public List<Problem> problems(Service service) {
    Connector connector = service.connector();
    Object named = connector.settings().get(TYPE);
    Connectors type = types.get(String.valueOf(named));
    if (type == null) {
      return List.of(
          connector.problem(
              TYPE,
              "`%s` is no type of connector; expected one of %s"
                  .formatted(
                      named,
                      types.keySet().stream()
                          .sorted()
                          .map(name -> "`" + name + "`")
                          .collect(Collectors.joining(", ")))));
    }
    List<Problem> problems = new ArrayList<>(Limits.problems(connector));
    problems.addAll(type.problems(service));
    List<String> known =
        Stream.of(Stream.of(TYPE), Limits.SETTINGS.stream(), type.settings().stream())
            .flatMap(Function.identity())
            .toList();
    for (String setting : connector.settings().keySet()) {
      if (!known.contains(setting)) {
        problems.add(
            connector.problem(
                setting,
                "`%s` is no setting of a `%s` connector; expected one of `%s`"
                    .formatted(setting, type.type(), String.join("`, `", known))));
      }
    }
    return problems;
  }
}
