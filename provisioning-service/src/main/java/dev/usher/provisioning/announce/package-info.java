/** Kafka out: tells what became of an account. */
@NullMarked
package dev.usher.provisioning.announce;

import org.jspecify.annotations.NullMarked;
