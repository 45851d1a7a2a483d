package dev.usher.policy;

import java.util.List;
import java.util.function.Predicate;

/**
 * The values of a matcher: one of `any` where there are any, and none of `none`.
 *
 * @param any empty for "whatever"
 */
record Among<T>(List<T> any, List<T> none) {
  Among {
    any = List.copyOf(any);
    none = List.copyOf(none);
  }

  /** Whether a fact of one value, asked for by `hit`, is among them. */
  boolean holds(Predicate<T> hit) {
    return (any.isEmpty() || hits(any, hit)) && !hits(none, hit);
  }

  private static <T> boolean hits(List<T> values, Predicate<T> hit) {
    for (int i = 0; i < values.size(); i++) {
      if (hit.test(values.get(i))) {
        return true;
      }
    }
    return false;
  }

  int size() {
    return any.size() + none.size();
  }

  @Override
  public String toString() {
    if (none.isEmpty()) {
      return quoted(any);
    }
    return any.isEmpty() ? "not " + quoted(none) : quoted(any) + " but not " + quoted(none);
  }

  private String quoted(List<T> values) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < values.size() && i < 5; i++) {
      text.append(i == 0 ? "`" : i == values.size() - 1 ? " or `" : ", `")
          .append(values.get(i))
          .append('`');
    }
    return values.size() <= 5 ? text.toString() : text + " or " + (values.size() - 5) + " more";
  }
}
