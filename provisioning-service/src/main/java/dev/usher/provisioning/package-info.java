/** The provisioning service: intake, admission, account, provision, announce. */
@NullMarked
package dev.usher.provisioning;

import org.jspecify.annotations.NullMarked;
