package dev.usher.provisioning.provision.connector;

/**
 * No, for good: the same request would be refused again.
 *
 * @param why in a sentence without personal data and secrets
 * @param words the service's own, at most 300 characters and free of secrets; may be personal
 */
public record Rejected(String why, String words) implements Creation, Change {}
