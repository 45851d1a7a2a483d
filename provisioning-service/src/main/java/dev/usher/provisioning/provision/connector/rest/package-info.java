/** Services with a JSON API of their own, each described by a recipe. */
@NullMarked
package dev.usher.provisioning.provision.connector.rest;

import org.jspecify.annotations.NullMarked;
