package dev.usher.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers for the groups that a tenant's rules name, so that a person's groups are a few bits. */
final class GroupNumbers {
  private final Map<String, Integer> numbers = new HashMap<>();

  void name(Rule rule) {
    for (Matcher matcher : rule.matchers()) {
      if (matcher instanceof Matcher.Group(Among<String> groups)) {
        groups.any().forEach(name -> numbers.putIfAbsent(name, numbers.size()));
        groups.none().forEach(name -> numbers.putIfAbsent(name, numbers.size()));
      }
    }
  }

  boolean isEmpty() {
    return numbers.isEmpty();
  }

  /** The person's groups; null if they are unknown. */
  @Nullable GroupSet of(@Nullable List<String> groups) {
    if (groups == null) {
      return null;
    }
    if (numbers.isEmpty()) {
      return GroupSet.NONE;
    }
    long first = 0;
    long[] rest = numbers.size() <= 64 ? GroupSet.NOTHING : Bits.of(numbers.size() - 64);
    for (int i = 0; i < groups.size(); i++) {
      Integer number = numbers.get(groups.get(i));
      if (number != null && number < 64) {
        first |= 1L << number;
      } else if (number != null) {
        Bits.set(rest, number - 64);
      }
    }
    return first == 0 && rest.length == 0 ? GroupSet.NONE : new GroupSet(first, rest);
  }

  /** The rule's groups; null if it asks for none. */
  @Nullable GroupMask mask(Rule rule) {
    for (Matcher matcher : rule.matchers()) {
      if (matcher instanceof Matcher.Group(Among<String> groups)) {
        GroupSet none = of(groups.none());
        GroupSet any = of(groups.any());
        return any == null || none == null
            ? null
            : new GroupMask(groups.any().isEmpty(), any, none);
      }
    }
    return null;
  }
}
