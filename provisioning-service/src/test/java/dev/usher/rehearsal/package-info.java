/** Runs the service once as it runs for real, so that the JVM can keep what it learned. */
@NullMarked
package dev.usher.rehearsal;

import org.jspecify.annotations.NullMarked;
