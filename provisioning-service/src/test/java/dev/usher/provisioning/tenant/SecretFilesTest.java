package dev.usher.provisioning.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;

class SecretFilesTest {

  private static final String NAME = "usher.secrets.acme.TOKEN";

  @TempDir private Path directory;

  @Test
  void aFileIsReadAgainWhenItHasChanged() throws IOException {
    SecretFiles files = new SecretFiles(directory);
    assertThat(files.get(NAME)).isNull();

    Path file = Files.writeString(directory.resolve(NAME), "one\n");
    assertThat(files.get(NAME)).isEqualTo("one\n");
    // As long as the first, so that only the time tells.
    Files.writeString(file, "two\n");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));
    assertThat(files.get(NAME)).isEqualTo("two\n");

    Files.delete(file);
    assertThat(files.get(NAME)).isNull();
  }

  /** A mounted Secret is a folder of links through `..data`, which is exchanged as a whole. */
  @Test
  void aKubernetesSecretIsReadAgainWhenItIsExchanged() throws IOException {
    SecretFiles files = new SecretFiles(directory);
    Instant sameTime = Instant.parse("2026-01-01T00:00:00Z");
    mount("..2026_01", "one", sameTime);
    Files.createSymbolicLink(directory.resolve(NAME), Path.of("..data", NAME));
    assertThat(files.get(NAME)).isEqualTo("one");

    mount("..2026_02", "two", sameTime);

    assertThat(files.get(NAME)).isEqualTo("two");
  }

  private void mount(String folder, String secret, Instant modified) throws IOException {
    Path file =
        Files.writeString(Files.createDirectory(directory.resolve(folder)).resolve(NAME), secret);
    Files.setLastModifiedTime(file, FileTime.from(modified));
    Path link = Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of(folder));
    Files.move(link, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void whatIsTooLargeOrNoFileIsNoSecret() throws IOException {
    Files.writeString(directory.resolve(NAME), "x".repeat(65_537));
    Files.createDirectory(directory.resolve("usher.secrets.acme.FOLDER"));
    SecretFiles files = new SecretFiles(directory);

    assertThat(files.get(NAME)).isNull();
    assertThat(files.get("usher.secrets.acme.FOLDER")).isNull();
    assertThat(new SecretFiles(directory.resolve("gone")).get(NAME)).isNull();
  }

  @Test
  void amongTheSettingsASecretIsTakenAsItIsWritten() {
    MutablePropertySources sources = new MutablePropertySources();
    sources.addLast(new MapPropertySource("first", Map.of("other", "x")));
    sources.addLast(new MapPropertySource("second", Map.of(NAME, "pa${ss}wo${r:d}")));
    sources.addLast(new MapPropertySource("third", Map.of(NAME, "later")));

    assertThat(TenantConfiguration.asWritten(sources, NAME)).isEqualTo("pa${ss}wo${r:d}");
    assertThat(TenantConfiguration.asWritten(sources, "usher.secrets.acme.NONE")).isNull();
  }
}
