package dev.usher.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From an address to the rules whose networks let it through: the networks of all rules cut into
 * ranges that do not overlap, found by binary search.
 */
final class NetworkTable {
  private final Ranges v4;
  private final Ranges v6;

  /** The first address of each range, sorted, and the rules for it; the first range is at 0. */
  private static final class Ranges {
    private final long[] high;
    private final long[] low;
    private final long[][] rules;

    Ranges(long[] high, long[] low, long[][] rules) {
      this.high = high;
      this.low = low;
      this.rules = rules;
    }

    long[] find(IpAddress address) {
      int from = 0;
      int to = high.length - 1;
      while (from < to) {
        int middle = (from + to + 1) >>> 1;
        int order = Long.compareUnsigned(high[middle], address.high());
        if (order == 0) {
          order = Long.compareUnsigned(low[middle], address.low());
        }
        if (order <= 0) {
          from = middle;
        } else {
          to = middle - 1;
        }
      }
      return rules[from];
    }
  }

  private NetworkTable(Ranges v4, Ranges v6) {
    this.v4 = v4;
    this.v6 = v6;
  }

  /** The rules whose networks let the address through, and those that ask for none. */
  long[] find(IpAddress address) {
    return (address.v4() ? v4 : v6).find(address);
  }

  /** Collects which rule names which network. */
  static final class Builder {
    private final int rules;
    private final long[] anywhere;
    private final Map<Network, long[]> lets = new HashMap<>();
    private final Map<Network, long[]> keeps = new HashMap<>();

    Builder(int rules) {
      this.rules = rules;
      this.anywhere = Bits.of(rules);
    }

    void rule(int number, Among<Network> networks) {
      if (networks.any().isEmpty()) {
        Bits.set(anywhere, number);
      }
      networks.any().forEach(n -> Bits.set(lets.computeIfAbsent(n, x -> Bits.of(rules)), number));
      networks.none().forEach(n -> Bits.set(keeps.computeIfAbsent(n, x -> Bits.of(rules)), number));
    }

    NetworkTable build() {
      return new NetworkTable(ranges(true), ranges(false));
    }

    /** A network that is open while the sweep goes over the addresses in it. */
    private static final class Open {
      private final IpAddress last;
      private final long[] lets;
      private final long[] keeps;
      private final long[] rules;

      Open(IpAddress last, long[] lets, long[] keeps, long[] rules) {
        this.last = last;
        this.lets = lets;
        this.keeps = keeps;
        this.rules = rules;
      }

      IpAddress last() {
        return last;
      }

      long[] lets() {
        return lets;
      }

      long[] keeps() {
        return keeps;
      }

      long[] rules() {
        return rules;
      }
    }

    private Ranges ranges(boolean v4) {
      List<Network> networks = new ArrayList<>();
      lets.keySet().stream().filter(n -> n.address().v4() == v4).forEach(networks::add);
      keeps.keySet().stream()
          .filter(n -> n.address().v4() == v4 && !lets.containsKey(n))
          .forEach(networks::add);
      networks.sort(
          Comparator.comparing(Network::address, NetworkTable::compare)
              .thenComparingInt(Network::bits));
      List<IpAddress> starts = new ArrayList<>();
      List<long[]> rows = new ArrayList<>();
      Deque<Open> open = new ArrayDeque<>();
      starts.add(new IpAddress(v4, 0, 0));
      rows.add(anywhere);
      for (Network network : networks) {
        closeBefore(network.address(), open, starts, rows);
        Open outer = open.peek();
        long[] let = outer == null ? anywhere.clone() : outer.lets().clone();
        long[] keep = outer == null ? Bits.of(rules) : outer.keeps().clone();
        Bits.or(let, lets.getOrDefault(network, let));
        Bits.or(keep, keeps.getOrDefault(network, keep));
        long[] row = let.clone();
        Bits.andNot(row, keep);
        begin(network.address(), row, starts, rows);
        open.push(new Open(network.last(), let, keep, row));
      }
      closeBefore(null, open, starts, rows);
      return new Ranges(
          starts.stream().mapToLong(IpAddress::high).toArray(),
          starts.stream().mapToLong(IpAddress::low).toArray(),
          rows.toArray(long[][]::new));
    }

    private void closeBefore(
        @Nullable IpAddress next, Deque<Open> open, List<IpAddress> starts, List<long[]> rows) {
      while (!open.isEmpty() && (next == null || compare(open.element().last(), next) < 0)) {
        IpAddress after = open.pop().last().next();
        Open outer = open.peek();
        if (after != null) {
          begin(after, outer == null ? anywhere : outer.rules(), starts, rows);
        }
      }
    }

    private static void begin(
        IpAddress start, long[] row, List<IpAddress> starts, List<long[]> rows) {
      if (starts.getLast().equals(start)) {
        rows.set(rows.size() - 1, row);
      } else {
        starts.add(start);
        rows.add(row);
      }
    }
  }

  private static int compare(IpAddress one, IpAddress other) {
    int order = Long.compareUnsigned(one.high(), other.high());
    return order != 0 ? order : Long.compareUnsigned(one.low(), other.low());
  }
}
