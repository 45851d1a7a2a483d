/**
 * Turns events to bytes and back in Confluent's wire format, asking a Schema Registry for ids and
 * writers' schemas.
 */
@NullMarked
package dev.usher.events.serialization;

import org.jspecify.annotations.NullMarked;
