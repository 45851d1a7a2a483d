/** Shows the service at work: everything around it in this JVM, and a story on the terminal. */
@NullMarked
package dev.usher.demo;

import org.jspecify.annotations.NullMarked;
