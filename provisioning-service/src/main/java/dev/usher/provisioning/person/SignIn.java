package dev.usher.provisioning.person;

import dev.usher.policy.Facts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One authentication, as it came in.
 *
 * @param eventId the IdP's own id of it; null if it has none
 * @param appendedAt when the broker had it
 * @param topic where it came from
 * @param traceparent the W3C trace context of the record, if any
 * @param facts what decisions rest on
 * @param profile what a service would be told
 */
public record SignIn(
    @Nullable String eventId,
    Instant appendedAt,
    String topic,
    @Nullable String traceparent,
    Facts facts,
    Profile profile) {}
