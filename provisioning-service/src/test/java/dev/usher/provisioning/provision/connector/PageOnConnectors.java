package dev.usher.provisioning.provision.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The parts of the page on connectors that tests write. {@code -Dmatrix=write} writes them. */
public final class PageOnConnectors {

  private static final Path PAGE = Path.of("../docs/connectors.md");

  private PageOnConnectors() {}

  /**
   * The page has this text between its marks, or is made to have it.
   *
   * @param kind what it is, such as {@code matrix}
   * @param of whose it is, such as {@code scim}
   */
  public static synchronized void has(String kind, String of, String text) throws IOException {
    String begin = "<!-- %s of %s: generated -->\n".formatted(kind, of);
    String end = "<!-- end of %s -->".formatted(kind);
    String page = Files.readString(PAGE);
    int from = page.indexOf(begin) + begin.length();
    int to = page.indexOf(end, from);
    assertThat(from).as(begin).isGreaterThanOrEqualTo(begin.length());
    assertThat(to).as(end).isPositive();
    if (System.getProperty("matrix", "check").equals("write")) {
      Files.writeString(PAGE, page.substring(0, from) + text + page.substring(to));
    } else {
      assertThat(page.substring(from, to)).isEqualTo(text);
    }
  }
}
