package dev.usher.provisioning.store;

import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import org.bson.BsonBinaryWriter;
import org.bson.RawBsonDocument;
import org.bson.io.BasicOutputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A document written straight to bytes, in which what is unknown is absent. The driver copies it as
 * it is, where of a tree of values it would look up a codec for each.
 */
public final class MongoFields {

  private final BasicOutputBuffer buffer = new BasicOutputBuffer(1_024);
  private final BsonBinaryWriter writer = new BsonBinaryWriter(buffer);

  /** An empty document. */
  public MongoFields() {
    writer.writeStartDocument();
  }

  /** The document; nothing can be added any more. */
  public RawBsonDocument done() {
    writer.writeEndDocument();
    return new RawBsonDocument(buffer.getInternalBuffer(), 0, buffer.getPosition());
  }

  /** Adds a text, unless it is null. */
  public MongoFields with(String name, @Nullable String value) {
    if (value != null) {
      writer.writeString(name, value);
    }
    return this;
  }

  /** Adds a constant by its name, unless it is null. */
  public MongoFields with(String name, @Nullable Enum<?> value) {
    return with(name, value == null ? null : value.name());
  }

  /** Adds a time in milliseconds, unless it is null. */
  public MongoFields with(String name, @Nullable Instant value) {
    if (value != null) {
      writer.writeDateTime(name, value.toEpochMilli());
    }
    return this;
  }

  /** Adds a truth, unless it is null. */
  public MongoFields with(String name, @Nullable Boolean value) {
    if (value != null) {
      writer.writeBoolean(name, value);
    }
    return this;
  }

  /** Adds a number of 32 bits. */
  public MongoFields with(String name, int value) {
    writer.writeInt32(name, value);
    return this;
  }

  /** Adds a number of 64 bits. */
  public MongoFields with(String name, long value) {
    writer.writeInt64(name, value);
    return this;
  }

  /** Adds an array of texts, unless it is null. */
  public MongoFields strings(String name, @Nullable List<String> values) {
    if (values != null) {
      writer.writeStartArray(name);
      values.forEach(writer::writeString);
      writer.writeEndArray();
    }
    return this;
  }

  /** Adds a document with these fields of the value, unless that is null. */
  public <T> MongoFields document(
      String name, @Nullable T value, BiConsumer<MongoFields, T> fields) {
    if (value != null) {
      writer.writeStartDocument(name);
      fields.accept(this, value);
      writer.writeEndDocument();
    }
    return this;
  }

  /** Adds an array of documents, one for each value, unless there are none to be known of. */
  public <T> MongoFields documents(
      String name, @Nullable Iterable<T> values, BiConsumer<MongoFields, T> fields) {
    if (values != null) {
      writer.writeStartArray(name);
      for (T value : values) {
        writer.writeStartDocument();
        fields.accept(this, value);
        writer.writeEndDocument();
      }
      writer.writeEndArray();
    }
    return this;
  }
}
