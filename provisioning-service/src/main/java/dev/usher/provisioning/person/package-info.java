/** Who a person is: the key that names them, and what is known of them. */
@NullMarked
package dev.usher.provisioning.person;

import org.jspecify.annotations.NullMarked;
