package dev.usher.provisioning.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.policy.LoadResult;
import dev.usher.policy.PolicySet;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.scim.ScimConnectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tenant files that a new user copies are good, and alike wherever they stand. */
final class ExampleTenantFilesTest {

  private static final Path EXAMPLES = Path.of("../examples/tenants");
  private static final Path KUBERNETES = Path.of("../k8s/overlays/example/tenants");

  private final ConnectorTypes types =
      new ConnectorTypes(List.of(new ScimConnectors(new Outbound(false))));

  @Test
  void theExampleLoadsWithoutAWordAndItsConnectorsAreGood() {
    assertThat(PolicySet.load(EXAMPLES))
        .isInstanceOfSatisfying(
            LoadResult.Loaded.class,
            loaded -> {
              assertThat(loaded.warnings()).isEmpty();
              assertThat(loaded.policies().tenants())
                  .singleElement()
                  .satisfies(
                      acme -> {
                        assertThat(acme.services()).hasSize(2);
                        assertThat(
                                acme.services().stream().flatMap(s -> types.problems(s).stream()))
                            .isEmpty();
                      });
            });
  }

  @Test
  void theOneForKubernetesIsTheSame() throws IOException {
    assertThat(Files.readString(KUBERNETES.resolve("acme.yaml")))
        .isEqualTo(Files.readString(EXAMPLES.resolve("acme.yaml")));
  }
}
