/** Kafka in: bytes to sign-ins and changes of identities, dead letters, offsets. */
@NullMarked
package dev.usher.provisioning.intake;

import org.jspecify.annotations.NullMarked;
