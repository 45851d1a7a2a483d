package dev.usher.provisioning.account;

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
final class BsonFields {

  private final BasicOutputBuffer buffer = new BasicOutputBuffer(1_024);
  private final BsonBinaryWriter writer = new BsonBinaryWriter(buffer);

  BsonFields() {
    writer.writeStartDocument();
  }

  RawBsonDocument done() {
    writer.writeEndDocument();
    return new RawBsonDocument(buffer.getInternalBuffer(), 0, buffer.getPosition());
  }

  BsonFields with(String name, @Nullable String value) {
    if (value != null) {
      writer.writeString(name, value);
    }
    return this;
  }

  BsonFields with(String name, @Nullable Enum<?> value) {
    return with(name, value == null ? null : value.name());
  }

  BsonFields with(String name, @Nullable Instant value) {
    if (value != null) {
      writer.writeDateTime(name, value.toEpochMilli());
    }
    return this;
  }

  BsonFields with(String name, @Nullable Boolean value) {
    if (value != null) {
      writer.writeBoolean(name, value);
    }
    return this;
  }

  BsonFields with(String name, int value) {
    writer.writeInt32(name, value);
    return this;
  }

  BsonFields with(String name, long value) {
    writer.writeInt64(name, value);
    return this;
  }

  BsonFields strings(String name, @Nullable List<String> values) {
    if (values != null) {
      writer.writeStartArray(name);
      values.forEach(writer::writeString);
      writer.writeEndArray();
    }
    return this;
  }

  <T> BsonFields document(String name, @Nullable T value, BiConsumer<BsonFields, T> fields) {
    if (value != null) {
      writer.writeStartDocument(name);
      fields.accept(this, value);
      writer.writeEndDocument();
    }
    return this;
  }

  <T> BsonFields documents(
      String name, @Nullable Iterable<T> values, BiConsumer<BsonFields, T> fields) {
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
