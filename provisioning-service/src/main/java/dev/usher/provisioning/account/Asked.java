package dev.usher.provisioning.account;

import dev.usher.provisioning.person.Profile;

/**
 * What an account was asked for with: the large part of its document, written only when it changes.
 *
 * @param profile what the service is told of the person
 * @param grant why the account may be there
 * @param version the account's version that wrote it
 */
public record Asked(Profile profile, Grant grant, long version) {}
