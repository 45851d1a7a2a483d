/** How fast the service is, beside its peers and beside what limits all of them. */
@NullMarked
package dev.usher.benchmarks.speed;

import org.jspecify.annotations.NullMarked;
