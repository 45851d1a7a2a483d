/** What a good engineer would write instead: the same call, the same document, the same event. */
@NullMarked
package dev.usher.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
