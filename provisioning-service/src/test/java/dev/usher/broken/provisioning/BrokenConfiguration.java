package dev.usher.broken.provisioning;

/** Public, which wiring must not be. */
public final class BrokenConfiguration {}
