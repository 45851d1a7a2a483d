package dev.usher.events.serialization;

import org.apache.kafka.common.errors.SerializationException;

/**
 * These bytes can never be read, however often it is tried: neither waiting nor another registry
 * will help. The message quotes nothing of the bytes.
 */
public final class UnreadableRecordException extends SerializationException {

  /** What is wrong with the bytes. */
  public enum Reason {
    /** Fewer than the five bytes of magic byte and schema id. */
    TOO_SHORT,
    /** The first byte is not {@code 0x00}, so this is not Confluent's wire format. */
    WRONG_MAGIC_BYTE,
    /** The schema id is negative, which no registry gives out. */
    IMPOSSIBLE_SCHEMA_ID,
    /**
     * The writer's schema is known, but is not Avro, or cannot be resolved to the reader's schema
     * by Avro's rules (Avro 1.12, "Schema Resolution").
     */
    UNRESOLVABLE_SCHEMA,
    /** The bytes end before the value does. */
    TRUNCATED,
    /** The bytes are not Avro's binary encoding of the writer's schema. */
    MALFORMED,
    /** The value ends before the bytes do. */
    TRAILING_BYTES
  }

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  UnreadableRecordException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  UnreadableRecordException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** What is wrong with the bytes, for machines. */
  public Reason reason() {
    return reason;
  }
}
