package dev.usher.provisioning.account;

import java.time.Instant;

/**
 * The account in the service, as it was last known.
 *
 * @param serviceAccountId the service's own id of it
 * @param userName its name there
 * @param origin how it came to be there
 * @param at since when
 */
public record Existence(String serviceAccountId, String userName, Origin origin, Instant at) {}
