package dev.usher.policy;

/**
 * Groups by their numbers.
 *
 * @param first the groups 0 to 63
 * @param rest the further ones; empty if there are none
 */
record GroupSet(long first, long[] rest) {
  static final long[] NOTHING = {};
  static final GroupSet NONE = new GroupSet(0, NOTHING);

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
