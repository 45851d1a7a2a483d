/** Remembers: the account's life, who works on it, and what is still to be told. */
@NullMarked
package dev.usher.provisioning.account;

import org.jspecify.annotations.NullMarked;
