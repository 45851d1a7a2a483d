package dev.usher.policy;

/** What a rule asks of the person's groups, as the bits of {@link GroupNumbers}. */
final class GroupMask {
  private final boolean whatever;
  private final long any;
  private final long[] anyFurther;
  private final long none;
  private final long[] noneFurther;

  GroupMask(Among<String> groups, GroupNumbers numbers) {
    this.whatever = groups.any().isEmpty();
    this.any = numbers.first(groups.any());
    this.anyFurther = numbers.further(groups.any());
    this.none = numbers.first(groups.none());
    this.noneFurther = numbers.further(groups.none());
  }

  /**
   * Whether the person has one of the groups asked for, and none of those excluded.
   *
   * @param first the person's groups among the first 64
   * @param further the others
   */
  boolean holds(long first, long[] further) {
    return (whatever || (any & first) != 0 || meet(anyFurther, further))
        && (none & first) == 0
        && !meet(noneFurther, further);
  }

  private static boolean meet(long[] one, long[] other) {
    for (int i = 0; i < one.length; i++) {
      if ((one[i] & other[i]) != 0) {
        return true;
      }
    }
    return false;
  }
}
