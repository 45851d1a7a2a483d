package dev.usher.provisioning.provision.connector;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Nobody knows whether it was done: the request left, and no answer that says so came.
 *
 * @param why in a sentence without personal data and secrets
 * @param after how long the service asks to be left alone; null if it does not say
 * @param answered whether the service, not some gateway before it, has answered; if not, the
 *     request may still be on its way
 */
public record Unknown(String why, @Nullable Duration after, boolean answered)
    implements Creation, Change {}
