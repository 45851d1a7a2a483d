package dev.usher.policy;

/**
 * Something granted in the service with the account.
 *
 * @param type `group`, `role` or `license`
 * @param value which one, in the service's own words
 */
public record Entitlement(String type, String value) {}
