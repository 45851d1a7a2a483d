/** Decides who may join which service, and asks for the accounts. */
@NullMarked
package dev.usher.provisioning.admission;

import org.jspecify.annotations.NullMarked;
