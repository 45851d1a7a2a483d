/** Makes accounts come into being in the services. */
@NullMarked
package dev.usher.provisioning.provision;

import org.jspecify.annotations.NullMarked;
