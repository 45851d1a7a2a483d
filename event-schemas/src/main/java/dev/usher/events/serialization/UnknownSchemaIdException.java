package dev.usher.events.serialization;

import org.apache.kafka.common.errors.SerializationException;

/**
 * The registry answered that it does not know the record's schema id (error code 40403). It may yet
 * come to know it: a follower of the registry lags behind its leader, or a topic was mirrored
 * before its schemas. Nothing is remembered of this answer, so that asking again asks the registry
 * again; how often and how long is for the caller to decide.
 */
public final class UnknownSchemaIdException extends SerializationException {

  private static final long serialVersionUID = 1L;

  private final int schemaId;

  UnknownSchemaIdException(int schemaId, String message) {
    super(message);
    this.schemaId = schemaId;
  }

  /** The id that the registry does not know. */
  public int schemaId() {
    return schemaId;
  }
}
