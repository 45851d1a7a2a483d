/** What all stores share: how durable a write is, and how it is told that the database is away. */
@NullMarked
package dev.usher.provisioning.store;

import org.jspecify.annotations.NullMarked;
