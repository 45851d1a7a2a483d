package dev.usher.events.serialization;

import org.apache.kafka.common.errors.RetriableException;

/**
 * No registry gave a usable answer: connection refused, time-out, 429, 5xx, something that is not a
 * Schema Registry, or 401 and 403, for which the message names the setting to look at. It says
 * nothing about the record, which is to be kept and tried again.
 */
public final class SchemaRegistryUnavailableException extends RetriableException {

  private static final long serialVersionUID = 1L;

  SchemaRegistryUnavailableException(String message) {
    super(message);
  }
}
