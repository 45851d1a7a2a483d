package dev.usher.policy;

/** A value with one spelling in tenant files, decisions and reports. */
public interface Spelled {
  /** The spelling: lower case, words joined by hyphens. */
  String text();
}
