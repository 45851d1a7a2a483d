/**
 * Who the tenants are: their issuers, domains, services and join policies, as the tenant files say.
 */
@NullMarked
package dev.usher.provisioning.tenant;

import org.jspecify.annotations.NullMarked;
