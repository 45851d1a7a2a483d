package dev.usher.policy;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/** The networks and domains of the file that have a name of their own, to be used in rules. */
final class Named {
  private final Problems problems;
  private final Map<String, List<Network>> networks = new LinkedHashMap<>();
  private final Map<String, List<DomainPattern>> domains = new LinkedHashMap<>();
  private final Map<String, Place> unused = new LinkedHashMap<>();

  private Named(Problems problems) {
    this.problems = problems;
  }

  static Named read(Section tenant, Problems problems) {
    Named named = new Named(problems);
    Node node = tenant.value("named");
    if (node != null) {
      Section section = Section.open(node, "`named`", problems, "networks", "domains");
      named.fill(
          section,
          "networks",
          named.networks,
          item -> {
            List<Network> one = TenantReader.networks(List.of(item), problems);
            return one.isEmpty() ? null : one.getFirst();
          });
      named.fill(
          section,
          "domains",
          named.domains,
          item -> Section.scalar(item, TenantReader.DOMAIN, problems, DomainPattern::parse));
    }
    return named;
  }

  private <T> void fill(
      Section section, String key, Map<String, List<T>> into, Function<Node, @Nullable T> read) {
    Node node = section.value(key);
    if (node == null) {
      return;
    }
    Section lists = Section.open(node, "`" + key + "`", problems);
    for (String name : lists.keys()) {
      if (!Ascii.isSlug(name)) {
        problems.error(lists.placeOf(name), "name `%s`; expected %s", name, TenantReader.SLUG);
      }
      Set<T> values = new HashSet<>();
      for (Node item : lists.items(name)) {
        T value = read.apply(item);
        if (value != null) {
          values.add(value);
        }
      }
      into.put(name, List.copyOf(values));
      unused.put(key + "." + name, lists.placeOf(name));
    }
  }

  /** The networks of that name; null if there are none. */
  @Nullable List<Network> networks(String name) {
    unused.remove("networks." + name);
    return networks.get(name);
  }

  /** The domains of that name; null if there are none. */
  @Nullable List<DomainPattern> domains(String name) {
    unused.remove("domains." + name);
    return domains.get(name);
  }

  Set<String> networkNames() {
    return networks.keySet();
  }

  Set<String> domainNames() {
    return domains.keySet();
  }

  void reportUnused() {
    unused.forEach((name, place) -> problems.warning(place, "no rule uses `%s` of `named`", name));
  }
}
