package dev.usher.provisioning.account;

import dev.usher.provisioning.person.Profile;
import java.time.Instant;

/**
 * What an account was asked for with: the large part of its document, written only when it changes.
 *
 * @param profile what the service is told of the person
 * @param profileAt as of when, by the source's clock
 * @param grant why the account may be there
 * @param version the account's version that wrote it
 */
public record Asked(Profile profile, Instant profileAt, Grant grant, long version) {}
