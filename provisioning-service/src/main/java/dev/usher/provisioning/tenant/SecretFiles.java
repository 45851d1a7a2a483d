package dev.usher.provisioning.tenant;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Secrets as files, each named as its property. A file is looked at whenever its secret is used,
 * and read again when it has changed, as Kubernetes changes a mounted Secret.
 */
final class SecretFiles {

  private static final int LARGEST = 1 << 16;

  private final Path directory;
  private final Map<String, Content> read = new ConcurrentHashMap<>();

  /** By what a change shows. */
  private record Stamp(FileTime modified, long size, @Nullable Object key) {}

  private record Content(Stamp stamp, String text) {

    /** Says nothing of the secret. */
    @Override
    public String toString() {
      return "Content[" + stamp.modified() + "]";
    }
  }

  SecretFiles(Path directory) {
    this.directory = directory;
  }

  /** The file's text; null if there is no such file, or none that can be a secret. */
  @Nullable String get(String property) {
    Path file = directory.resolve(property);
    if (!Files.exists(file)) {
      // Most often, as the secret is a setting then, and cheaper to see than by an exception.
      read.remove(property);
      return null;
    }
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      // Before the content: what changes meanwhile is read again.
      Stamp stamp =
          new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
      Content content = read.get(property);
      if (content == null || !content.stamp().equals(stamp)) {
        content = new Content(stamp, text(file));
        read.put(property, content);
      }
      return content.text();
    } catch (IOException _) {
      read.remove(property);
      return null;
    }
  }

  private static String text(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      byte[] bytes = content.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new IOException("larger than " + LARGEST + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
