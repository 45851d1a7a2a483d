package dev.usher.provisioning.tenant;

import dev.usher.policy.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The tenant files cannot be used, and there is no earlier good set. */
public final class TenantFilesRefusedException extends RuntimeException {

  TenantFilesRefusedException(Path directory, List<Problem> problems) {
    super(
        "Tenant files in `"
            + directory
            + "` (`usher.tenants.directory`) refused:\n"
            + problems.stream().map(problem -> "  " + problem).collect(Collectors.joining("\n")));
  }
}
