/** How connectors talk HTTP: one transport, and the ways to say who asks. */
@NullMarked
package dev.usher.provisioning.provision.connector.http;

import org.jspecify.annotations.NullMarked;
