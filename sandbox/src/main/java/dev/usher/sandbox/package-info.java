/**
 * Everything around the service in one JVM: broker, database, schema registry, SaaS with faults,
 * and an identity provider of a believable company.
 */
@NullMarked
package dev.usher.sandbox;

import org.jspecify.annotations.NullMarked;
