package dev.usher.policy;

/**
 * What a rule asks of the person's groups.
 *
 * @param whatever whether it asks for no group in particular
 * @param any one of these, unless `whatever`
 * @param none and none of these
 */
record GroupMask(boolean whatever, GroupSet any, GroupSet none) {
  boolean holds(GroupSet known) {
    return (whatever || any.meets(known)) && !none.meets(known);
  }
}
