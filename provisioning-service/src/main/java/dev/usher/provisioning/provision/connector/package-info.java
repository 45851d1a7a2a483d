/** The port through which a service is reached. */
@NullMarked
package dev.usher.provisioning.provision.connector;

import org.jspecify.annotations.NullMarked;
