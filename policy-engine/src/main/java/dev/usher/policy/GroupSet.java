package dev.usher.policy;

/** Groups by their numbers: 0 to 63 in one word, and further ones where there are any. */
final class GroupSet {
  static final long[] NOTHING = {};
  static final GroupSet NONE = new GroupSet(0, NOTHING);

  private final long first;
  private final long[] rest;

  GroupSet(long first, long[] rest) {
    this.first = first;
    this.rest = rest;
  }

  boolean meets(GroupSet other) {
    if ((first & other.first) != 0) {
      return true;
    }
    for (int i = 0; i < rest.length && i < other.rest.length; i++) {
      if ((rest[i] & other.rest[i]) != 0) {
        return true;
      }
    }
    return false;
  }
}
