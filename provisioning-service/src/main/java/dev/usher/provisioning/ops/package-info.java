/** What an operator sees: health and metrics. */
@NullMarked
package dev.usher.provisioning.ops;

import org.jspecify.annotations.NullMarked;
