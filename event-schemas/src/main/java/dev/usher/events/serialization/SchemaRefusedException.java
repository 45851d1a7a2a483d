package dev.usher.events.serialization;

import org.apache.kafka.common.errors.SerializationException;

/**
 * The registry will not have our schema under this subject: it is incompatible with an earlier
 * version (409), invalid (422), or, with {@code auto.register.schemas=false}, not registered (404).
 */
public final class SchemaRefusedException extends SerializationException {

  private static final long serialVersionUID = 1L;

  private final String subject;

  SchemaRefusedException(String subject, String message) {
    super(message);
    this.subject = subject;
  }

  /** The subject that the schema was meant for. */
  public String subject() {
    return subject;
  }
}
