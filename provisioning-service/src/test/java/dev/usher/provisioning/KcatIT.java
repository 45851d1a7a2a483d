package dev.usher.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.provisioning.testing.SandboxNeighbours;
import dev.usher.provisioning.testing.TestBed;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A client in C that nobody here wrote sees our topics and what is on them. */
final class KcatIT {

  private static final String SKIPPED = "KcatIT is skipped: `kcat` is not on the PATH";

  @BeforeAll
  static void kcatIsThere() {
    boolean there =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .anyMatch(folder -> new File(folder, "kcat").canExecute());
    if (!there) {
      System.out.println(SKIPPED);
      Assumptions.abort(SKIPPED);
    }
  }

  @Test
  void kcatReadsTheTopicsAndAnAnnouncementInTheWireFormat() throws Exception {
    SandboxNeighbours neighbours = SandboxNeighbours.shared();
    try (TestBed bed = new TestBed(neighbours, "slack").openTenant()) {
      bed.start();
      bed.publish(TestBed.signIn("ada").build());
      bed.awaitCreated(1);

      String broker = neighbours.bootstrapServers();
      String topics = text(kcat("-b", broker, "-L"));
      assertThat(topics)
          .contains("topic \"" + bed.signIns() + "\"")
          .contains("topic \"" + bed.deadLetters() + "\"")
          .contains("topic \"" + bed.created() + "\"")
          .contains("topic \"" + bed.changed() + "\"");

      String keys =
          text(kcat("-b", broker, "-C", "-t", bed.created(), "-e", "-q", "-f", "%k %h\\n"));
      assertThat(keys).startsWith("acme/staff/ada ").contains("causation-id=event-ada");
      byte[] value =
          kcat("-b", broker, "-C", "-t", bed.created(), "-e", "-q", "-D", "", "-f", "%s");
      assertThat(value[0]).as("the magic byte of Confluent's wire format").isZero();
      assertThat(new String(value, StandardCharsets.ISO_8859_1)).contains("ada@acme.example");
    }
  }

  private static byte[] kcat(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kcat"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    byte[] out = process.getInputStream().readAllBytes();
    assertThat(process.waitFor(TestBed.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    return out;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
