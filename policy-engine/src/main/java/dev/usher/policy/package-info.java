/**
 * Join policies: tenant files become one immutable set that decides, and explains, who may join.
 */
@NullMarked
package dev.usher.policy;

import org.jspecify.annotations.NullMarked;
