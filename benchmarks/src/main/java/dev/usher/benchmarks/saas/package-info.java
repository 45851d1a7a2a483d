/** A SaaS service that costs next to nothing, so that what is measured is whoever calls it. */
@NullMarked
package dev.usher.benchmarks.saas;

import org.jspecify.annotations.NullMarked;
