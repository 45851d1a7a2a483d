/** Services that speak SCIM 2.0. */
@NullMarked
package dev.usher.provisioning.provision.connector.scim;

import org.jspecify.annotations.NullMarked;
