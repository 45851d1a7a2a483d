package dev.usher.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers for the groups that a tenant's rules name, so that a person's groups are bits: the first
 * 64 groups in one word, which needs no memory, and further ones in an array.
 */
final class GroupNumbers {
  private static final long[] NOTHING = {};

  private final Map<String, Integer> numbers = new HashMap<>();

  /** Numbers for all groups of these rules. */
  GroupNumbers(List<Rule> rules) {
    for (Rule rule : rules) {
      for (Matcher matcher : rule.matchers()) {
        if (matcher instanceof Matcher.Group(Among<String> groups)) {
          groups.any().forEach(name -> numbers.putIfAbsent(name, numbers.size()));
          groups.none().forEach(name -> numbers.putIfAbsent(name, numbers.size()));
        }
      }
    }
  }

  /** Those of the groups that are among the first 64. */
  long first(List<String> groups) {
    long first = 0;
    for (int i = 0; i < groups.size(); i++) {
      Integer number = numbers.get(groups.get(i));
      first |= number != null && number < 64 ? 1L << number : 0;
    }
    return first;
  }

  /** Those of the groups that are not among the first 64; an empty array if no group is. */
  long[] further(List<String> groups) {
    if (numbers.size() <= 64) {
      return NOTHING;
    }
    long[] further = Bits.of(numbers.size() - 64);
    for (int i = 0; i < groups.size(); i++) {
      Integer number = numbers.get(groups.get(i));
      if (number != null && number >= 64) {
        Bits.set(further, number - 64);
      }
    }
    return further;
  }
}
