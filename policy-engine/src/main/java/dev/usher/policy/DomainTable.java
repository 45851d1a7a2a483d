package dev.usher.policy;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From a domain to the rules whose domains let it through, in one look-up: a hash of the domains
 * that some rule names, and the patterns for subdomains, longest first.
 */
final class DomainTable {
  private final Map<String, Row> exact;
  private final List<Row> below;
  private final Row elsewhere;

  /** What a pattern's domains are let through by, and whether the tenant has proven them. */
  static final class Row {
    private final DomainPattern pattern;
    private final long[] rules;
    private final boolean proven;

    Row(DomainPattern pattern, long[] rules, boolean proven) {
      this.pattern = pattern;
      this.rules = rules;
      this.proven = proven;
    }

    DomainPattern pattern() {
      return pattern;
    }

    long[] rules() {
      return rules;
    }

    boolean proven() {
      return proven;
    }
  }

  private DomainTable(Map<String, Row> exact, List<Row> below, Row elsewhere) {
    this.exact = Map.copyOf(exact);
    this.below = List.copyOf(below);
    this.elsewhere = elsewhere;
  }

  Row find(String domain) {
    Row row = exact.get(domain);
    if (row != null) {
      return row;
    }
    for (int i = 0; i < below.size(); i++) {
      if (below.get(i).pattern().matches(domain)) {
        return below.get(i);
      }
    }
    return elsewhere;
  }

  /** Collects which rule names which domain. */
  static final class Builder {
    private final int rules;
    private final long[] anywhere;
    private final Map<DomainPattern, long[]> lets = new HashMap<>();
    private final Map<DomainPattern, long[]> keeps = new HashMap<>();

    Builder(int rules) {
      this.rules = rules;
      this.anywhere = Bits.of(rules);
    }

    void proven(DomainPattern pattern) {
      lets.computeIfAbsent(pattern, p -> Bits.of(rules));
    }

    void rule(int number, Among<DomainPattern> domains) {
      if (domains.any().isEmpty()) {
        Bits.set(anywhere, number);
      }
      domains.any().forEach(p -> Bits.set(lets.computeIfAbsent(p, x -> Bits.of(rules)), number));
      domains.none().forEach(p -> Bits.set(keeps.computeIfAbsent(p, x -> Bits.of(rules)), number));
    }

    DomainTable build(List<DomainPattern> proven) {
      Map<String, Row> exact = new HashMap<>();
      List<Row> below = new ArrayList<>();
      Map<LongBuffer, long[]> shared = new HashMap<>();
      List<DomainPattern> named = new ArrayList<>(lets.keySet());
      keeps.keySet().stream().filter(p -> !lets.containsKey(p)).forEach(named::add);
      for (DomainPattern pattern : named) {
        long[] bits = rulesFor(pattern);
        long[] row = shared.computeIfAbsent(LongBuffer.wrap(bits), same -> bits);
        boolean own = proven.stream().anyMatch(p -> p.covers(pattern));
        if (pattern.below()) {
          below.add(new Row(pattern, row, own));
        } else {
          exact.put(pattern.name(), new Row(pattern, row, own));
        }
      }
      below.sort(Comparator.comparingInt((Row row) -> -row.pattern().name().length()));
      DomainPattern none = new DomainPattern("", false);
      return new DomainTable(exact, below, new Row(none, anywhere, false));
    }

    /** What a pattern's own entry and those for the subdomains of its parents say together. */
    private long[] rulesFor(DomainPattern pattern) {
      long[] rules = anywhere.clone();
      long[] less = Bits.of(this.rules);
      combine(pattern, rules, less);
      String name = pattern.name();
      for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
        combine(new DomainPattern(name.substring(dot + 1), true), rules, less);
      }
      Bits.andNot(rules, less);
      return rules;
    }

    private void combine(DomainPattern pattern, long[] rules, long[] less) {
      Bits.or(rules, lets.getOrDefault(pattern, rules));
      Bits.or(less, keeps.getOrDefault(pattern, less));
    }
  }
}
