/** Kafka in: bytes to sign-ins, dead letters, offsets. */
@NullMarked
package dev.usher.provisioning.intake;

import org.jspecify.annotations.NullMarked;
