/**
 * The service as processes that are killed while their neighbours come and go and services fail,
 * and a count, by somebody who knows nothing of its code, of what became of the sign-ins.
 */
@NullMarked
package dev.usher.chaos;

import org.jspecify.annotations.NullMarked;
