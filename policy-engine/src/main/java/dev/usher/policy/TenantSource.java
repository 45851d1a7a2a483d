package dev.usher.policy;

/**
 * A tenant file before it is read.
 *
 * @param name the name to be used in messages, such as `acme.yaml`
 * @param text YAML, at most 1,048,576 characters
 */
public record TenantSource(String name, String text) {}
