/** What the service's own tests share: the whole service on the sandbox, and who talks to it. */
@NullMarked
package dev.usher.provisioning.testing;

import org.jspecify.annotations.NullMarked;
