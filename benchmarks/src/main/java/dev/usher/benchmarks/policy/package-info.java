/**
 * What a decision costs: the policy engine beside CEL alone, jCasbin and Cedar on the same rules.
 */
@NullMarked
package dev.usher.benchmarks.policy;

import org.jspecify.annotations.NullMarked;
